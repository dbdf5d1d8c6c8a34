from odoo import fields, models


class BillingEvent(models.Model):
    _inherit = "billing.event"

    kind = fields.Selection(
        selection_add=[("promised", "Promised to pay")], ondelete={"promised": "cascade"}
    )
