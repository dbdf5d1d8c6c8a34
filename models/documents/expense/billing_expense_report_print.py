from odoo import models


class BillingExpenseReport(models.Model):
    """An expense report on paper."""

    _inherit = "billing.expense.report"

    def _get_report_base_filename(self):
        self.ensure_one()
        return f"{self.billing_type_id.sudo()._get_title()} {self.display_name}".replace("/", "-")

    def _get_custom_fields(self):
        """Return the custom fields to print: (label, text) of those that have a value."""
        self.ensure_one()
        if not self.billing_type_id:
            return []
        return self.env["billing.invoice.type"]._format_properties(self, "properties")

    def _has_foreign_receipts(self):
        self.ensure_one()
        return bool(self.line_ids.currency_id - self.currency_id)

    def _get_totals_by_currency(self):
        """Return (`res.currency`, total of its receipts) of each currency of the receipts."""
        self.ensure_one()
        return [
            (currency, sum(lines.mapped("total_amount_currency")))
            for currency, lines in self.line_ids.grouped("currency_id").items()
        ]
