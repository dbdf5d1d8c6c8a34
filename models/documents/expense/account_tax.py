from odoo import api, models


class AccountTax(models.Model):
    _inherit = "account.tax"

    @api.model
    def _add_tax_details_in_base_line(self, base_line, company, rounding_method=None):
        # EXTENDS 'account': each receipt is paid back to the cent, also where taxes are rounded for
        # the whole document. Rounded so, the parts of two receipts need not add up to their totals.
        if base_line.get("billing_is_receipt"):
            rounding_method = "round_per_line"
        return super()._add_tax_details_in_base_line(
            base_line, company, rounding_method=rounding_method
        )
