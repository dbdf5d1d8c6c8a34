from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    billing_link_days = fields.Integer(
        string="Payment Link Validity",
        default=30,
        help="How many days after the due date a payment link still opens. It never opens longer "
        "than 120 days after it was sent, and always for at least 10.",
    )
