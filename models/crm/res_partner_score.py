from odoo import api, fields, models
from odoo.fields import Domain

from .res_partner import FIGURES_GROUPS

# Field on the customer -> the field of `billing.score` it reads through.
SCORE = {
    "billing_score": "score",
    "billing_grade": "grade",
    "billing_confidence": "confidence",
    "billing_trend": "trend",
    "billing_trend_points": "trend_points",
    "billing_new_risk": "is_new_risk",
}

# The same, of what is put into words when somebody looks at it.
WORDS = {
    "billing_score_reasons": "reasons",
    "billing_score_advice": "advice",
    "billing_trust_proposal": "trust_proposal",
}


def read_through(field, label, compute="_compute_billing_score", **attributes):
    """A field of the customer's score in the current company."""
    return field(string=label, compute=compute, groups=FIGURES_GROUPS, **attributes)


def choice(label, fname, **attributes):
    return read_through(
        fields.Selection,
        label,
        selection=lambda self: (
            self.env["billing.score"]._fields[fname]._description_selection(self.env)
        ),
        **attributes,
    )


def searched(fname):
    """Return a search method for a field that reads ``fname`` of the score through."""

    def search(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        scores = self.env["billing.score"]._search(
            [(fname, operator, value), ("company_id", "=", self.env.company.id)]
        )
        return Domain("commercial_partner_id", "in", scores.subselect("partner_id"))

    return search


class ResPartner(models.Model):
    """What the current company thinks of how a customer pays: the snapshot, read through."""

    _inherit = "res.partner"

    billing_score_id = read_through(
        fields.Many2one, "Payment Score Record", comodel_name="billing.score"
    )
    billing_score = read_through(
        fields.Integer,
        "Payment Score",
        search=searched("score"),
        help="What the current company thinks of how this customer pays: 80 is on time.",
    )
    billing_grade = choice("Payment Grade", "grade", search=searched("grade"))
    billing_confidence = choice(
        "Confidence in Score",
        "confidence",
        search=searched("confidence"),
        help="How much history the score rests on: fewer than 3 payments and overdue invoices, "
        "fewer than 10, or more.",
    )
    billing_trend = choice(
        "Payment Trend",
        "trend",
        search=searched("trend"),
        help="The score against the end of the month three months before: 5 points or more. A "
        "change that comes of how other customers pay is no trend.",
    )
    billing_trend_points = read_through(fields.Integer, "Change of Score")
    billing_new_risk = read_through(
        fields.Boolean,
        "New Risk",
        search=searched("is_new_risk"),
        help="Grade D or E now and not three months ago, or little history and at least three "
        "times as much owed as customers owe on average.",
    )
    billing_score_reasons = read_through(fields.Text, "Why", compute="_compute_billing_score_words")
    billing_score_advice = read_through(
        fields.Text, "What Would Help", compute="_compute_billing_score_words"
    )
    billing_trust_proposal = choice(
        "Suggested Trust", "trust_proposal", compute="_compute_billing_score_words"
    )

    @api.depends("billing_no_scoring")
    @api.depends_context("company", "uid")
    def _compute_billing_score(self):
        """Read the snapshot, one query for all customers."""
        model = self.env["billing.score"]
        stored = [name for name, field in model._fields.items() if field.store]
        scores = model.search_fetch(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company.id),
            ],
            stored,
        )
        by_customer = {score.partner_id: score for score in scores}
        for partner in self:
            score = by_customer.get(partner.commercial_partner_id, model)
            partner.billing_score_id = score
            partner.update({name: score[fname] for name, fname in SCORE.items()})

    @api.depends("billing_no_scoring", "trust")
    @api.depends_context("company", "uid", "lang")
    def _compute_billing_score_words(self):
        for partner in self:
            partner.update({name: partner.billing_score_id[fname] for name, fname in WORDS.items()})

    def action_open_billing_score_history(self):
        """Open the customer's score, month by month."""
        self.ensure_one()
        return self.billing_score_id.action_open_history()

    def action_open_billing_score(self):
        """Open the customer's score with its arithmetic."""
        self.ensure_one()
        return self.billing_score_id._get_records_action()

    def action_accept_billing_trust(self):
        """Give the customer the degree of trust that is suggested."""
        self.ensure_one()
        self.billing_score_id.action_accept_trust()
