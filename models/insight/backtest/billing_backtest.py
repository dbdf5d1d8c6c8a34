from odoo import api, fields, models
from odoo.tools.misc import format_date, formatLang

# With fewer outcomes than this, the figures are chance: one more late payment moves them visibly.
ENOUGH = 30


def share(label, text, **attributes):
    return fields.Float(string=label, readonly=True, aggregator=None, help=text, **attributes)


def days(label, text):
    return fields.Float(string=label, readonly=True, digits=(16, 2), aggregator=None, help=text)


def number(label, text=None):
    return fields.Integer(string=label, readonly=True, aggregator=None, help=text)


class BillingBacktest(models.Model):
    """A check of the predictions: what they would have been for past installments, each on the day
    of its invoice with only what was known then, and what happened.

    An opinion: it can be made anew at any time. The figures of old checks are kept to compare.
    """

    _name = "billing.backtest"
    _description = "Check of Predictions"
    _order = "run_on desc, id desc"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(string="Invoiced From", required=True, readonly=True)
    date_to = fields.Date(string="Invoiced Until", required=True, readonly=True)
    is_automatic = fields.Boolean(string="Made Monthly", readonly=True)
    state = fields.Selection(
        [("waiting", "Waiting"), ("done", "Done"), ("failed", "Failed")],
        default="waiting",
        required=True,
        readonly=True,
        index=True,
    )
    run_on = fields.Datetime(string="Checked on", default=fields.Datetime.now, readonly=True)
    outcome_date = fields.Date(
        string="Outcomes as of", readonly=True, help="What was paid later counts as not paid."
    )
    prediction_count = number("Installments", "The newest of the period.")
    judged_count = number("Judged", "Paid, or not paid and past the due date.")
    settled_count = number("Paid")
    late_count = number("Late", "Paid after the due date, or not paid and past it.")
    auc = share(
        "Told Apart",
        "Of two installments, one late and one not: how often the late one had the higher "
        "risk. A coin reaches 50 %. Statistics call it the area under the curve.",
    )
    auc30 = share(
        "Told Apart, 30 Days", "The same for those more than 30 days late and those that are not."
    )
    error_days = days(
        "Days Missed By", "From the predicted day of payment to the real one, on average."
    )
    due_date_error = days(
        "By the Due Date", "The same if everybody were expected to pay on the due date."
    )
    average_error = days(
        "By Their Average",
        "The same if customers were expected to pay as late as they did on average until then.",
    )
    calibration_error = share(
        "Risk Off By",
        "Ten groups by predicted risk of being late: how far what was predicted is from what "
        "happened, on average.",
    )
    within_share = share(
        "Within the Range", "The part of the installments that came within the 80 % range."
    )
    cash_within_share = share(
        "Cash Within the Range", "The part of the cash that came within the 80 % range."
    )
    new_count = number("Of New Customers", "Paid, by customers who had paid fewer than 3 before.")
    new_error_days = days("Days Missed By, New Customers", "Of those with fewer than 3 payments.")
    new_auc = share("Late Ones Told, New Customers", "Of those with fewer than 3 payments.")
    is_too_little = fields.Boolean(compute="_compute_is_too_little")
    has_lines = fields.Boolean(compute="_compute_has_lines")
    summary = fields.Text(string="In Words", compute="_compute_summary")
    bin_ids = fields.One2many("billing.backtest.bin", "backtest_id", string="Risk of Being Late")
    line_ids = fields.One2many("billing.backtest.line", "backtest_id", string="Predictions")

    @api.depends("date_from", "date_to")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for check in self:
            check.display_name = self.env._(
                "Invoices of %(start)s to %(end)s",
                start=format_date(self.env, check.date_from),
                end=format_date(self.env, check.date_to),
            )

    @api.depends("state", "judged_count")
    def _compute_is_too_little(self):
        for check in self:
            check.is_too_little = check.state == "done" and check.judged_count < ENOUGH

    def _compute_has_lines(self):
        lines = self.env["billing.backtest.line"]
        kept = lines._read_group([("backtest_id", "in", self.ids)], ["backtest_id"])
        with_lines = {check for (check,) in kept}
        for check in self:
            check.has_lines = check._origin in with_lines

    @api.depends("state", "judged_count", "run_on")
    @api.depends_context("lang")
    def _compute_summary(self):
        for check in self:
            check.summary = "\n".join(check._get_sentences())

    def _get_sentences(self):
        """Return what the check says, in sentences with numbers."""
        self.ensure_one()
        if self.state == "waiting":
            return [self.env._("Waiting. It is made in the background within a few minutes.")]
        if self.state == "failed":
            return [self.env._("It could not be made. The server's log says why.")]
        if self.is_too_little:
            return [
                self.env._(
                    "Too little to judge: of %(count)s installments the outcome is known, and "
                    "fewer than %(enough)s say nothing about predictions.",
                    count=self.judged_count,
                    enough=ENOUGH,
                )
            ]
        return [
            self._get_order_sentence(),
            self.env._(
                "Its risk of being late was off by %s percentage points on average.",
                self._tell(self.calibration_error * 100),
            ),
            *self._get_day_sentences(),
        ]

    def _get_order_sentence(self):
        if self.late_count in (0, self.judged_count):
            return self.env._(
                "%(late)s of %(count)s installments were late: there is nothing to tell apart.",
                late=self.late_count,
                count=self.judged_count,
            )
        return self.env._(
            "Of two installments, one late and one not, it says which is which in %s of 100 cases.",
            round(self.auc * 100),
        )

    def _get_day_sentences(self):
        if not self.settled_count:
            return [self.env._("None of them is paid yet.")]
        sentences = [
            self.env._(
                "It missed the day of payment by %(days)s days on average. The due date misses it "
                "by %(due)s, the customer's average by %(average)s.",
                days=self._tell(self.error_days),
                due=self._tell(self.due_date_error),
                average=self._tell(self.average_error),
            ),
            self.env._(
                "%(count)s of 100 installments, and %(cash)s of 100 %(currency)s, came within the "
                "range that is to hold 80.",
                count=round(self.within_share * 100),
                cash=round(self.cash_within_share * 100),
                currency=self.currency_id.name,
            ),
        ]
        unpaid = self.judged_count - self.settled_count
        if unpaid > 0:
            sentences.append(
                self.env._(
                    "%s are past due and not paid: they count as late, and in no error in days.",
                    unpaid,
                )
            )
        return sentences

    def _tell(self, value):
        return formatLang(self.env, value, digits=1)

    def action_lines(self):
        """Open the predictions and what happened, the worst misses first."""
        self.ensure_one()
        return self._open("action_billing_backtest_line")

    def action_errors(self):
        """Show how the errors in days are distributed."""
        self.ensure_one()
        return self._open("action_billing_backtest_line_errors")

    def action_curve(self):
        """Show what was predicted beside what happened."""
        self.ensure_one()
        return self._open("action_billing_backtest_point")

    def _open(self, name):
        action = self.env["ir.actions.act_window"]._for_xml_id(f"billing_crm.{name}")
        return {**action, "domain": [("backtest_id", "=", self.id)]}
