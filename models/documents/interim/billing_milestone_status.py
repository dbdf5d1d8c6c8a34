from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from . import split

STATES = [
    ("planned", "Planned"),
    ("due", "To Invoice"),
    ("draft", "Draft Invoice"),
    ("invoiced", "Invoiced"),
]


class BillingMilestone(models.Model):
    """Where a milestone stands, and what it bills: read from its invoice, never stored.

    A stored figure would make posting any invoice look for milestones.
    """

    _inherit = "billing.milestone"

    state = fields.Selection(
        selection=STATES, string="Status", compute="_compute_state", search="_search_state"
    )
    is_billed = fields.Boolean(compute="_compute_state")
    is_late = fields.Boolean(compute="_compute_state")
    amount_retention = fields.Monetary(
        string="Withheld",
        compute="_compute_amounts",
        help="Kept back by the customer until the release; negative where it is billed.",
    )
    amount_bill = fields.Monetary(
        string="To Bill", compute="_compute_amounts", help="Its amount less what is withheld."
    )
    amount_credited = fields.Monetary(
        string="Credited", compute="_compute_credited", help="With taxes, by posted credit notes."
    )

    # Not on the amounts, which count once posted and are final then: a field that depends on the
    # amount of an entry slows down every write to every entry's lines.
    @api.depends_context("tz")
    @api.depends(
        "invoice_id", "invoice_id.state", "invoice_id.reversal_move_ids.state", "trigger", "date",
        "done", "plan_state",
    )  # fmt: skip
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for milestone in self:
            invoice = milestone.sudo().invoice_id
            milestone.is_billed = bool(invoice) and not invoice._is_billing_void()
            is_reached = milestone.plan_state in ("confirmed", "done") and (
                (milestone.trigger == "date" and milestone.date and milestone.date <= today)
                or (milestone.trigger == "done" and milestone.done)
            )
            milestone.is_late = bool(
                not milestone.is_billed
                and milestone.plan_state in ("confirmed", "done")
                and milestone.date
                and milestone.date < today
            )
            if milestone.is_billed:
                milestone.state = "draft" if invoice.state == "draft" else "invoiced"
            else:
                milestone.state = "due" if is_reached else "planned"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        reached = Domain("plan_state", "in", ("confirmed", "done")) & (
            Domain("trigger", "=", "date") & Domain("date", "<=", today)
            | Domain("trigger", "=", "done") & Domain("done", "=", True)
        )
        billed = Domain("id", "in", self._query_billed())
        drafts = Domain("id", "in", self._query_billed(SQL("invoice.state = 'draft'")))
        domains = {
            "planned": ~billed & ~reached,
            "due": ~billed & reached,
            "draft": drafts,
            "invoiced": billed & ~drafts,
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    def _query_billed(self, condition=None):
        """Return a query of the ids of milestones with an invoice that stands."""
        self.flush_model(["invoice_id"])
        self.env["account.move"].flush_model(["state", "amount_total", "reversed_entry_id"])
        return SQL(
            """(
            SELECT milestone.id
              FROM billing_milestone milestone
              JOIN account_move invoice ON invoice.id = milestone.invoice_id
             WHERE invoice.state != 'cancel'
               AND (invoice.state = 'draft' OR invoice.amount_total = 0 OR invoice.amount_total > (
                    SELECT COALESCE(SUM(credit.amount_total), 0)
                      FROM account_move credit
                     WHERE credit.reversed_entry_id = invoice.id
                       AND credit.state = 'posted'
                       AND credit.move_type = 'out_refund'
                   ))
               AND %s)""",
            condition or SQL("TRUE"),
        )

    def _get_retention_rate(self):
        """Return the percentage that the invoice of this milestone withholds.

        A milestone that is billed after the release withholds nothing; one that comes back after
        it, and is billed again, what the release has billed already.
        """
        self.ensure_one()
        if self.is_release:
            return 0.0
        release = self.plan_id.milestone_ids.filtered("is_release")
        if self.is_billed or release.is_billed:
            return self.retention_rate
        return self.plan_id.retention_rate

    @api.depends(
        "amount", "is_release", "allocation", "retention_rate", "plan_id.retention_rate",
        "plan_id.milestone_ids.amount", "plan_id.milestone_ids.allocation",
    )  # fmt: skip
    def _compute_amounts(self):
        for milestone in self:
            if milestone.is_release:
                others = milestone.plan_id.milestone_ids - milestone
                parts = (
                    milestone.allocation
                    if milestone.is_billed
                    else milestone.plan_id._get_withheld(others)
                )
                withheld = -sum(map(split.price_of, (parts or {}).values()))
            elif milestone.allocation:
                parts = milestone.plan_id._get_withheld(milestone)
                withheld = sum(map(split.price_of, parts.values()))
            else:
                rate = milestone.plan_id.retention_rate
                withheld = milestone.currency_id.round(milestone.amount * rate / 100.0)
            milestone.amount_retention = withheld
            milestone.amount_bill = milestone.amount - withheld

    @api.depends("invoice_id.reversal_move_ids.state")
    def _compute_credited(self):
        for milestone in self:
            milestone.amount_credited = sum(
                milestone.sudo().invoice_id._get_billing_credit_notes().mapped("amount_total")
            )
