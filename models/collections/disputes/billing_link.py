from odoo import models


class BillingLink(models.Model):
    """On the statement, what is disputed is marked. It may be paid, but nobody asks for it."""

    _inherit = "billing.link"

    def _get_statement_item(self, row):
        # EXTENDS: ``disputed``, what the customer contests of it; of an item that is disputed in
        # part, the rest is paid
        item = super()._get_statement_item(row)
        disputed = row.disputed_currency
        is_partly = disputed and row.currency_id.compare_amounts(disputed, item["open"]) < 0
        return {
            **item,
            "disputed": disputed,
            "to_pay": row.chased_currency if is_partly else item["to_pay"],
            "is_offered": item["is_offered"] and (not disputed or is_partly),
        }

    def _get_creditable(self, lines):
        # EXTENDS: what is disputed may be credited yet; it does not eat up other credits
        domain = [("line_id", "in", lines.ids), ("disputed_currency", ">", 0)]
        disputed = self.env["billing.receivable"].sudo().search(domain).line_id
        return super()._get_creditable(lines) - disputed
