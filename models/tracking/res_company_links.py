from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """How long payment links work, and where they stand."""

    _inherit = "res.company"

    # The defaults are Stripe's rules for hosted invoice pages.
    billing_link_days = fields.Integer(
        string="Payment Link Validity",
        default=30,
        help="How many days after the due date a payment link still opens.",
    )
    billing_link_minimum_days = fields.Integer(
        string="Payment Link Minimum",
        default=10,
        help="How many days a payment link works at least, however long ago the due date was.",
    )
    billing_link_maximum_days = fields.Integer(
        string="Payment Link Maximum",
        default=120,
        help="How many days a payment link works at most, however far away the due date is.",
    )
    billing_link_print = fields.Boolean(
        string="Payment Link on PDF",
        default=True,
        help="Print a payment link with its QR code on invoices that are to be paid, "
        "and on estimates.",
    )

    @api.constrains("billing_link_days", "billing_link_minimum_days", "billing_link_maximum_days")
    def _check_billing_link_days(self):
        for company in self:
            if company.billing_link_days < 0:
                raise ValidationError(
                    self.env._("A payment link cannot expire before the due date.")
                )
            if company.billing_link_minimum_days < 1:
                raise ValidationError(self.env._("A payment link must work for a day at least."))
            if company.billing_link_minimum_days > company.billing_link_maximum_days:
                raise ValidationError(
                    self.env._(
                        "A payment link cannot work for %(minimum)s days at least and "
                        "%(maximum)s days at most.",
                        minimum=company.billing_link_minimum_days,
                        maximum=company.billing_link_maximum_days,
                    )
                )
