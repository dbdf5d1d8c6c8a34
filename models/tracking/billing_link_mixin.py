import base64
import io

import qrcode
from odoo import api, models
from odoo.tools.image import image_data_uri

# What a mail template or a button carries until the mail goes out. The address of the one recipient
# replaces it in the moment of sending (see mail_mail.py), so that no secret is ever stored.
LINK_PLACEHOLDER = "/billing/l/your-personal-link"

# The company is the sender, whoever presses the button.
MAIL_LAYOUT = "mail.mail_notification_layout"


class BillingLinkMixin(models.AbstractModel):
    """A document whose mails carry a personal link for each recipient."""

    _name = "billing.link.mixin"
    _description = "Document with Personal Links"

    def _billing_link_scope(self):
        """Say what a link in a mail about this document opens.

        :return: values of `billing.link`: `company_id`, `partner_id` (commercial partner) and
            either `move_id` (one invoice) or `currency_id` (everything open in that currency),
            and `date_due`, the latest date on which any of it is due
        :rtype: dict
        """
        raise NotImplementedError

    def _billing_log_sent(self, mail_message):
        """Record that the mails of a message were handed to the mail queue."""
        if mail_message.partner_ids:
            self.env["billing.event"]._log(
                self, "sent", channel="mail", mail_message_id=mail_message.id
            )

    def _billing_log_delivery(
        self, recipient, link, *, delivered, reason, mail_message=None, rows=None
    ):
        """Record that the mail server took, or refused, the mail to ``recipient``.

        :param link: the recipient's `billing.link`; empty if sending failed before it was made
        :param reason: what the mail server said, if it refused
        :param rows: of the journal, if they are at hand; see `_get_billing_rows`
        """
        self._billing_log_mail(
            "delivered" if delivered else "undelivered",
            recipient,
            link,
            mail_message,
            note=False if delivered else reason,
            rows=rows,
        )

    def _billing_log_mail(self, kind, recipient, link, mail_message, *, note=False, rows=None):
        """Record what became of a mail to ``recipient`` about this document."""
        self.env["billing.event"]._log_rows(
            rows or self._get_billing_rows(),
            kind,
            link_id=link.id if link else False,
            recipient_id=recipient.id,
            channel="mail",
            mail_message_id=mail_message.id if mail_message else False,
            note=self._get_billing_note(note),
        )

    def _get_billing_rows(self):
        """Return the values of `billing.event` that say to what a mail about this happened."""
        return self.env["billing.event"]._prepare(self._get_billing_documents())

    def _get_billing_note(self, note):
        """Return the note of an event about this document."""
        return note

    def _get_billing_traces(self, trap, pixel):
        """Return what to hide in a mail about this document: by the company's and the customer's
        choice, ``trap`` and ``pixel`` or less."""
        scope = self._billing_link_scope()
        if self.env["res.partner"].browse(scope["partner_id"]).billing_no_tracking:
            return []
        company = self.env["res.company"].browse(scope["company_id"])
        return trap + pixel if company.billing_pixel else trap

    def _get_billing_documents(self):
        """Return the documents of the journal that a mail about this one speaks of."""
        return self

    @api.model
    def _get_billing_link_placeholder(self):
        """Address to put into a mail where the recipient's own link shall stand."""
        return self.get_base_url() + LINK_PLACEHOLDER

    def _set_billing_button(self, groups, title):
        """Give whoever is outside the company a button with a link of their own.

        :param groups: what `_notify_get_recipients_groups` returns
        """
        for name, _condition, options in groups:
            if name != "user":
                options.update(
                    active=True,
                    has_button_access=True,
                    button_access={"url": self._get_billing_link_placeholder(), "title": title},
                )

    # -- On paper ----------------------------------------------------------------------------------

    def _get_billing_print_scope(self):
        """Return those of these documents that a link is printed on."""
        return self.browse()

    def _with_billing_print_links(self):
        """Return these documents with a fresh link for each one's paper in the context.

        A PDF goes to all recipients and may be printed: its link belongs to nobody in particular.
        """
        links = self.env["billing.link"].sudo()
        paths = links._mint_each(self.sudo()._get_billing_print_scope(), channel="print")
        return self.with_context(
            billing_print_links={
                document.id: document.get_base_url() + paths[document.id]
                for document in self
                if document.id in paths
            }
        )

    def _get_billing_print_link(self):
        """Return the address to print on this document, or False."""
        self.ensure_one()
        return self.env.context.get("billing_print_links", {}).get(self.id, False)

    def _get_billing_print_qr(self):
        """Return the address to print as a picture that phones read, for an `img` in a report."""
        self.ensure_one()
        file = io.BytesIO()
        qrcode.make(self._get_billing_print_link(), border=0).save(file, format="PNG")
        return image_data_uri(base64.b64encode(file.getvalue()))

    def _open_composer(self, template, name, **context):
        """Open the e-mail to a customer, with a personal link for each recipient.

        :param template: `mail.template`, may be empty
        :param context: further values of the context of the window
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_template_id": template.id if template else False,
                "default_email_layout_xmlid": MAIL_LAYOUT,
                **context,
            },
        }
