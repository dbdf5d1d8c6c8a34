from odoo import models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    def action_post(self):
        # EXTENDS 'account': a customer who chose certain installments on the payment page has paid
        # those. Odoo would spread the money over the invoices, the earliest due date first.
        result = super().action_post()
        chosen = self.env["account.move.line"].browse(self.env.context.get("billing_pay_line_ids"))
        if chosen:
            lines = (self.move_id.line_ids + chosen).filtered(
                lambda line: line.account_id == self.destination_account_id and not line.reconciled
            )
            lines.with_context(billing_pay_line_ids=None).reconcile()
        return result
