from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    billing_no_tracking = fields.Boolean(
        string="Do Not Track",
        help="Do not record when this customer opens mails, links and documents. What they answer "
        "and pay is still recorded.",
    )

    @api.model
    def _commercial_fields(self):
        # EXTENDS: it is the customer's decision, for all their contacts
        return [*super()._commercial_fields(), "billing_no_tracking"]
