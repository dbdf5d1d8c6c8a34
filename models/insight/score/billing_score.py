from odoo import fields, models

from .constants import GRADES


def figure(label, **attributes):
    return fields.Float(
        string=label, readonly=True, digits=(16, 1), **{"aggregator": "avg", **attributes}
    )


def count(label, **attributes):
    return fields.Integer(string=label, readonly=True, **attributes)


class BillingScore(models.Model):
    """A company's opinion of how one customer pays. Rebuilt from the ledger at any time.

    The expected delay is the average of the customer's installments settled in the last two years,
    the recent ones weighing more, and of those now overdue, which count with the days they are late
    so far, leaned on the average of all the company's payments while there is little history. The
    delay becomes a score on the scale of Dun & Bradstreet's PAYDEX: 80 is on time. Broken promises,
    rejected disputes, mails that came back and reminders that were needed take points off.
    `constants.py` has every number.
    """

    _name = "billing.score"
    _description = "Payment Score"
    _order = "score, id"
    _rec_name = "partner_id"
    _log_access = False

    # the constraint below begins with it: another index would slow down each refresh
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    salesperson_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    currency_id = fields.Many2one(related="company_id.currency_id")
    score = fields.Integer(
        readonly=True,
        aggregator="avg",
        help="0 to 100. 100 pays 30 days early, 80 on the due date, 50 a month late.",
    )
    grade = fields.Selection(
        [(g, g) for g, _lowest in GRADES],
        readonly=True,
        help="A: 75 and more, about a week late at most. B: 65. C: 50, a month late. D: 30, three "
        "months late. E: later than that.",
    )
    expected_delay = figure("Expected Days Late")
    house_delay = figure(
        "Company's Average", help="Days late of all the company's payments, the recent ones more."
    )
    own_delay = figure("Own Average", help="Days late, recent payments weighing more.")
    weight = figure(
        "Weight of Own History",
        aggregator=None,
        help="How many payments of today it amounts to: one of half a year ago counts half.",
    )
    delay_score = figure(
        "Score of the Delay", help="What the PAYDEX scale makes of the expected days late."
    )
    settled_count = count("Payments")
    late_count = count("Paid Late")
    average_days_late = figure(
        "Average Days Late", help="Of all payments, the early ones counted as negative."
    )
    overdue_count = count("Overdue Now")
    overdue_days = count("Oldest Overdue", aggregator="max", help="In days.")
    promise_kept_count = count("Promises Kept")
    promise_partly_count = count("Promises Kept in Part")
    promise_broken_count = count("Promises Broken")
    promise_broken_on = fields.Date(string="Last Promise Broken", readonly=True)
    promise_points = figure("Points for Promises")
    dispute_rejected_count = count("Disputes Rejected")
    dispute_rejected_on = fields.Date(string="Last Dispute Rejected", readonly=True)
    dispute_points = figure("Points for Disputes")
    bounce_count = count("Days on Which Mails Came Back")
    bounce_points = figure("Points for Mails")
    recent_count = count("Payments in a Year")
    reminded_count = count("Needed a Reminder")
    reminder_most = count("Most Reminders", aggregator="max")
    reminder_points = figure("Points for Reminders")
    points_off = figure("Points Off")
    owed = fields.Monetary(readonly=True, help="At the last refresh, in the company's currency.")
    confidence = fields.Selection(
        [("low", "Low"), ("medium", "Medium"), ("high", "High")],
        readonly=True,
        help="How much history this rests on: fewer than 3 payments and overdue invoices, "
        "fewer than 10, or more.",
    )
    trend = fields.Selection(
        [("improving", "Improving"), ("stable", "Stable"), ("slipping", "Slipping")],
        readonly=True,
        help="Against the end of the month three months before: 5 points or more. Empty while "
        "there was little history then, or is now. A change that comes of how other customers pay "
        "is no trend.",
    )
    trend_points = count("Change", aggregator="avg", help="Points against three months ago.")
    is_new_risk = fields.Boolean(
        string="New Risk",
        readonly=True,
        help="Grade D or E now and not three months ago, or little history and at least three "
        "times as much owed as customers owe on average.",
    )
    refreshed_on = fields.Datetime(readonly=True)

    # A constraint, not an index: merging two customers in Odoo gives way to constraints only.
    _company_partner_uniq = models.Constraint(
        "UNIQUE (company_id, partner_id)", "A customer has one score in a company."
    )

    def action_open_history(self):
        """Open the customer's score, month by month."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "billing_crm.action_billing_score_history"
        )
        return {
            **action,
            "name": self.partner_id.display_name,
            "display_name": self.partner_id.display_name,
            "domain": [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
            ],
        }

    def action_open_payments(self):
        """Open the settled installments that the average is formed of."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "billing_crm.action_billing_score_payments"
        )
        return {
            **action,
            "domain": [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
            ],
        }
