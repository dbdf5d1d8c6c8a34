from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL


class BillingStatementReader(models.AbstractModel):
    """What was entered on an account in a period, after the balance brought forward.

    A balance in one currency is what is open in it. So where a document was settled with something
    of another currency, or of another customer, that stands as a row of its own on both accounts;
    otherwise each would show for ever what nobody owes.
    """

    _inherit = "billing.statement.reader"

    @api.model
    def _add_activity(self, company_id, date_from, date_to, own, blocks):
        """Add what happened in a period, and the balance before it, to the blocks of ``own``."""
        if not own:
            return
        rows = self._read_entries(company_id, date_from, date_to, list(own))
        entries = {ask: [] for asks in own.values() for ask in asks}
        for row in rows:
            for ask in own[row["partner_id"]]:
                if ask.covers(row["addressee_id"]):
                    entries[ask].append(row)
        for sides in self._read_transfers(company_id, date_from, date_to, own):
            for ask in {ask for row in sides for ask in own[row["partner_id"]]}:
                entries[ask] += self._get_transferred(ask, sides, own)
        for ask, rows in entries.items():
            for row in sorted(
                rows, key=lambda row: (row["date"], row["amount"] < 0, row["move_id"])
            ):
                self._add_entry(self._get_block(blocks[ask], row["currency_id"]), row)

    @api.model
    def _get_transferred(self, ask, sides, own):
        """Return those sides of a match that changed what is open on an account.

        Two that stand on the same account, in the same currency, cancel out.
        """
        rows = [
            row
            for row in sides
            if ask in own[row["partner_id"]] and ask.covers(row["addressee_id"])
        ]
        if len({row["currency_id"] for row in rows}) == 1:
            currency = self.env["res.currency"].browse(rows[0]["currency_id"])
            if currency.is_zero(sum(row["amount"] for row in rows)):
                return []
        return rows

    @api.model
    def _add_entry(self, block, row):
        if row["is_before"]:
            block["opening"] += row["amount"]
        elif not block["currency"].is_zero(row["amount"]):
            # the same entry may stand on several statements: each has a balance of its own
            block["rows"].append({**row})

    @api.model
    def _read_entries(self, company_id, date_from, date_to, partner_ids):
        """Return what each document put on each account; what was before the period, in one sum."""
        self.env["account.move.line"].flush_model()
        self.env["account.move"].flush_model()
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        with self._reading_many(partner_ids):
            return self.env.execute_query_dict(
                SQL(
                    """
                    WITH entry AS (
                        SELECT customer.id AS partner_id,
                               %(addressee)s AS addressee_id,
                               line.currency_id,
                               line.date < %(date_from)s AS is_before,
                               line.move_id,
                               move.name, move.ref, move.move_type,
                               move.debit_origin_id IS NOT NULL AS is_debit_note,
                               %(kind)s AS kind,
                               line.date,
                               line.date_maturity,
                               line.amount_currency AS amount
                          FROM account_move_line line
                          JOIN account_move move ON move.id = line.move_id
                          JOIN account_account account ON account.id = line.account_id
                          JOIN res_partner partner ON partner.id = line.partner_id
                          JOIN res_partner customer ON customer.id = partner.commercial_partner_id
                               %(join_addressee)s
                         WHERE %(is_receivable)s
                           AND line.company_id = %(company)s
                           AND line.date <= %(date_to)s
                           AND customer.id IN %(partners)s
                    )
                    SELECT partner_id, addressee_id, currency_id, TRUE AS is_before,
                           0 AS move_id, NULL AS name, NULL AS ref, NULL AS move_type,
                           FALSE AS is_debit_note, NULL AS kind, MIN(date) AS date,
                           NULL::date AS date_maturity, SUM(amount) AS amount
                      FROM entry WHERE is_before
                  GROUP BY partner_id, addressee_id, currency_id
                     UNION ALL
                    SELECT partner_id, addressee_id, currency_id, FALSE,
                           move_id, name, ref, move_type, is_debit_note, kind, date,
                           MAX(date_maturity), SUM(amount)
                      FROM entry WHERE NOT is_before
                  GROUP BY partner_id, addressee_id, currency_id, move_id, name, ref, move_type,
                           is_debit_note, kind, date
                    """,
                    addressee=self._document_partner_to_sql(),
                    join_addressee=self._join_document_partner(),
                    kind=self.env["billing.receivable"]._kind_to_sql(),
                    is_receivable=self.env["billing.receivable"]._where_receivable(),
                    company=company_id,
                    # everything is activity where no first day was asked for
                    date_from=date_from or SQL("'-infinity'::date"),
                    date_to=date_to,
                    partners=tuple(partner_ids),
                )
            )

    @api.model
    def _read_transfers(self, company_id, date_from, date_to, own):
        """Return what one account gave to another when two documents were matched.

        :return: of each such match, its sides that are on the accounts of customers in ``own``
        :rtype: list[list[dict]]
        """
        self.env["account.partial.reconcile"].flush_model()
        by_address = any(ask.scope == "contact" for asks in own.values() for ask in asks)
        rows = self.env.execute_query_dict(
            SQL(" UNION ALL ").join(
                [
                    self._select_transfers("debit", "credit", company_id, date_to, own, by_address),
                    self._select_transfers("credit", "debit", company_id, date_to, own, by_address),
                ]
            )
        )
        matches = defaultdict(list)
        for row in rows:
            matches[row["match_id"]].append(
                {
                    **row,
                    "is_before": bool(date_from) and row["date"] < date_from,
                    "kind": "transfer",
                    "move_type": False,
                    "is_debit_note": False,
                    "date_maturity": None,
                    "ref": False,
                }
            )
        return list(matches.values())

    @api.model
    def _select_transfers(self, side, other, company_id, date_to, own, by_address):
        """Return, as SQL, the matches that take something from, or give it to, an account.

        :param side: which line of a match the account is that of, ``debit`` or ``credit``
        """
        return SQL(
            """
            SELECT partial.id AS match_id, customer.id AS partner_id,
                   %(addressee)s AS addressee_id, line.currency_id,
                   partial.max_date AS date, line.move_id, other_move.name,
                   %(sign)s * partial.%(amount)s AS amount
              FROM account_partial_reconcile partial
              JOIN account_move_line line ON line.id = partial.%(line)s
              JOIN account_move move ON move.id = line.move_id
              JOIN account_account account ON account.id = line.account_id
              JOIN res_partner partner ON partner.id = line.partner_id
              JOIN res_partner customer ON customer.id = partner.commercial_partner_id
                   %(join_addressee)s
              JOIN account_move_line other ON other.id = partial.%(other)s
              JOIN account_move other_move ON other_move.id = other.move_id
         LEFT JOIN res_partner other_partner ON other_partner.id = other.partner_id
             WHERE %(is_receivable)s
               AND line.company_id = %(company)s
               AND partial.max_date <= %(date_to)s
               AND customer.id IN %(partners)s
               AND (line.currency_id != other.currency_id
                    OR partial.debit_amount_currency != partial.credit_amount_currency
                    OR other.company_id != line.company_id
                    OR other.parent_state != 'posted'
                    OR other_partner.commercial_partner_id IS DISTINCT FROM customer.id
                    OR %(by_address)s AND other_move.partner_id IS DISTINCT FROM move.partner_id)
            """,
            addressee=self._document_partner_to_sql(),
            join_addressee=self._join_document_partner(),
            sign=SQL("-1" if side == "debit" else "1"),
            amount=SQL.identifier(f"{side}_amount_currency"),
            line=SQL.identifier(f"{side}_move_id"),
            other=SQL.identifier(f"{other}_move_id"),
            is_receivable=self.env["billing.receivable"]._where_receivable(),
            company=company_id,
            date_to=date_to,
            partners=tuple(own),
            by_address=by_address,
        )
