from odoo import api, models
from odoo.tools import format_date, formatLang


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.depends_context("billing_installment_names", "lang")
    def _compute_display_name(self):
        # EXTENDS 'account': who chooses an installment looks for its date and what is open on it
        super()._compute_display_name()
        if not self.env.context.get("billing_installment_names"):
            return
        for line in self.filtered(lambda line: line.display_type == "payment_term"):
            amount = formatLang(
                self.env, line.amount_residual_currency, currency_obj=line.currency_id
            )
            line.display_name = f"{format_date(self.env, line.date_maturity)} · {amount}"
