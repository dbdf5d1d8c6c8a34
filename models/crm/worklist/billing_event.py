from odoo import fields, models

# What came of a call.
CALL_OUTCOMES = [
    ("reached", "Reached"),
    ("no_answer", "No answer"),
    ("wrong_number", "Wrong number"),
    ("promised", "Promised to pay"),
    ("disputed", "Does not agree"),
    ("will_pay", "Will pay today"),
]


class BillingEvent(models.Model):
    """A call to a customer is an event too: who called, and what came of it."""

    _inherit = "billing.event"

    kind = fields.Selection(selection_add=[("called", "Called")], ondelete={"called": "cascade"})
    outcome = fields.Selection(CALL_OUTCOMES, readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Done by", readonly=True, ondelete="set null", help="Who called."
    )

    # the worklist asks for the latest call of every customer
    _called_idx = models.Index("(company_id, partner_id, date) WHERE kind = 'called'")

    def _describe_call(self):
        """Say in a line who called whom, and what came of it."""
        self.ensure_one()
        outcomes = dict(self._fields["outcome"]._description_selection(self.env))
        who = {"user": self.user_id.sudo().name, "contact": self.recipient_id.sudo().name}
        text = self.env._("%(user)s called %(contact)s", **who)
        text += f": {outcomes.get(self.outcome, '')}"
        return f"{text} ({self.note})" if self.note else text
