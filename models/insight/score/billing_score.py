from itertools import pairwise

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

# How many past payments at the company's own average every customer starts with. Three is what D&B
# asks for before it rates anyone: with fewer, the average of the house speaks louder than theirs.
PRIOR_PAYMENTS = 3

# A payment made this many days ago counts half of one made today: habits of the last half year
# outweigh older ones.
HALF_LIFE_DAYS = 180

# The scale of Dun & Bradstreet's PAYDEX: days late on average -> score, straight lines between.
# Its ends are ours: nobody is better than 30 days early, or worse than half a year late.
PAYDEX = [
    (-30, 100),
    (-20, 90),
    (0, 80),
    (15, 70),
    (22, 60),
    (30, 50),
    (60, 40),
    (90, 30),
    (120, 20),
    (180, 0),
]

# Later than this is not worse: the scale ends here. It also keeps one ancient debt from outweighing
# every payment since.
LATEST_DAYS = PAYDEX[-1][0]

# Lowest score of each grade. A pays on terms or up to a week late, E is three months behind.
GRADES = [("A", 75), ("B", 65), ("C", 50), ("D", 30), ("E", 0)]


class BillingScore(models.Model):
    """A company's opinion of how one customer pays. Rebuilt from the ledger at any time.

    The expected delay is the average of the customer's settled installments, the recent ones
    weighing more, and of those now overdue, which count with the days they are late so far, leaned
    on the average of all the company's payments while there is little history. The delay becomes
    a score on the scale of Dun & Bradstreet's PAYDEX: 80 is on time.
    """

    _name = "billing.score"
    _description = "Payment Score"
    _order = "score, id"
    _rec_name = "partner_id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    salesperson_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    score = fields.Integer(
        readonly=True,
        aggregator="avg",
        help="0 to 100. 100 pays 30 days early, 80 on the due date, 50 a month late.",
    )
    grade = fields.Selection([(g, g) for g, _lowest in GRADES], readonly=True)
    expected_delay = fields.Float(
        string="Expected Days Late", readonly=True, digits=(16, 1), aggregator="avg"
    )
    settled_count = fields.Integer(string="Payments", readonly=True)
    late_count = fields.Integer(string="Paid Late", readonly=True)
    average_days_late = fields.Float(
        readonly=True,
        digits=(16, 1),
        aggregator="avg",
        help="Of all payments, the early ones counted as negative.",
    )
    overdue_count = fields.Integer(string="Overdue Now", readonly=True)
    overdue_days = fields.Integer(
        string="Oldest Overdue", readonly=True, aggregator="max", help="In days."
    )
    confidence = fields.Selection(
        [("low", "Low"), ("medium", "Medium"), ("high", "High")],
        readonly=True,
        help="How much history this rests on: fewer than 3 payments and overdue invoices, "
        "fewer than 10, or more.",
    )
    reasons = fields.Text(compute="_compute_reasons")
    refreshed_on = fields.Datetime(readonly=True)

    # A constraint, not an index: merging two customers in Odoo gives way to constraints only.
    _company_partner_uniq = models.Constraint(
        "UNIQUE (company_id, partner_id)", "A customer has one score in a company."
    )

    @api.depends("settled_count", "late_count", "overdue_count")
    @api.depends_context("lang")
    def _compute_reasons(self):
        for score in self:
            score.reasons = "\n".join(score._get_reasons())

    def _get_reasons(self):
        """Return the figures behind a score as sentences a person can check."""
        self.ensure_one()
        reasons = []
        if self.settled_count:
            days = round(self.average_days_late)
            if days > 0:
                on_average = self.env._("%s days late on average", days)
            elif days < 0:
                on_average = self.env._("%s days early on average", -days)
            else:
                on_average = self.env._("on time on average")
            reasons.append(
                self.env._(
                    "Paid %(late)s of %(total)s invoices late, %(average)s.",
                    late=self.late_count,
                    total=self.settled_count,
                    average=on_average,
                )
            )
        else:
            reasons.append(self.env._("Has not paid an invoice yet."))
        if self.overdue_count:
            reasons.append(
                self.env._(
                    "%(count)s overdue now, the oldest for %(days)s days.",
                    count=self.overdue_count,
                    days=self.overdue_days,
                )
            )
        if self.confidence == "low":
            reasons.append(
                self.env._("Little history: the score leans on the average of all your customers.")
            )
        return reasons

    @api.model
    def _cron_refresh(self):
        for company in self.env["res.company"].search(Domain.TRUE):
            self._refresh(company)
            self.env["ir.cron"]._commit_progress()

    def action_refresh(self):
        """Form the opinions of the current companies anew, as of today."""
        if not self.env.user.has_group("billing_crm.group_billing_user"):
            raise AccessError(self.env._("Only billing users may refresh payment scores."))
        self.sudo().with_context(billing_as_of=False)._refresh(self.env.companies)

    @api.model
    def _refresh(self, companies):
        """Rebuild the scores of ``companies``, each with one statement."""
        for company in companies:
            self.env.execute_query(self._upsert(company))
        self.invalidate_model()

    @api.model
    def _upsert(self, company):
        settlement = self.env["billing.settlement"]
        receivable = self.env["billing.receivable"]
        # `_table_sql` carries the names of the fields that must be flushed first
        return SQL(
            """
            WITH observed AS (
                SELECT partner_id, days_late, days_late AS days, TRUE AS is_settled,
                       power(0.5, (%(as_of)s - settled_date) / %(half_life)s) AS weight
                  FROM %(settlement)s settlement WHERE company_id = %(company)s
                 UNION ALL
                SELECT partner_id, LEAST(days_overdue, %(latest)s), days_overdue, FALSE, 1.0
                  FROM %(receivable)s receivable
                 WHERE company_id = %(company)s AND is_overdue AND can_be_reminded
                   AND partner_id IS NOT NULL
            ),
            house AS (
                SELECT COALESCE(SUM(weight * days_late) / NULLIF(SUM(weight), 0), 0) AS days_late
                  FROM observed WHERE is_settled
            ),
            customer AS (
                SELECT partner_id,
                       (SUM(weight * observed.days_late) + %(prior)s * MAX(house.days_late))
                           / (SUM(weight) + %(prior)s) AS expected_delay,
                       COUNT(*) FILTER (WHERE is_settled) AS settled_count,
                       COUNT(*) FILTER (WHERE is_settled AND observed.days_late > 0) AS late_count,
                       AVG(observed.days_late) FILTER (WHERE is_settled) AS average_days_late,
                       COUNT(*) FILTER (WHERE NOT is_settled) AS overdue_count,
                       MAX(observed.days) FILTER (WHERE NOT is_settled) AS overdue_days,
                       COUNT(*) AS history
                  FROM observed, house
              GROUP BY partner_id
            ),
            scored AS (
                SELECT customer.*, round(%(paydex)s)::int AS score FROM customer
            ),
            gone AS (
                DELETE FROM billing_score
                 WHERE company_id = %(company)s
                   AND partner_id NOT IN (SELECT partner_id FROM scored)
            )
            INSERT INTO billing_score (
                company_id, partner_id, score, grade, expected_delay, settled_count, late_count,
                average_days_late, overdue_count, overdue_days, confidence, refreshed_on)
            SELECT %(company)s, partner_id, score, %(grade)s, expected_delay, settled_count,
                   late_count, COALESCE(average_days_late, 0), overdue_count,
                   COALESCE(overdue_days, 0),
                   CASE WHEN history < 3 THEN 'low' WHEN history < 10 THEN 'medium' ELSE 'high' END,
                   now() AT TIME ZONE 'UTC'
              FROM scored
            ON CONFLICT (company_id, partner_id) DO UPDATE
               SET (score, grade, expected_delay, settled_count, late_count, average_days_late,
                    overdue_count, overdue_days, confidence, refreshed_on)
                 = (EXCLUDED.score, EXCLUDED.grade, EXCLUDED.expected_delay,
                    EXCLUDED.settled_count, EXCLUDED.late_count, EXCLUDED.average_days_late,
                    EXCLUDED.overdue_count, EXCLUDED.overdue_days, EXCLUDED.confidence,
                    EXCLUDED.refreshed_on)
         RETURNING id
            """,
            settlement=settlement._table_sql,
            receivable=receivable._table_sql,
            as_of=receivable._get_as_of(),
            half_life=float(HALF_LIFE_DAYS),
            prior=float(PRIOR_PAYMENTS),
            latest=LATEST_DAYS,
            company=company.id,
            paydex=self._delay_to_score(SQL("expected_delay")),
            grade=self._score_to_grade(SQL("score")),
        )

    @api.model
    def _delay_to_score(self, delay):
        """Return the PAYDEX scale as SQL: straight lines between its points, flat at the ends."""
        pieces = [SQL("WHEN %s <= %s THEN %s", delay, PAYDEX[0][0], PAYDEX[0][1])]
        for (days, score), (next_days, next_score) in pairwise(PAYDEX):
            slope = (next_score - score) / (next_days - days)
            pieces.append(
                SQL(
                    "WHEN %s <= %s THEN %s + (%s - %s) * %s",
                    delay,
                    next_days,
                    score,
                    delay,
                    days,
                    slope,
                )
            )
        return SQL("CASE %s ELSE %s END", SQL(" ").join(pieces), PAYDEX[-1][1])

    @api.model
    def _score_to_grade(self, score):
        pieces = [SQL("WHEN %s >= %s THEN %s", score, lowest, grade) for grade, lowest in GRADES]
        return SQL("CASE %s END", SQL(" ").join(pieces))
