from odoo import api, fields, models
from odoo.exceptions import ValidationError


class BillingLateFeePolicy(models.Model):
    """What customers are charged for paying late: interest, a fixed fee, a percentage."""

    _name = "billing.late.fee.policy"
    _inherit = ["billing.customer.policy.mixin"]
    _description = "Late Fee Policy"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: any company may use this policy."
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="Of fees, minimum and cap. They are converted for debts in other currencies.",
    )
    legal_basis = fields.Char(
        translate=True, help="The law or clause that allows it; printed on the calculation."
    )

    charge_interest = fields.Boolean(string="Interest", default=True)
    reference_id = fields.Many2one(
        "billing.interest.reference",
        string="Reference Rate",
        ondelete="restrict",
        check_company=True,
        help="Empty: the margin alone is the rate, as agreed in a contract.",
    )
    margin = fields.Float(
        string="Margin (%)",
        digits=(16, 4),
        help="Percentage points a year on top of the reference rate.",
    )
    margin_ids = fields.One2many(
        "billing.late.fee.margin", "policy_id", string="Margins by Country", copy=True
    )
    rate_mode = fields.Selection(
        selection=[
            ("piecewise", "Follows the reference rate"),
            ("fixed_at_start", "Stays that of the first day"),
            ("at_payment", "Is that of the day of payment"),
        ],
        string="When the Rate Changes",
        required=True,
        default="piecewise",
    )
    reference_days = fields.Selection(
        selection=[
            ("daily", "Every day"),
            ("half_year", "1 January and 1 July"),
            ("half_year_before", "31 December and 30 June"),
        ],
        string="Rate Taken on",
        required=True,
        default="half_year",
        help="The rate of which day counts. In the European Union that of 1 January counts until "
        "30 June; in the United Kingdom that of 31 December does.",
    )
    day_count = fields.Selection(
        selection=[
            ("act_365", "Days / 365"),
            ("act_act", "Days / 365, in leap years 366"),
            ("thirty_360", "Months of 30 days / 360"),
        ],
        required=True,
        default="act_365",
    )
    start_offset = fields.Integer(
        string="First Day",
        default=1,
        help="Days after the due date on which interest begins. 1: on the day after it.",
    )
    count_payment_day = fields.Boolean(
        default=True, help="What is paid bears interest on the day on which it is paid, too."
    )
    grace_days = fields.Integer(
        string="Days of Grace",
        help="Who pays at most this many days late is charged nothing. Who pays later is charged "
        "from the first day.",
    )
    shift_weekend = fields.Boolean(
        string="Weekends Move the Due Date",
        help="What is due on a weekend in the company's country is due on the next working day.",
    )
    shift_holiday = fields.Boolean(
        string="Holidays Move the Due Date",
        help="What is due on a public holiday in the company's country and state is due on the "
        "next working day.",
    )
    minimum_interest = fields.Monetary(help="0: none. Interest below it is not charged.")
    minimum_rule = fields.Selection(
        selection=[
            ("skip", "is not charged"),
            ("raise", "is raised to it"),
        ],
        string="Less than the Minimum",
        required=True,
        default="skip",
    )

    tier_ids = fields.One2many("billing.late.fee.tier", "policy_id", string="Fixed Fee", copy=True)
    fee_per = fields.Selection(
        selection=[("invoice", "Invoice"), ("installment", "Installment")],
        string="Fee for each",
        required=True,
        default="invoice",
        help="Of an invoice in installments, the first one that is paid late bears the fee.",
    )
    percentage = fields.Float(
        digits=(16, 4),
        help="Of what is open when an installment becomes overdue; once, not a year.",
    )
    cap_amount = fields.Monetary(
        string="At Most", help="For each installment, everything together. 0: no limit."
    )
    cap_percent = fields.Float(
        string="At Most (%)",
        digits=(16, 4),
        help="Percent of the installment, everything together. 0: no limit.",
    )

    dispute_rule = fields.Selection(
        selection=[
            ("suspend", "Never"),
            ("resume", "Unless it was decided in the customer's favor"),
        ],
        string="Interest for Days of a Dispute",
        required=True,
        default="suspend",
        help="While a dispute is open, what is disputed bears no interest in any case. This is "
        "about what is owed for those days once the dispute was rejected or withdrawn.",
    )
    promise_stops = fields.Boolean(
        string="A Promise Stops It", help="No interest while we wait for a promised payment."
    )
    plan_stops = fields.Boolean(
        string="A Payment Plan Stops It", help="No interest while a payment plan is in force."
    )

    product_id = fields.Many2one(
        "product.product",
        check_company=True,
        ondelete="restrict",
        help="On the lines of the debit note. Its account counts where none is chosen here.",
    )
    account_id = fields.Many2one(
        "account.account",
        company_dependent=True,
        domain="[('account_type', 'in', ('income', 'income_other'))]",
        ondelete="restrict",
        help="Income from late fees in the current company. Empty: that of the product, or else "
        "the usual one.",
    )
    is_taxed = fields.Boolean(
        string="Taxed",
        help="The taxes of the product apply. In most countries what is charged for paying late is "
        "compensation, and not taxed.",
    )

    _not_negative = models.Constraint(
        "CHECK (margin >= 0 AND percentage >= 0 AND minimum_interest >= 0)",
        "Margin, percentage and minimum cannot be negative.",
    )
    _cap_not_negative = models.Constraint(
        "CHECK (cap_amount >= 0 AND cap_percent >= 0)", "The cap cannot be negative."
    )
    _days_range = models.Constraint(
        "CHECK (start_offset BETWEEN 0 AND 365 AND grace_days BETWEEN 0 AND 365)",
        "The first day and the days of grace are between 0 and 365.",
    )
    _margin_sensible = models.Constraint(
        "CHECK (margin < 1000 AND percentage <= 100)",
        "The margin is below 1000, and the percentage at most 100.",
    )

    @api.constrains("charge_interest", "reference_id", "margin", "rate_mode")
    def _check_rate(self):
        for policy in self.filtered("charge_interest"):
            if not policy.reference_id and not policy.margin:
                raise ValidationError(
                    self.env._(
                        "Choose the rate of %s: a reference rate, a margin, or both.", policy.name
                    )
                )
