from odoo import models
from odoo.exceptions import UserError
from odoo.tools.misc import format_amount

MAIL_LAYOUT = "mail.mail_notification_layout"


class BillingPastDue(models.Model):
    """The document on its way to the customer, with a link of their own."""

    _inherit = "billing.past.due"

    def _billing_link_scope(self):
        # IMPLEMENTS 'billing.link.mixin': the invoice, or everything open in this currency
        self.ensure_one()
        if self.move_id:
            return self.move_id._billing_link_scope()
        return self.env["billing.link"]._get_statement_scope(
            self.company_id, self.partner_id, self.currency_id
        )

    def _get_billing_documents(self):
        # EXTENDS 'billing.link.mixin': the journal speaks of invoices
        lines = self.env["account.move.line"].browse(
            item["line_id"] for document in self for item in document.content["items"]
        )
        return lines.exists().move_id

    def _get_billing_note(self, note):
        # EXTENDS 'billing.link.mixin'
        return note or self.env._("Past due document")

    def _format_total(self):
        """Return the total as text, for subject lines."""
        self.ensure_one()
        return format_amount(self.env, self.amount_total, self.currency_id)

    def action_print(self):
        """Print these documents."""
        self.check_access("read")
        return self.env.ref("billing_crm.action_report_past_due").report_action(self.ids)

    def action_send(self):
        """Open the e-mail to the customer, with the document as a PDF and their personal link."""
        self.ensure_one()
        template = self.env.ref("billing_crm.mail_template_past_due", raise_if_not_found=False)
        return self._open_composer(
            template,
            self.env._("Send"),
            hide_mail_template_management_options=True,
            force_email=True,
        )

    def action_send_all(self):
        """Send these documents, each in its customer's language.

        :raise UserError: if one cannot be sent; then none is
        """
        self.check_access("read")
        recipients = {document: document._get_recipient() for document in self}
        without = self.env["res.partner"].union(
            *(recipient for recipient in recipients.values() if not recipient.email)
        )
        if without:
            raise UserError(
                self.env._("Without an e-mail address: %s.", ", ".join(without.mapped("name")))
            )
        for document, recipient in recipients.items():
            document.with_company(document.company_id).with_context(
                lang=recipient.lang or self.env.lang, mail_notify_force_send=False
            ).message_post_with_source(
                self.env.ref("billing_crm.mail_template_past_due"),
                message_type="comment",
                subtype_xmlid="mail.mt_comment",
                email_layout_xmlid=MAIL_LAYOUT,
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Sent: %s.", len(self)),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
