from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class BillingPastDue(models.Model):
    """What one customer was told to owe, on one day, in one currency: each overdue invoice, what
    was paid, interest and fees, and the total. It stays as it was told."""

    _name = "billing.past.due"
    _inherit = ["mail.thread", "billing.link.mixin"]
    _description = "Past Due Document"
    _order = "id desc"
    _mail_post_access = "read"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        help="Empty if it is about everything that is overdue in this currency.",
    )
    reminder_id = fields.Many2one(
        "billing.reminder",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The reminder with which it went out.",
    )
    date = fields.Date(required=True, readonly=True, help="The day on which it was made.")
    date_until = fields.Date(
        string="Interest until", required=True, readonly=True, help="The last day of interest."
    )
    amount_open = fields.Monetary(string="Overdue", readonly=True)
    amount_interest = fields.Monetary(
        string="Interest", readonly=True, help="What has not been charged with a debit note yet."
    )
    amount_fee = fields.Monetary(
        string="Fees", readonly=True, help="What has not been charged with a debit note yet."
    )
    amount_credit = fields.Monetary(
        string="Credits", readonly=True, help="Open credits and payments of the customer."
    )
    amount_total = fields.Monetary(string="Due Now", readonly=True)
    content = fields.Json(readonly=True)

    @api.depends("partner_id", "move_id", "date")
    def _compute_display_name(self):
        for document in self:
            document.display_name = self.env._(
                "Past due on %(date)s: %(subject)s",
                date=format_date(self.env, document.date),
                subject=document.sudo().move_id.name or document.sudo().partner_id.name,
            )

    # -- Making ------------------------------------------------------------------------------------

    @api.model
    def _make_for_moves(self, moves, until=None):
        """Make a document for each of these invoices.

        :param until: the last day of interest; today if not said
        :raise UserError: if nothing of one is overdue
        """
        rows = self._find_rows([("move_id", "in", (moves | moves._get_billing_late_notes()).ids)])
        requests = []
        for move in moves:
            mine = rows.filtered(
                lambda row, move=move: move in (row.move_id | row.move_id.debit_origin_id)
            )
            if not mine:
                raise UserError(self.env._("Nothing is overdue of %s.", move.display_name))
            requests.append((mine, {"move_id": move.id}))
        return self._make(requests, until)

    @api.model
    def _make_for_customers(self, partners, company, until=None):
        """Make a document for each of these customers and currency in which something is overdue.

        :param partners: commercial partners
        :raise UserError: if nothing is overdue
        """
        rows = self._find_rows(
            [("partner_id", "in", partners.ids), ("company_id", "=", company.id)]
        )
        if not rows:
            raise UserError(self.env._("Nothing is overdue."))
        groups = rows.grouped(lambda row: (row.company_id, row.partner_id, row.currency_id))
        due = rows._get_due_now_of_many(list(groups))
        return self._make(
            [(group, {"amount_credit": due[key]["given"]}) for key, group in groups.items()], until
        )

    @api.model
    def _find_rows(self, domain):
        """Return what of ``domain`` a customer may be asked for: overdue items, and what is charged
        for late payment and due today."""
        rows = self.env["billing.receivable"].search(
            [
                *domain,
                "|",
                ("is_overdue", "=", True),
                "&",
                ("billing_type", "=", "past_due"),
                ("date_maturity", "<=", fields.Date.context_today(self)),
                ("chased_currency", ">", 0),
                "|",
                ("kind", "=", "entry"),
                "&",
                ("kind", "=", "invoice"),
                ("payment_state", "in", ("not_paid", "partial")),
            ]
        )
        return rows.sudo()

    @api.model
    def _make(self, requests, until=None, *, with_interest=True):
        """Make documents.

        :param requests: (`billing.receivable`, further values) of each, of one company, customer
            and currency
        :raise UserError: if the day is over, or interest cannot be calculated
        """
        every = self.env["billing.receivable"].sudo().concat(*(rows for rows, _vals in requests))
        charges = {}
        for company, rows in every.grouped("company_id").items():
            today = company._get_billing_today()
            if until and until < today:
                raise UserError(self.env._("Interest can be shown until today, or a later day."))
            if with_interest:
                charges.update(
                    self.env["billing.late.charge"]._calculate(rows.line_id, until or today)
                )
        return (
            self.sudo()
            .create(
                [
                    {
                        **vals,
                        **self._prepare(rows, until, charges, vals.get("amount_credit", 0.0)),
                    }
                    for rows, vals in requests
                ]
            )
            .sudo(self.env.su)
        )

    @api.model
    def _prepare(self, rows, until, charges, credit):
        company, partner, currency = rows.company_id, rows.partner_id, rows.currency_id
        today = company._get_billing_today()
        items = self._get_items(rows, charges)
        sums = {
            name: currency.round(sum(item[name] for item in items))
            for name in ("asked", "interest", "fee")
        }
        return {
            "company_id": company.id,
            "partner_id": partner.id,
            "currency_id": currency.id,
            "date": today,
            "date_until": until or today,
            "amount_open": sums["asked"],
            "amount_interest": sums["interest"],
            "amount_fee": sums["fee"],
            "amount_total": max(currency.round(sum(sums.values()) - credit), 0.0),
            "content": {"items": items},
        }
