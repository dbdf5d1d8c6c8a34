from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    billing_unread_days = fields.Integer(
        string="Not Read for Long",
        default=7,
        help="After so many days an invoice that was sent and that nobody has opened is shown as "
        "not read for long.",
    )
    billing_unread_activity = fields.Boolean(
        string="Activities for Unread Invoices",
        help="The salesperson gets an activity for each invoice that nobody has read for long.",
    )

    @api.constrains("billing_unread_days")
    def _check_billing_unread_days(self):
        if any(company.billing_unread_days < 1 for company in self):
            raise ValidationError(self.env._("At least one day has to pass."))
