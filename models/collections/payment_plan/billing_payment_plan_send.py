from odoo import models
from odoo.exceptions import UserError


class BillingPaymentPlan(models.Model):
    """The plan on its way to the customer, with a link to pay its installments."""

    _inherit = "billing.payment.plan"

    def _billing_link_scope(self):
        # IMPLEMENTS 'billing.link.mixin': the link opens everything open in this currency
        self.ensure_one()
        return {
            **self.env["billing.link"]._get_statement_scope(
                self.company_id, self.partner_id, self.currency_id
            ),
            "date_due": self.line_ids[-1:].date,
        }

    def _get_billing_documents(self):
        # EXTENDS 'billing.link.mixin': the journal speaks of invoices
        return self.item_ids.move_id

    def _get_billing_note(self, note):
        # EXTENDS 'billing.link.mixin': the mail was about the plan
        return note or self.name

    def _get_recipient(self):
        """Return the person of this customer who is written to about invoices."""
        self.ensure_one()
        return self.env["res.partner"].browse(self.partner_id.address_get(["invoice"])["invoice"])

    def action_send(self):
        """Open the e-mail to the customer, with the plan as a PDF and their personal link."""
        self.ensure_one()
        if self.state != "active":
            raise UserError(self.env._("Confirm the plan before you send it."))
        template = self.env.ref("billing_crm.mail_template_payment_plan", raise_if_not_found=False)
        return self._open_composer(
            template,
            self.env._("Send"),
            hide_mail_template_management_options=True,
            force_email=True,
        )

    def _render_schedule(self):
        """Return the installments as a table for the mail, in the language of the context."""
        self.ensure_one()
        return self.env["ir.qweb"]._render(
            "billing_crm.payment_plan_mail_schedule", {"plan": self}, lang=self.env.lang
        )
