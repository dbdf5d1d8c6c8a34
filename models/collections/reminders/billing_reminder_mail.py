from odoo import models
from odoo.exceptions import UserError

LAYOUT = "mail.mail_notification_layout"

# What a template says of a mail.
RENDERED = (
    "attachment_ids",
    "body_html",
    "email_cc",
    "email_from",
    "email_to",
    "mail_server_id",
    "partner_to",
    "reply_to",
    "report_template_ids",
    "subject",
)


class BillingReminder(models.Model):
    """Writing the mails of many reminders at once.

    What Odoo's `message_post` would make for each one, message, mail and notification, is made here
    for all of them.
    """

    _inherit = "billing.reminder"

    def _queue_mails(self, template, message_type="comment"):
        """Put a mail about each reminder into Odoo's queue, in its customer's language.

        :param message_type: ``comment`` for the reminder itself; what else is written by itself is
            an ``auto_comment``, and says nothing about whether the reminder was sent
        :return: the messages, which everybody finds on the reminders
        """
        rendered = self._render_mails(template)
        messages = (
            self.env["mail.message"]
            .sudo()
            .create(
                [
                    {
                        **reminder._prepare_message(rendered[reminder.id]),
                        "message_type": message_type,
                    }
                    for reminder in self
                ]
            )
        )
        mails = (
            self.env["mail.mail"]
            .sudo()
            .create(
                [
                    {
                        **reminder._prepare_mail(message, rendered[reminder.id]),
                        "auto_delete": template.auto_delete,
                    }
                    for reminder, message in zip(self, messages, strict=True)
                ]
            )
        )
        self.env["mail.notification"].sudo().create(
            [
                {
                    **self._notify_by_email_get_base_notification_values(mail.mail_message_id),
                    "mail_mail_id": mail.id,
                    "res_partner_id": partner.id,
                }
                for mail in mails
                for partner in mail.recipient_ids
            ]
        )
        return messages

    def _render_mails(self, template):
        """Return what a template says of the mail to each customer, in their language, by id."""
        template = template.sudo().with_context(**self._get_render_context())
        rendered = template._generate_template(self.ids, RENDERED)
        senders = {one.id: one._get_sender(rendered[one.id]) for one in self}
        authors = {one.id: one._get_author().id for one in self}
        # where Odoo takes in mails, answers come to the reminder
        replies = self._notify_get_reply_to_batch(senders, authors)
        for reminder_id, values in rendered.items():
            values["email_from"] = senders[reminder_id]
            values["reply_to"] = values.get("reply_to") or replies[reminder_id]
        return rendered

    def _get_render_context(self):
        """Return the context in which texts to customers are made, whoever lets it happen."""
        keys = ("billing_statements", "allowed_company_ids")
        context = {key: self.env.context[key] for key in keys if key in self.env.context}
        return {**context, "billing_compiled": {}}

    def _prepare_message(self, rendered):
        """Return the values of the message from what the template says.

        :raise UserError: if the template addresses nobody
        """
        if not rendered.get("partner_ids") and not rendered.get("email_to"):
            raise UserError(
                self.env._("The template addresses nobody: no e-mail for %s.", self.display_name)
            )
        company = self.company_id
        attachments = [*rendered.get("attachment_ids", ()), *self._attach(rendered)]
        if self.level_id.attach_invoices:
            attachments += self._get_invoice_attachments()
        return {
            "model": self._name,
            "res_id": self.id,
            "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment"),
            "author_id": self._get_author().id,
            "subject": " ".join(rendered["subject"].splitlines()),
            "body": rendered["body_html"],
            "email_from": rendered["email_from"],
            "reply_to": rendered["reply_to"],
            "partner_ids": rendered["partner_ids"],
            "record_name": self.display_name,
            "record_company_id": company.id,
            "record_alias_domain_id": company.alias_domain_id.id,
            "email_layout_xmlid": LAYOUT,
            "attachment_ids": attachments,
        }

    def _attach(self, rendered):
        """Keep the reports that the template prints as attachments, and return their ids."""
        return (
            self.env["ir.attachment"]
            .sudo()
            .create(
                [
                    {
                        "name": name,
                        "datas": content,
                        "res_model": self._name,
                        "res_id": self.id,
                    }
                    for name, content in rendered.get("attachments", ())
                ]
            )
            .ids
        )

    def _prepare_mail(self, message, rendered):
        """Return the values of the mail that carries a message."""
        bounce = message.record_alias_domain_id.bounce_email
        headers = self._notify_by_email_get_headers({"Return-Path": bounce} if bounce else {})
        return {
            "mail_message_id": message.id,
            "references": message.message_id,
            "headers": repr(headers),
            "body_html": self._render_layout(message),
            "is_notification": True,
            "recipient_ids": message.partner_ids.ids,
            "email_to": rendered.get("email_to"),
            "email_cc": rendered.get("email_cc"),
            "mail_server_id": rendered.get("mail_server_id"),
        }

    def _render_layout(self, message):
        """Return a message in the layout of Odoo's mails, in its recipient's language."""
        lang = self._get_recipient().lang or self.env.lang
        company = self.company_id.sudo()
        return self.env["ir.qweb"]._render(
            LAYOUT,
            {
                "message": message,
                "subtype": message.subtype_id,
                "is_discussion": True,
                "record": self,
                "record_name": message.record_name,
                "company": company,
                "website_url": company.website,
                "lang": lang,
                "has_button_access": False,
                "email_notification_allow_header": True,
            },
            minimal_qcontext=True,
            lang=lang,
        )
