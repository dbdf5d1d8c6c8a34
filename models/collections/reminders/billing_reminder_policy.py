from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_compare


class BillingReminderPolicy(models.Model):
    """The ladder of reminders a company climbs with a customer who does not pay."""

    _name = "billing.reminder.policy"
    _inherit = ["billing.customer.policy.mixin"]
    _description = "Reminder Policy"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: any company without a policy of its own."
    )
    level_ids = fields.One2many("billing.reminder.level", "policy_id", string="Levels", copy=True)
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        domain=[("share", "=", False)],
        help="Gets the activities of customers without a salesperson.",
    )
    mode = fields.Selection(
        selection=[
            ("automatic", "Send automatically"),
            ("approve", "Propose, and send what is approved"),
        ],
        string="Sending",
        required=True,
        default="automatic",
    )
    minimum_days_between = fields.Integer(
        string="Days between Contacts",
        default=7,
        help="A customer hears from us at most once in this many days, whatever falls due.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    minimum_amount = fields.Monetary(
        help="Nobody is reminded of less than this, in the company's currency."
    )
    maximum_count = fields.Integer(
        string="Most Messages",
        help="A customer who has had this many messages about something that is still open gets no "
        "more. 0: no limit.",
    )
    working_days_only = fields.Boolean(help="Nothing is sent on Saturdays and Sundays.")
    observe_holidays = fields.Boolean(
        string="Observe Public Holidays",
        help="Nothing is sent on a public holiday of the customer's country.",
    )
    hour_from = fields.Float(
        string="From", help="In the customer's time zone. Nothing is sent earlier in the day."
    )
    hour_to = fields.Float(
        string="To",
        default=24.0,
        help="In the customer's time zone. Nothing is sent later in the day.",
    )
    daily_cap = fields.Integer(
        string="Most Messages a Day",
        help="What is more than this waits for the next day. 0: no limit.",
    )
    thank_you_template_id = fields.Many2one(
        "mail.template",
        string="Thank-You",
        domain=[("model", "=", "billing.reminder")],
        ondelete="restrict",
        help="Sent when a customer has paid what we reminded them of. Leave empty for none.",
    )
    holdout_percent = fields.Integer(
        string="Hold-Out Group",
        help="This share of the customers is not written to, so that you can see what reminders "
        "bring. It is always the same customers.",
    )

    _minimum_days_between_positive = models.Constraint(
        "CHECK (minimum_days_between >= 0)", "The days between two contacts cannot be negative."
    )
    _minimum_amount_positive = models.Constraint(
        "CHECK (minimum_amount >= 0)", "The minimum amount cannot be negative."
    )
    _maximum_count_positive = models.Constraint(
        "CHECK (maximum_count >= 0)", "The largest number of messages cannot be negative."
    )
    _daily_cap_positive = models.Constraint(
        "CHECK (daily_cap >= 0)", "The largest number of messages a day cannot be negative."
    )
    _holdout_percent_range = models.Constraint(
        "CHECK (holdout_percent BETWEEN 0 AND 50)",
        "At most half of the customers can be in the hold-out group.",
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for policy in self:
            policy.currency_id = (policy.company_id or self.env.company).currency_id

    @api.constrains("hour_from", "hour_to")
    def _check_hours(self):
        for policy in self:
            if not 0 <= policy.hour_from <= 24 or not 0 <= policy.hour_to <= 24:
                raise ValidationError(self.env._("Hours are between 0:00 and 24:00."))
            # less than half an hour would hold back whatever the job does not reach in it
            if float_compare(policy.hour_to - policy.hour_from, 0.5, precision_digits=2) < 0:
                raise ValidationError(
                    self.env._("Leave at least half an hour a day in which messages may be sent.")
                )
