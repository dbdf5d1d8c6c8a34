from odoo import fields, models


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "billing.link.mixin"]

    billing_event_ids = fields.One2many(
        "billing.event",
        "move_id",
        string="History",
        groups="billing_crm.group_billing_user,sales_team.group_sale_salesman",
    )

    def _billing_link_scope(self):
        # IMPLEMENTS 'billing.link.mixin'
        self.ensure_one()
        return {
            "company_id": self.company_id.id,
            "partner_id": self.commercial_partner_id.id,
            "move_id": self.id,
            "currency_id": self.currency_id.id,
            "date_due": self.invoice_date_due,
        }

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        # EXTENDS 'portal': on an invoice sent with Send & Print every recipient outside the company
        # gets the button, and behind it a link of their own instead of one that all share
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        if self.env.context.get("billing_personal_link"):
            self._set_billing_button(groups, self._get_billing_button_title())
        return groups

    def message_post(self, **kwargs):
        # EXTENDS 'mail'
        message = super().message_post(**kwargs)
        if self.env.context.get("billing_personal_link"):
            self._billing_log_sent(message)
        return message

    def _get_billing_button_title(self):
        self.ensure_one()
        if self.move_type == "out_refund":
            return self.env._("View credit note")
        if self.payment_state in ("not_paid", "partial"):
            return self.env._("View and pay")
        return self.env._("View invoice")

    def _invoice_paid_hook(self):
        # EXTENDS 'account'
        result = super()._invoice_paid_hook()
        invoices = self.filtered(lambda move: move.move_type in ("out_invoice", "out_receipt"))
        if invoices:
            self.env["billing.event"]._log(invoices, "paid")
        return result
