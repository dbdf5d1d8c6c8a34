from odoo import api, fields, models
from odoo.tools.misc import format_date

from . import constants
from .engine import predict


class BillingPrediction(models.Model):
    """When one open installment will be paid, as far as the past can tell.

    An opinion: rebuilt every night from what customers paid and what they promised. What is owed is
    not in it; join `billing.receivable` on the installment and the part of its plan.
    """

    _name = "billing.prediction"
    _description = "Expected Payment"
    _order = "expected_date, id"
    _rec_name = "move_id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, index=True, ondelete="cascade"
    )
    salesperson_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    line_id = fields.Many2one(
        "account.move.line",
        string="Installment",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    share_id = fields.Integer(
        required=True,
        readonly=True,
        default=0,
        help="The part of a payment plan; 0 if the installment is in none.",
    )
    date_maturity = fields.Date(string="Due Date", required=True, readonly=True)
    late_probability = fields.Float(
        string="Late Payment Risk",
        readonly=True,
        digits=(16, 2),
        aggregator="avg",
        help="How likely it is to be paid after its due date.",
    )
    late30_probability = fields.Float(
        string="Risk of More Than 30 Days",
        readonly=True,
        digits=(16, 2),
        aggregator="avg",
        help="How likely it is to be paid more than 30 days after its due date.",
    )
    expected_days = fields.Integer(
        string="Expected Days Late", readonly=True, aggregator="avg", help="Negative when early."
    )
    expected_date = fields.Date(
        readonly=True,
        help="It is as likely to be paid before this day as after it. The day of a promise, if "
        "this customer keeps promises.",
    )
    earliest_date = fields.Date(readonly=True, help="One in ten is paid before this day.")
    latest_date = fields.Date(readonly=True, help="One in ten is paid after this day.")
    promised_date = fields.Date(readonly=True, help="What the customer promised.")
    payment_count = fields.Integer(
        string="Payments",
        readonly=True,
        aggregator=None,
        help="So many payments of this customer it rests on. With few of them it leans on the "
        "average of all your customers.",
    )
    refreshed_on = fields.Datetime(readonly=True)
    explanation = fields.Char(compute="_compute_explanation")

    _installment_uniq = models.UniqueIndex(
        "(line_id, share_id)", "An installment is expected once."
    )

    @api.depends("expected_date", "earliest_date", "latest_date", "payment_count", "promised_date")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for prediction in self:
            prediction.explanation = prediction._explain()

    def _explain(self):
        """Say the range and what it rests on, in a sentence."""
        self.ensure_one()
        sentences = [
            self.env._(
                "In 8 of 10 cases between %(earliest)s and %(latest)s.",
                earliest=format_date(self.env, self.earliest_date),
                latest=format_date(self.env, self.latest_date),
            )
        ]
        if self.promised_date:
            sentences.append(
                self.env._("Promised for %s.", format_date(self.env, self.promised_date))
            )
        if self.payment_count >= constants.PRIOR_PAYMENTS:
            sentences.append(
                self.env._("Judged by %s payments of this customer.", self.payment_count)
            )
        else:
            sentences.append(self.env._("Judged by what your customers usually do."))
        return " ".join(sentences)

    @api.model
    def _predict(self, asked, settled, open_items):
        """Return the SQL of predictions for relations of one company; see `engine.predict`."""
        return predict(asked, settled, open_items)

    def action_open_document(self):
        """Open the invoice this is about."""
        self.ensure_one()
        return self.move_id._get_records_action()
