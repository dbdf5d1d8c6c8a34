from dateutil.relativedelta import relativedelta
from odoo import api, fields, models

from .constants import HISTORY_MONTHS


class BillingScoreHistory(models.Model):
    """What the score of a customer was at the end of a month; of the current one, what it is."""

    _name = "billing.score.history"
    _description = "Payment Score by Month"
    _order = "month desc, id"
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
    month = fields.Date(required=True, readonly=True)
    score = fields.Integer(readonly=True, aggregator="avg")
    grade = fields.Selection(
        selection=lambda self: self.env["billing.score"]._fields["grade"].selection, readonly=True
    )
    expected_delay = fields.Float(
        string="Expected Days Late", readonly=True, digits=(16, 1), aggregator="avg"
    )
    own_score = fields.Float(
        string="Without the Company's Average",
        readonly=True,
        digits=(16, 1),
        aggregator="avg",
        help="The score as it would be if it did not lean on how other customers pay.",
    )
    confidence = fields.Selection(
        selection=lambda self: self.env["billing.score"]._fields["confidence"].selection,
        readonly=True,
    )

    # A constraint, not an index: merging two customers in Odoo gives way to constraints only.
    _company_partner_month_uniq = models.Constraint(
        "UNIQUE (company_id, month, partner_id)", "A customer has one score a month in a company."
    )

    @api.autovacuum
    def _gc_old_months(self):
        """Forget what is older than people are told."""
        first = fields.Date.context_today(self).replace(day=1)
        self.search([("month", "<=", first - relativedelta(months=HISTORY_MONTHS))]).unlink()
