from odoo import api, models
from odoo.tools import formatLang


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.depends_context("billing_line_labels", "lang")
    def _compute_display_name(self):
        # EXTENDS 'account': who says which line is wrong looks for its text and price
        super()._compute_display_name()
        if not self.env.context.get("billing_line_labels"):
            return
        for line in self.filtered(lambda line: line.display_type == "product"):
            amount = formatLang(self.env, line.price_total, currency_obj=line.currency_id)
            line.display_name = f"{line._get_billing_label()} · {amount}"

    def _get_billing_label(self):
        """Return the first line of what this line says."""
        self.ensure_one()
        text = self.name or self.product_id.display_name or ""
        return text.split("\n")[0]
