from odoo import api, fields, models
from odoo.tools import SQL

from .arrival import arrived_by

# What customers pay for documents: what last month's forecast is compared with. Typed amounts are
# not from customers.
CUSTOMER_KINDS = ("receivable", "plan", "draft", "recurring")


def amount_field(label, currency="company_currency_id", **attributes):
    return fields.Monetary(
        string=label, currency_field=currency, readonly=True, aggregator="sum", **attributes
    )


class BillingForecast(models.Model):
    """One amount that is to come in or go out, and when. Rebuilt at any time.

    A snapshot of the open items, the vendor bills, what is billed next and what was typed in:
    amounts that go out are negative. Everything is in the currency of the document and in the
    company's at one rate that is kept with it.
    """

    _name = "billing.forecast"
    _description = "Cash to Come"
    _order = "expected_date, amount desc, id"
    _rec_name = "name"
    _log_access = False

    name = fields.Char(string="Document", readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    direction = fields.Selection(
        selection=[("in", "In"), ("out", "Out")], required=True, readonly=True
    )
    kind = fields.Selection(
        selection=[
            ("receivable", "Open invoice"),
            ("plan", "Payment plan"),
            ("credit", "Open credit"),
            ("draft", "Draft that will be posted"),
            ("recurring", "Recurring, to be billed"),
            ("bill", "Vendor bill"),
            ("planned", "Planned"),
        ],
        required=True,
        readonly=True,
    )
    partner_id = fields.Many2one(
        "res.partner", string="Contact", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    move_id = fields.Many2one(
        "account.move", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    line_id = fields.Many2one(
        "account.move.line",
        string="Installment",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    share_id = fields.Integer(readonly=True, aggregator=None)
    recurring_id = fields.Many2one(
        "billing.recurring", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    planned_id = fields.Many2one(
        "billing.planned.cash", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    open_currency = amount_field("Open in Currency", "currency_id")
    disputed_currency = amount_field(
        "Disputed",
        "currency_id",
        help="What the customer contests, or a vendor bill that is blocked. Nobody knows when it "
        "will be paid, so it is left out.",
    )
    credited_currency = amount_field(
        "Credits",
        "currency_id",
        help="Credit notes and payments on account that the contact has with this company. They "
        "are deducted from what is due first, as the contact will do.",
    )
    amount_currency = amount_field(
        "Amount in Currency",
        "currency_id",
        help="What is open, less what is disputed and what the contact will set against it.",
    )
    open = amount_field(
        "Open",
        help="As the ledger has it, in the company's currency at the rate of the document. Of "
        "open invoices, payment plans and open credits together it is the balance of the "
        "receivable accounts.",
    )
    amount = amount_field(
        "Amount",
        help="What will come in, or go out (negative), in the company's currency at the rate "
        "that is shown: the latest one Odoo knows.",
    )
    rate = fields.Float(
        readonly=True,
        digits=0,
        aggregator=None,
        help="So much of the company's currency for 1 of the document's.",
    )
    rate_date = fields.Date(
        readonly=True,
        help="The day of that rate. Empty: Odoo knows none, and the rate is that of the document.",
    )
    date_maturity = fields.Date(string="Due Date", readonly=True)
    date_due = fields.Date(
        string="By Due Date",
        readonly=True,
        help="When it would come if everybody paid on the due date; what is overdue, today.",
    )
    expected_date = fields.Date(
        string="Expected",
        readonly=True,
        index=True,
        help="As likely before as after. From the prediction of the customer's payments, a "
        "promise, or the due date, never before today, and on a day when banks are open.",
    )
    earliest_date = fields.Date(
        string="Earliest", readonly=True, help="Nine of ten come later than this."
    )
    latest_date = fields.Date(
        string="Latest", readonly=True, help="Nine of ten have come by this day."
    )
    first_date = fields.Date(string="First Possible", readonly=True)
    last_date = fields.Date(string="Last Possible", readonly=True)
    promised_date = fields.Date(string="Promised for", readonly=True)
    basis = fields.Selection(
        selection=[
            ("prediction", "Prediction"),
            ("promise", "Promise"),
            ("due", "Due date"),
            ("typed", "Typed"),
        ],
        string="Dates From",
        readonly=True,
        help="What the expected date rests on. Due date: nothing is known of the customer's "
        "payments yet, or it is a bill of ours.",
    )
    is_overdue = fields.Boolean(readonly=True)
    gap_rank = fields.Integer(
        readonly=True,
        aggregator=None,
        help="The place among the receivables that would close the cash gap; 0 for others.",
    )
    refreshed_on = fields.Datetime(readonly=True)
    period_probability = fields.Float(
        string="Probability",
        compute="_compute_period",
        digits=(16, 3),
        help="That it arrives in the period this list is about.",
    )
    period_amount = fields.Monetary(
        string="Counted",
        compute="_compute_period",
        currency_field="company_currency_id",
        help="Amount × probability: what this counts for in the period.",
    )

    @api.depends("expected_date")
    @api.depends_context("billing_period_start", "billing_period_end")
    def _compute_period(self):
        start, end = (
            fields.Date.to_date(self.env.context.get(f"billing_period_{name}"))
            for name in ("start", "end")
        )
        probabilities = {}
        if start and end and self.ids:
            self.flush_model()
            probabilities = dict(
                self.env.execute_query(
                    SQL(
                        "SELECT item.id, %s - %s FROM billing_forecast item WHERE item.id IN %s",
                        arrived_by(SQL("%s", end)),
                        arrived_by(SQL("%s", fields.Date.subtract(start, days=1))),
                        tuple(self.ids),
                    )
                )
            )
        for flow in self:
            flow.period_probability = float(probabilities.get(flow.id, 0))
            flow.period_amount = flow.amount * flow.period_probability

    def action_open_document(self):
        """Open the document, the series or the plan behind this amount."""
        self.ensure_one()
        source = self.move_id or self.recurring_id or self.planned_id
        return source._get_records_action()
