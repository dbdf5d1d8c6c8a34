from dataclasses import dataclass
from datetime import date

from odoo import api, models
from odoo.tools import SQL, groupby

from .day_count import DAY
from .disputes import exclude_disputed
from .terms_book import exact_amount


@dataclass(slots=True)
class Row:
    """An installment as it was read; amounts in its currency."""

    line_id: int
    move_id: int
    partner_id: int
    country_id: int
    currency_id: int
    amount: float
    date_maturity: date
    rules: object = None
    debt: object = None


class BillingAccrual(models.AbstractModel):
    """What the ledger and the facts say of late installments: a few queries, however many."""

    _inherit = "billing.accrual"

    @api.model
    def _read_installments(self, company, line_ids, until):
        """Return the installments of the documents that were asked about, as `Row`.

        All those of a document: what is disputed of it falls on those that are due first, and its
        fee on the first late one.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id, line.move_id, customer.id, customer.country_id, line.currency_id,
                       line.amount_currency, COALESCE(line.date_maturity, line.date)
                  FROM account_move_line line
                  JOIN account_account account ON account.id = line.account_id
                  JOIN account_move move ON move.id = line.move_id
                  JOIN res_partner partner ON partner.id = line.partner_id
                  JOIN res_partner customer ON customer.id = partner.commercial_partner_id
                 WHERE line.company_id = %(company)s
                   AND line.parent_state = 'posted'
                   AND account.account_type = 'asset_receivable'
                   AND line.amount_currency > 0
                   AND %(is_charged)s
                   AND line.move_id IN (%(moves)s)
                """,
                company=company.id,
                is_charged=self._where_chargeable(),
                moves=(
                    self._select_late_moves(company, until)
                    if line_ids is None
                    else SQL(
                        "SELECT move_id FROM account_move_line WHERE id = ANY(%s)", list(line_ids)
                    )
                ),
            )
        )
        return [Row(*row) for row in rows]

    @api.model
    def _where_chargeable(self):
        """Return, as SQL, whether the document ``move`` may cost something for being paid late.

        Never one that charges for paying late itself: no interest on interest.
        """
        return SQL(
            "move.move_type IN ('out_invoice', 'out_receipt')"
            " AND move.billing_type IS DISTINCT FROM 'past_due'"
        )

    @api.model
    def _select_late_moves(self, company, until):
        """Return, as SQL, the ids of documents that are or were late, and those charged before."""
        return SQL(
            """
            SELECT late.move_id
              FROM account_move_line late
              JOIN account_account account ON account.id = late.account_id
             WHERE late.company_id = %(company)s
               AND late.parent_state = 'posted'
               AND account.account_type = 'asset_receivable'
               AND late.amount_currency > 0
               AND COALESCE(late.date_maturity, late.date) < %(until)s
               AND (late.reconciled IS NOT TRUE OR late.id IN (
                    SELECT partial.debit_move_id
                      FROM account_partial_reconcile partial
                      JOIN account_move_line debit ON debit.id = partial.debit_move_id
                     WHERE partial.max_date > COALESCE(debit.date_maturity, debit.date)
                       AND partial.company_id = %(company)s))
             UNION ALL
            %(charged)s
            """,
            company=company.id,
            until=until,
            charged=self._select_charged_moves(company),
        )

    # -- What was charged: `billing.late.charge` says so -------------------------------------------

    @api.model
    def _select_charged_moves(self, company):
        """Return, as SQL, the ids of documents something was charged for, whatever became of it."""
        return SQL("SELECT NULL::integer WHERE FALSE")

    @api.model
    def _get_charged(self, line_ids):
        """Return what was charged or waived for installments and not reversed.

        :return: by id of line, the amounts in its currency by kind (see `accrual.KINDS`)
        :rtype: dict[int, dict[str, float]]
        """
        return {}

    # -- What became of them -----------------------------------------------------------------------

    @api.model
    def _read_facts(self, rows):
        """Write into each `Row` what was paid and credited, disputed and agreed."""
        by_line = {row.line_id: row for row in rows}
        given_back = {}
        for line_id, day, amount, dispute_id in self._read_payments(list(by_line)):
            row = by_line[line_id]
            amount = exact_amount(amount)
            if dispute_id:
                # the customer was right: it was never owed
                given_back[dispute_id] = given_back.get(dispute_id, 0) + amount
                day = date.min
            row.debt.payments.append((day, amount))
        self._read_disputes(rows, given_back)
        self._read_stops(by_line)

    @api.model
    def _read_payments(self, line_ids):
        """Return (id of line, day, amount, id of dispute) of all that reduced installments.

        The day is that of the payment or credit note itself, not of when it was matched. The
        dispute is the one that a credit note resolved in the customer's favor, if it did.
        """
        return self.env.execute_query(
            SQL(
                """
                SELECT partial.debit_move_id, credit.date, partial.debit_amount_currency,
                       dispute.id
                  FROM account_partial_reconcile partial
                  JOIN account_move_line credit ON credit.id = partial.credit_move_id
                  JOIN account_move counterpart ON counterpart.id = credit.move_id
             LEFT JOIN billing_dispute dispute
                    ON dispute.id = counterpart.billing_dispute_id AND dispute.state = 'resolved'
                 WHERE partial.debit_move_id = ANY(%s)
                   AND partial.debit_amount_currency > 0
                """,
                line_ids,
            )
        )

    @api.model
    def _read_disputes(self, rows, given_back):
        """Exclude from each debt what is or was disputed of it.

        :param given_back: what was credited because of disputes, by their id
        """
        claims = self.env.execute_query(
            SQL(
                """
                SELECT move_id, id, amount, opened_on, closed_on, state, resolution
                  FROM billing_dispute
                 WHERE move_id = ANY(%s)
                """,
                list({row.move_id for row in rows}),
            )
        )
        claims_of = dict(groupby(claims, lambda claim: claim[0]))
        if not claims_of:
            return
        for move_id, mine in groupby(rows, lambda row: row.move_id):
            if move_id in claims_of:
                periods = [
                    period
                    for claim in claims_of[move_id]
                    for period in self._get_dispute_periods(claim, given_back, mine[0].rules.policy)
                ]
                lag = mine[0].rules.policy.count_payment_day * DAY
                exclude_disputed([row.debt for row in mine], periods, lag)

    @api.model
    def _get_dispute_periods(self, claim, given_back, policy):
        """Return the (from, to, amount) for which what a dispute is about bears no interest."""
        _move_id, dispute_id, amount, opened_on, closed_on, state, resolution = claim
        left = exact_amount(amount) - given_back.get(dispute_id, 0)
        if left <= 0:
            return []
        if state == "open":
            return [(opened_on, None, left)]
        closed_on = closed_on or opened_on
        if state == "resolved" and resolution == "none":
            # settled without a document, so in the customer's favor: not for the days before, too
            return [(date.min, closed_on, left)]
        if policy.dispute_rule == "resume":
            return []
        return [(opened_on, closed_on, left)]

    @api.model
    def _read_stops(self, by_line):
        """Exclude the days on which a promise or a payment plan stops interest, where it does."""
        plans = [line_id for line_id, row in by_line.items() if row.rules.policy.plan_stops]
        promises = [line_id for line_id, row in by_line.items() if row.rules.policy.promise_stops]
        periods = []
        if plans:
            periods += self.env.execute_query(
                SQL(
                    """
                    SELECT item.line_id, plan.date_start, plan.date_end
                      FROM billing_payment_plan_item item
                      JOIN billing_payment_plan plan ON plan.id = item.plan_id
                     WHERE item.line_id = ANY(%s) AND plan.date_start IS NOT NULL
                    """,
                    plans,
                )
            )
        if promises:
            periods += self.env.execute_query(
                SQL(
                    """
                    SELECT item.line_id, promise.promised_on,
                           LEAST(item.date_until, promise.closed_on) + 1
                      FROM billing_promise_item item
                      JOIN billing_promise promise ON promise.id = item.promise_id
                     WHERE item.line_id = ANY(%s)
                    """,
                    promises,
                )
            )
        for line_id, start, end in periods:
            debt = by_line[line_id].debt
            debt.excluded.append((start, end, debt.amount))
