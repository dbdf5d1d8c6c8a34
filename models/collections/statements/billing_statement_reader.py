from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

KINDS = [
    ("open", "Open items"),
    ("activity", "Activity, with balance brought forward"),
    ("overdue", "Past due only"),
]


class BillingStatementReader(models.AbstractModel):
    """Reads the accounts of many customers at once, as of a date, from the ledger.

    The number of queries depends on how many companies and dates are asked about, never on the
    number of customers. Whoever calls has checked what the user may see: this reads as superuser.

    A block is a dictionary, one for each currency: ``currency``, ``rows``, ``opening``, ``closing``
    (what the ledger says is open), ``buckets`` (pairs of key and amount, adding up to ``closing``),
    ``overdue`` (past its due date, before credits), ``not_due`` and ``credits`` (not positive).
    All amounts are in the currency of the block.
    """

    _name = "billing.statement.reader"
    _description = "Statement of Account: Figures"

    @api.model
    def _read(self, asks):
        """Return the blocks of each of ``asks``: a list in the company's currency first.

        A customer with whom there is nothing has one empty block.

        :rtype: dict[Ask, list[dict]]
        """
        blocks = {ask: {} for ask in asks}
        owners = self._get_owners(asks)
        for (company_id, date_to), group in self._group(asks, "company_id", "date_to"):
            self._add_open_items(company_id, date_to, self._own(owners, group), blocks)
        activities = [ask for ask in asks if ask.kind == "activity"]
        for period, group in self._group(activities, "company_id", "date_from", "date_to"):
            self._add_activity(*period, self._own(owners, group), blocks)
        keys = {
            company_id: list(self._get_aging_buckets(company_id))
            for company_id in {ask.company_id for ask in asks}
        }
        return {
            ask: self._finish(ask, found, keys[ask.company_id]) for ask, found in blocks.items()
        }

    @api.model
    def _group(self, asks, *names):
        """Return pairs of these attributes' values and the asks that have them."""
        groups = defaultdict(list)
        for ask in asks:
            groups[tuple(getattr(ask, name) for name in names)].append(ask)
        return groups.items()

    @api.model
    def _own(self, owners, asks):
        """Return, by the id of each commercial partner, those of ``asks`` its items belong to."""
        own = defaultdict(list)
        for ask in asks:
            for partner_id in owners[ask]:
                own[partner_id].append(ask)
        return own

    @api.model
    def _get_owners(self, asks):
        """Return the ids of the commercial partners whose items each of ``asks`` is about."""
        heads = {ask.partner_id for ask in asks if ask.scope == "group"}
        families = self._get_families(heads) if heads else {}
        return {
            ask: families[ask.partner_id] if ask.scope == "group" else [ask.partner_id]
            for ask in asks
        }

    @api.model
    def _get_families(self, partner_ids):
        """Return the ids of the commercial partners at and below each of these partners."""
        self.env["res.partner"].flush_model(["parent_id", "commercial_partner_id"])
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    WITH RECURSIVE family AS (
                        SELECT id AS head_id, id FROM res_partner WHERE id IN %s
                         UNION
                        SELECT family.head_id, child.id
                          FROM res_partner child JOIN family ON child.parent_id = family.id
                    )
                    SELECT head_id, array_agg(DISTINCT partner.commercial_partner_id)
                      FROM family JOIN res_partner partner ON partner.id = family.id
                  GROUP BY head_id
                    """,
                    tuple(partner_ids),
                )
            )
        )

    @api.model
    def _document_partner_to_sql(self):
        """Return, as SQL, to whom the document of ``line`` is addressed: an address of ``customer``
        (join `_join_document_partner`), or the customer itself."""
        return SQL(
            """CASE WHEN addressee.commercial_partner_id = customer.id
                    THEN addressee.id ELSE customer.id END"""
        )

    @api.model
    def _join_document_partner(self):
        return SQL("LEFT JOIN res_partner addressee ON addressee.id = move.partner_id")

    @api.model
    def _get_block(self, found, currency_id):
        """Return the block of a currency among those ``found``, a new one if there is none."""
        if currency_id not in found:
            found[currency_id] = {
                "currency": self.env["res.currency"].browse(currency_id),
                "rows": [],
                "opening": 0.0,
                "closing": 0.0,
                "buckets": defaultdict(float),
                "overdue": 0.0,
                "credits": 0.0,
            }
        return found[currency_id]

    @api.model
    def _finish(self, ask, found, buckets):
        """Return the blocks in order, rounded, with running balances and all of ``buckets``."""
        own = self.env["res.company"].browse(ask.company_id).currency_id
        if not found:
            self._get_block(found, own.id)
        for block in found.values():
            currency = block["currency"]
            for name in ("opening", "closing", "overdue", "credits"):
                block[name] = currency.round(block[name])
            block["not_due"] = currency.round(
                block["closing"] - block["overdue"] - block["credits"]
            )
            block["buckets"] = [(key, currency.round(block["buckets"][key])) for key in buckets]
            balance = block["opening"]
            for row in block["rows"]:
                balance = currency.round(balance + row["amount"])
                row["balance"] = balance
        ordered = sorted(
            found.values(), key=lambda block: (block["currency"] != own, block["currency"].name)
        )
        filled = [block for block in ordered if self._is_worth_showing(block)]
        return filled or ordered[:1]

    @api.model
    def _is_worth_showing(self, block):
        return bool(
            block["rows"]
            or block["opening"]
            or block["closing"]
            or any(amount for _key, amount in block["buckets"])
        )

    @api.model
    def _get_aging_buckets(self, company_id):
        """Return the aging buckets of a company, key -> label in the language of the context."""
        company = self.env["res.company"].browse(company_id)
        return self.env["billing.receivable"].with_company(company)._get_aging_buckets()
