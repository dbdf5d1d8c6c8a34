from odoo import fields, models

# The least error, in whole days, of each band but the first; positive: paid later than predicted.
BANDS = [("2", -30), ("3", -14), ("4", -7), ("5", -2), ("6", 3), ("7", 8), ("8", 15), ("9", 31)]


class BillingBacktestLine(models.Model):
    """A prediction for one past installment, as of its invoice date, and what happened."""

    _name = "billing.backtest.line"
    _description = "Checked Prediction"
    _order = "missed_by desc, id"
    _rec_name = "move_id"
    _log_access = False

    backtest_id = fields.Many2one(
        "billing.backtest",
        string="Check",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, index=True, ondelete="cascade"
    )
    invoice_date = fields.Date(readonly=True)
    date_maturity = fields.Date(string="Due Date", readonly=True)
    settled_date = fields.Date(string="Paid on", readonly=True)
    amount = fields.Monetary(readonly=True, help="With tax, in the company's currency.")
    payment_count = fields.Integer(
        string="Payments Before",
        readonly=True,
        aggregator=None,
        help="What the customer had paid before the day of the invoice.",
    )
    late_probability = fields.Float(string="Late Payment Risk", readonly=True, aggregator="avg")
    late30_probability = fields.Float(
        string="Risk of More Than 30 Days", readonly=True, aggregator="avg"
    )
    expected_days = fields.Float(
        string="Predicted Days", readonly=True, digits=(16, 1), aggregator="avg",
        help="From the due date to the predicted day of payment; negative: before it.",
    )  # fmt: skip
    low_days = fields.Float(
        string="Range From", readonly=True, digits=(16, 1), aggregator=None,
        help="80 of 100 are to come within the range. In days from the due date.",
    )  # fmt: skip
    high_days = fields.Float(
        string="Range To", readonly=True, digits=(16, 1), aggregator=None,
        help="80 of 100 are to come within the range. In days from the due date.",
    )  # fmt: skip
    days_late = fields.Integer(
        string="Real Days", readonly=True, aggregator="avg",
        help="From the due date to the day of payment; negative: before it.",
    )  # fmt: skip
    days_so_far = fields.Integer(
        string="Days Past Due", readonly=True, aggregator=None,
        help="Of what is not paid; negative: not due yet.",
    )  # fmt: skip
    average_days = fields.Float(
        string="Customer's Average", readonly=True, digits=(16, 1), aggregator=None,
        help="How late the customer had paid on average until then; else all customers.",
    )  # fmt: skip
    earlier_count = fields.Integer(readonly=True, aggregator=None)
    error_days = fields.Float(
        string="Error in Days", readonly=True, digits=(16, 1), aggregator="avg",
        help="Real less predicted; positive: paid later than predicted.",
    )  # fmt: skip
    missed_by = fields.Float(
        readonly=True, digits=(16, 1), aggregator="avg",
        help="In days, to either side; of what is not paid, at least.",
    )  # fmt: skip
    error_band = fields.Selection(
        [
            ("1", "Over 30 days sooner"),
            ("2", "15 to 30 sooner"),
            ("3", "8 to 14 sooner"),
            ("4", "3 to 7 sooner"),
            ("5", "Within 2 days"),
            ("6", "3 to 7 later"),
            ("7", "8 to 14 later"),
            ("8", "15 to 30 later"),
            ("9", "Over 30 days later"),
        ],
        string="Than Predicted",
        readonly=True,
    )
    outcome = fields.Selection(
        [
            ("on_time", "On time"),
            ("late", "Late"),
            ("very_late", "Over 30 days late"),
            ("unpaid", "Not paid, past due"),
            ("open", "Not due yet"),
        ],
        readonly=True,
    )
    within = fields.Selection(
        [("yes", "Within"), ("no", "Outside"), ("open", "Not known yet")],
        string="Range",
        readonly=True,
    )

    def action_open_document(self):
        """Open the invoice."""
        self.ensure_one()
        return self.move_id._get_records_action()
