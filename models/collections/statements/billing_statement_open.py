from collections import defaultdict
from contextlib import nullcontext

from odoo import api, models
from odoo.tools import SQL

# What is read of each open item; all of them columns of `billing.receivable`.
COLUMNS = (
    "bucket",
    "currency_id",
    "date",
    "date_maturity",
    "days_overdue",
    "disputed_currency",
    "invoice_date",
    "is_overdue",
    "kind",
    "line_id",
    "move_id",
    "partner_id",
    "residual",
    "residual_currency",
    "share_id",
)
# More customers than this are read by joining whole tables.
MANY = 100


class BillingStatementReader(models.AbstractModel):
    """What is open on a date: the rows of two kinds of statement, the aging of all three."""

    _inherit = "billing.statement.reader"

    @api.model
    def _add_open_items(self, company_id, date_to, own, blocks):
        """Add what is open on ``date_to`` to the blocks of those who ``own`` it."""
        for row in self._read_open_items(company_id, date_to, list(own)):
            for ask in own[row["partner_id"]]:
                if ask.covers(row["addressee_id"]):
                    self._add_open_item(ask, row, self._get_block(blocks[ask], row["currency_id"]))

    @api.model
    def _add_open_item(self, ask, row, block):
        amount = row["residual_currency"]
        block["closing"] += amount
        block["buckets"][row["bucket"]] += amount
        if row["is_overdue"]:
            block["overdue"] += amount
        if row["bucket"] == "credit":
            block["credits"] += amount
        if ask.kind == "open" or (ask.kind == "overdue" and row["is_overdue"]):
            block["rows"].append({**row, "amount": amount})

    @api.model
    def _read_open_items(self, company_id, date_to, partner_ids):
        """Return the open items of customers as of ``date_to``, the earliest due first.

        :return: `COLUMNS`, and of each item ``name`` and ``ref`` of the document, ``move_type``,
            ``is_debit_note``, ``original`` (its amount at first) and ``addressee_id``
        :rtype: list[dict]
        """
        if not partner_ids:
            return []
        with self._reading_many(partner_ids):
            return self.env.execute_query_dict(
                SQL(
                    """
                    SELECT item.*, move.name, move.ref, move.move_type,
                           move.debit_origin_id IS NOT NULL AS is_debit_note,
                           line.amount_currency AS original,
                           %(addressee)s AS addressee_id
                      FROM (%(items)s) item
                      JOIN account_move_line line ON line.id = item.line_id
                      JOIN account_move move ON move.id = item.move_id
                      JOIN res_partner customer ON customer.id = item.partner_id
                           %(join_addressee)s
                  ORDER BY item.date_maturity, item.date, item.move_id, item.line_id
                    """,
                    items=self._select_open_items(company_id, date_to, partner_ids),
                    addressee=self._document_partner_to_sql(),
                    join_addressee=self._join_document_partner(),
                )
            )

    @api.model
    def _select_open_items(self, company_id, date_to, partner_ids):
        """Return, as SQL, `COLUMNS` of the open items of customers of a company on a date."""
        receivables = (
            self.env["billing.receivable"]
            .sudo()
            .with_company(self.env["res.company"].browse(company_id))
            .with_context(billing_as_of=date_to)
        )
        query = receivables._search(
            [("company_id", "=", company_id), ("partner_id", "in", partner_ids)]
        )
        columns = [receivables._field_to_sql(query.table, name, query) for name in COLUMNS]
        self.env["account.move"].flush_model(["name", "ref", "debit_origin_id", "partner_id"])
        return query.select(*columns)

    @api.model
    def _reading_many(self, partner_ids):
        """Return the context in which PostgreSQL reads the items of so many customers best."""
        if len(partner_ids) > MANY:
            return self.env["billing.receivable"]._joining_large_sets()
        return nullcontext()

    @api.model
    def _read_totals(self, asks):
        """Return what `_make` needs to know of each of ``asks``: sums without their items.

        :return: by ask: ``open``, by currency id and in that currency; ``balance`` and
            ``past_due`` (before credits), of all currencies in the company's
        :rtype: dict[Ask, dict]
        """
        totals = {
            ask: {"open": defaultdict(float), "past_due": 0.0, "balance": 0.0} for ask in asks
        }
        owners = self._get_owners(asks)
        for (company_id, date_to), group in self._group(asks, "company_id", "date_to"):
            own = self._own(owners, group)
            for partner, addressee, currency, amount, company_amount, past_due in self._sum_items(
                company_id, date_to, list(own)
            ):
                for ask in own[partner]:
                    if ask.covers(addressee):
                        total = totals[ask]
                        total["open"][currency] += amount
                        total["balance"] += company_amount
                        total["past_due"] += past_due
        return totals

    @api.model
    def _sum_items(self, company_id, date_to, partner_ids):
        with self._reading_many(partner_ids):
            return self.env.execute_query(
                SQL(
                    """
                    SELECT item.partner_id, %(addressee)s, item.currency_id,
                           SUM(item.residual_currency), SUM(item.residual),
                           COALESCE(SUM(item.residual) FILTER (WHERE item.is_overdue), 0)
                      FROM (%(items)s) item
                      JOIN account_move move ON move.id = item.move_id
                      JOIN res_partner customer ON customer.id = item.partner_id
                           %(join_addressee)s
                  GROUP BY 1, 2, 3
                    """,
                    items=self._select_open_items(company_id, date_to, partner_ids),
                    addressee=self._document_partner_to_sql(),
                    join_addressee=self._join_document_partner(),
                )
            )
