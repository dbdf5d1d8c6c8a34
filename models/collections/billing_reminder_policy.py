from odoo import api, fields, models


class BillingReminderPolicy(models.Model):
    """The ladder of reminders a company climbs with a customer who does not pay."""

    _name = "billing.reminder.policy"
    _description = "Reminder Policy"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: any company without a policy of its own."
    )
    level_ids = fields.One2many("billing.reminder.level", "policy_id", string="Levels", copy=True)
    minimum_days_between = fields.Integer(
        string="Days between Contacts",
        default=7,
        help="A customer hears from us at most once in this many days, whatever falls due.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    minimum_amount = fields.Monetary(
        help="Nobody is reminded of less than this, in the company's currency."
    )

    _minimum_days_between_positive = models.Constraint(
        "CHECK (minimum_days_between >= 0)", "The days between two contacts cannot be negative."
    )
    _minimum_amount_positive = models.Constraint(
        "CHECK (minimum_amount >= 0)", "The minimum amount cannot be negative."
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for policy in self:
            policy.currency_id = (policy.company_id or self.env.company).currency_id
