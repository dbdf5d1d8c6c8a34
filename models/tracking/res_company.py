from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    billing_pixel = fields.Boolean(
        string="Record Opened Mails",
        help="An invisible picture in the mail tells when a recipient's mail program shows it. In "
        "the European Union this needs the recipient's consent, in France between companies too "
        "(CNIL 2026-042).",
    )
    billing_retention_days = fields.Integer(
        string="Keep Visits",
        default=365,
        help="After so many days only the first and the last visit of each kind by a person are "
        "kept, for each document and recipient. 0 keeps them all. What was sent, delivered, "
        "answered or paid always stays.",
    )

    @api.constrains("billing_retention_days")
    def _check_billing_retention_days(self):
        if any(company.billing_retention_days < 0 for company in self):
            raise ValidationError(self.env._("Visits cannot be kept for less than 0 days."))
