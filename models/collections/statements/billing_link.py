from odoo import fields, models


class BillingLink(models.Model):
    _inherit = "billing.link"

    offers_all = fields.Boolean(
        readonly=True,
        help="The page offers everything for payment, not only what is due: it comes with a "
        "statement of account.",
    )

    def _get_statement_item(self, row):
        # EXTENDS: ticked until the customer chooses
        item = super()._get_statement_item(row)
        if self.offers_all:
            item["is_offered"] = True
        return item
