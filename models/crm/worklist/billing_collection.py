from odoo import fields, models
from odoo.exceptions import AccessError, UserError

# Columns of the kanban. A person moves customers among the first, second and fifth; the others
# follow from what is known, and a customer leaves them by itself when it is no longer so.
STAGES = [
    ("to_contact", "To Contact"),
    ("contacted", "Contacted"),
    ("promised", "Promised"),
    ("disputed", "Disputed"),
    ("escalated", "Escalated"),
    ("done", "Done"),
]
STAGES_BY_HAND = ("to_contact", "contacted", "escalated")

# How long a customer who was contacted is left alone if nobody says when the next step is.
NEXT_CONTACT_DAYS = 7

# What the refresh writes, in the order of its statement. Only the first may be set by a person.
FOUND = [
    "stage", "closed_on", "last_contact_on", "last_contact_by", "amount", "overdue", "disputed",
    "promised", "paused", "planned", "promised_until", "paused_until", "oldest_days", "item_count",
    "broken_count", "unread_count", "limit_used", "score", "grade", "points",
]  # fmt: skip


def figure(label, **attributes):
    """An amount in the company's currency that the refresh writes."""
    return fields.Monetary(string=label, readonly=True, **attributes)


class BillingCollection(models.Model):
    """A customer from whom a company has something to collect: one row of the worklist.

    Figures, points and most stages are an opinion, refreshed for a company with one statement;
    owner, notes and what was said with the customer stay. A row whose debt is gone is closed,
    and opens again when there is a new one.
    """

    _name = "billing.collection"
    _inherit = ["mail.thread", "mail.activity.mixin", "billing.link.mixin"]
    _description = "Customer to Collect from"
    _order = "points desc, amount desc, id"
    _rec_name = "partner_id"
    _mail_post_access = "read"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    salesperson_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        index=True,
        tracking=True,
        check_company=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Who looks after this customer. Whoever makes the first contact becomes it.",
    )
    stage = fields.Selection(
        STAGES,
        required=True,
        default="to_contact",
        tracking=True,
        group_expand=True,
        help="Promised, Disputed and Done follow from what is known. Contacted goes back to "
        "To Contact on the day of the next step.",
    )
    notes = fields.Html(help="What whoever calls next should know.")
    next_contact_on = fields.Date(string="Next Step", tracking=True)
    closed_on = fields.Date(readonly=True, help="Since when there is nothing to collect.")
    last_contact_on = fields.Datetime(
        string="Last Contact", readonly=True, help="The latest call, mail or reminder."
    )
    last_contact_by = fields.Selection(
        [("call", "Call"), ("mail", "Mail"), ("reminder", "Reminder")], readonly=True
    )

    amount = figure(
        "To Collect",
        help="What the customer may be asked for: overdue, less what they contest and less their "
        "open credits of the same currency. What is promised or paused is part of it.",
    )
    overdue = figure(
        "Overdue",
        help="All that is past its due date, before credits; without what is marked No Follow-Up "
        "or being paid online.",
    )
    disputed = figure("Disputed", help="The part of what is overdue that the customer contests.")
    promised = figure("Promised", help="The part of what is overdue that is promised.")
    paused = figure("Paused", help="The part of what is overdue for which reminders are paused.")
    planned = figure("In Plan", help="The part of what is overdue that is in a payment plan.")
    promised_until = fields.Date(readonly=True)
    paused_until = fields.Date(readonly=True)
    oldest_days = fields.Integer(string="Days", readonly=True, aggregator="max")
    item_count = fields.Integer(string="Overdue Items", readonly=True)
    broken_count = fields.Integer(
        string="Broken Promises", readonly=True, help="Within the last twelve months."
    )
    unread_count = fields.Integer(
        string="Unread Invoices", readonly=True, help="Overdue, sent, and never read by a person."
    )
    limit_used = fields.Integer(
        string="Credit Limit Used",
        readonly=True,
        aggregator="avg",
        help="What is owed, in percent of the customer's credit limit; 0 without a limit.",
    )
    score = fields.Integer(readonly=True, aggregator="avg")
    grade = fields.Selection(
        selection=lambda self: self.env["billing.score"]._fields["grade"].selection, readonly=True
    )
    points = fields.Integer(
        readonly=True,
        aggregator="avg",
        help="What a contact is worth today. More for much, for old, for who pays poorly, has "
        "broken promises, reads nothing, or has nearly used up the credit limit. Less for what "
        "is promised, disputed, paused or in a plan, and after a contact of the last days.",
    )
    reasons = fields.Text(compute="_compute_reasons")

    # A constraint, not an index: merging two customers in Odoo gives way to constraints only.
    _company_partner_uniq = models.Constraint(
        "UNIQUE (company_id, partner_id)", "A customer is on a company's worklist once."
    )

    def write(self, vals):
        # EXTENDS 'mail': figures are found, not entered; facts say who has promised
        if not self.env.su and set(vals) & {*FOUND[1:], "company_id", "partner_id"}:
            raise AccessError(self.env._("The figures of the worklist cannot be changed by hand."))
        stage = vals.get("stage")
        if stage and not self.env.su:
            self._check_stage(stage)
        if stage == "contacted" and "next_contact_on" not in vals:
            today = fields.Date.context_today(self)
            vals = {**vals, "next_contact_on": fields.Date.add(today, days=NEXT_CONTACT_DAYS)}
        return super().write(vals)

    def _check_stage(self, stage):
        """:raise UserError: if these customers cannot be put into ``stage`` by hand"""
        if stage in STAGES_BY_HAND or all(row.stage == stage for row in self):
            return
        raise UserError(
            {
                "promised": self.env._(
                    "A customer comes here by itself as soon as a promise is entered."
                ),
                "disputed": self.env._(
                    "A customer comes here by itself as soon as a dispute is entered."
                ),
                "done": self.env._("A customer is done as soon as nothing is left to collect."),
            }[stage]
        )

    def action_take(self):
        """Become the owner of these customers."""
        self.write({"user_id": self.env.uid})

    def action_open_partner(self):
        """Open the customer."""
        self.ensure_one()
        return self.partner_id.get_formview_action()
