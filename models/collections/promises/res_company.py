from odoo import api, fields, models
from odoo.exceptions import ValidationError

# No promise reaches further than this, whoever gives it: further away is a payment plan.
MOST_DAYS = 365


class ResCompany(models.Model):
    _inherit = "res.company"

    billing_promise_tolerance = fields.Integer(
        string="Days of Grace",
        default=3,
        help="Calendar days that a payment may come after the promised day: a promise for Friday "
        "is judged on Tuesday. Until then nobody asks again.",
    )
    billing_promise_limit = fields.Integer(
        string="Promises in a Row",
        default=2,
        help="After so many promises that were not kept, one after the other, no further one is "
        "taken; only a billing manager may still do so. 0 is no limit.",
    )
    billing_promise_days = fields.Integer(
        string="Days Ahead for Customers",
        default=14,
        help="How far ahead a customer may promise on the page behind a link. 0: customers cannot "
        "promise there.",
    )
    billing_promise_clerk_days = fields.Integer(
        string="Days Ahead for Billing Users",
        default=60,
        help="How far ahead the date may be that a billing user writes down.",
    )

    @api.constrains(
        "billing_promise_tolerance",
        "billing_promise_limit",
        "billing_promise_days",
        "billing_promise_clerk_days",
    )
    def _check_billing_promise(self):
        for company in self:
            days = (
                company.billing_promise_tolerance,
                company.billing_promise_days,
                company.billing_promise_clerk_days,
            )
            if not all(0 <= number <= MOST_DAYS for number in days):
                raise ValidationError(
                    self.env._("A promise reaches %s days ahead at most.", MOST_DAYS)
                )
            if company.billing_promise_limit < 0:
                raise ValidationError(self.env._("There cannot be less than no promise."))
