from odoo import api, fields, models
from odoo.tools import SQL

# Payment states of Odoo in which nothing is left to pay. The last is that of documents whose books
# were kept elsewhere before.
SETTLED = ("paid", "in_payment", "reversed", "invoicing_legacy")

# An installment that falls due within so many days, today included, is due soon.
DUE_SOON_DAYS = 7


class AccountMove(models.Model):
    """The SQL behind the live status: the ledger's part."""

    _inherit = "account.move"

    def _billing_status_to_sql(self, alias, query):
        """Return the status of the moves in ``alias`` as an SQL expression.

        The order is that of `BILLING_STATUSES`. A partly paid invoice that is overdue is overdue.
        Mail that came back, was refused or was never sent comes before a due date that is near: the
        customer cannot pay in time what never arrived. A credit note is never due: it is paid when
        it was used or paid out.

        With ``billing_status_payment_states`` in the context, only what may matter to posted
        documents in these payment states is asked.
        """
        needed = self.env.context.get("billing_status_payment_states", (*SETTLED, "not_paid"))
        sale_types = tuple(self.get_sale_types(include_receipts=True))
        return SQL(
            """
            CASE
                WHEN %(move_type)s NOT IN %(sale_types)s THEN NULL
                WHEN %(state)s = 'cancel' THEN 'cancelled'
                WHEN %(state)s = 'draft' THEN 'draft'
                WHEN %(payment_state)s IN %(settled)s THEN %(status_of_settled)s
                ELSE %(status_of_open)s
            END
            """,
            move_type=self._field_to_sql(alias, "move_type", query),
            sale_types=sale_types,
            state=self._field_to_sql(alias, "state", query),
            payment_state=self._field_to_sql(alias, "payment_state", query),
            settled=SETTLED,
            status_of_settled=self._status_of_settled_to_sql(alias, query, needed),
            status_of_open=(
                self._status_of_open_to_sql(alias, query)
                if set(needed).difference(SETTLED)
                else SQL("NULL")
            ),
        )

    def _status_of_settled_to_sql(self, alias, query, needed):
        payment_state = self._field_to_sql(alias, "payment_state", query)
        cases = []
        if "reversed" in needed:
            cases.append(
                SQL(
                    "WHEN %s = 'reversed' AND %s != 'out_refund' AND NOT %s THEN 'refunded'",
                    payment_state,
                    self._field_to_sql(alias, "move_type", query),
                    self._billing_paid_by_credit_to_sql(alias),
                )
            )
        if "paid" in needed:
            cases.append(
                SQL(
                    "WHEN %s = 'paid' AND %s THEN 'written_off'",
                    payment_state,
                    self._written_off_to_sql(alias, query),
                )
            )
        return SQL("CASE %s ELSE 'paid' END", SQL(" ").join(cases)) if cases else SQL("'paid'")

    def _written_off_to_sql(self, alias, query):
        """Return the condition that at least half of an invoice was written off, not paid.

        Written off is what was settled by a journal entry that is neither a payment nor a line of a
        bank statement, and that books a loss: it debits an income or expense account. A discount
        or a few cents let go with a payment are part of that payment. An exchange difference
        settles nothing in the invoice's currency.
        """
        line = self.env["account.move.line"]
        return SQL(
            """
            (
                SELECT sum(partial.debit_amount_currency) * 2 >= %(amount_total)s
                  FROM account_move_line debit
                  JOIN account_partial_reconcile partial ON partial.debit_move_id = debit.id
                  JOIN account_move_line credit ON credit.id = partial.credit_move_id
                 WHERE debit.move_id = %(id)s
                   AND partial.debit_amount_currency > 0
                   AND %(payment)s IS NULL
                   AND %(statement_line)s IS NULL
                   AND %(display_type)s != 'payment_term'
                   AND EXISTS (
                        SELECT FROM account_move_line loss
                          JOIN account_account account ON account.id = loss.account_id
                         WHERE loss.move_id = credit.move_id
                           AND loss.balance > 0
                           AND (account.account_type LIKE 'expense%%'
                                OR account.account_type LIKE 'income%%')
                   )
            ) IS TRUE
            """,
            id=SQL.identifier(alias, "id"),
            amount_total=self._field_to_sql(alias, "amount_total", query),
            payment=line._field_to_sql("credit", "payment_id"),
            statement_line=line._field_to_sql("credit", "statement_line_id"),
            display_type=line._field_to_sql("credit", "display_type"),
        )

    def _status_of_open_to_sql(self, alias, query):
        line = self.env["account.move.line"]
        return SQL(
            """
            CASE WHEN %(payment_underway)s THEN 'payment_started'
            ELSE (
                SELECT CASE
                    WHEN journal.is_paying THEN 'payment_started'
                    WHEN %(disputed)s THEN 'disputed'
                    WHEN next.is_promised AND next.unpromised >= %(today)s THEN 'promised'
                    WHEN next.due < %(today)s THEN 'overdue'
                    WHEN %(payment_state)s = 'partial' THEN 'partly_paid'
                    WHEN journal.delivery IN ('bounced', 'undelivered') AND NOT journal.is_read
                        THEN journal.delivery
                    WHEN journal.delivery IS NULL AND NOT journal.is_read AND %(not_sent)s
                        THEN 'to_send'
                    WHEN next.due <= %(soon)s THEN 'due_soon'
                    WHEN journal.is_read THEN 'viewed'
                    ELSE COALESCE(journal.delivery, 'sent')
                END
                  FROM (
                    SELECT min(due) AS due,
                           bool_or(is_promised) AS is_promised,
                           -- what is overdue and not promised comes before what is
                           COALESCE(min(due) FILTER (WHERE NOT is_promised), 'infinity')
                               AS unpromised
                      FROM (
                        SELECT %(installment_due)s AS due, %(promised)s AS is_promised
                          FROM account_move_line installment
                         WHERE installment.move_id = %(id)s
                           AND %(move_type)s != 'out_refund'
                           AND installment.display_type = 'payment_term'
                           AND %(reconciled)s IS NOT TRUE
                      ) term
                  ) next,
                  %(journal)s journal
            ) END
            """,
            id=SQL.identifier(alias, "id"),
            payment_underway=self._payment_underway_to_sql(alias),
            disputed=self._disputed_to_sql(alias),
            promised=self._promised_to_sql("installment"),
            payment_state=self._field_to_sql(alias, "payment_state", query),
            move_type=self._field_to_sql(alias, "move_type", query),
            not_sent=SQL("%s IS NOT TRUE", self._field_to_sql(alias, "is_move_sent", query)),
            installment_due=self._installment_due_to_sql("installment"),
            reconciled=line._field_to_sql("installment", "reconciled"),
            today=fields.Date.context_today(self),
            soon=fields.Date.add(fields.Date.context_today(self), days=DUE_SOON_DAYS),
            journal=self._journal_to_sql(alias),
        )

    @api.model
    def _installment_due_to_sql(self, installment):
        """Return, as SQL, when the journal item in ``installment`` is due.

        The room of collections knows of other agreements and extends this.
        """
        return self.env["account.move.line"]._field_to_sql(installment, "date_maturity")

    @api.model
    def _disputed_to_sql(self, alias):
        """Return, as SQL, whether the customer contests the move in ``alias``, or a part of it.

        What customers say is heard in the room of collections, which extends this.
        """
        return SQL("FALSE")

    @api.model
    def _promised_to_sql(self, installment):
        """Return, as SQL, whether it is promised to pay the journal item in ``installment``."""
        return SQL("FALSE")

    @api.model
    def _payment_underway_to_sql(self, alias):
        """Return, as SQL, whether an online payment of the move in ``alias`` is on its way."""
        return SQL(
            "EXISTS (%s AND rel.invoice_id = %s)",
            self._select_payments_underway(),
            SQL.identifier(alias, "id"),
        )

    @api.model
    def _select_payments_underway(self):
        """Return, as SQL, the ids of all moves of which an online payment is on its way.

        A direct debit stays pending for days, and a payment that is done waits for Odoo to book it.
        A customer's mere word (a bank transfer chosen on the page) is no payment.
        """
        return SQL(
            """
            SELECT rel.invoice_id
              FROM account_invoice_transaction_rel rel
              JOIN payment_transaction transaction ON transaction.id = rel.transaction_id
             WHERE (transaction.state IN ('pending', 'authorized')
                    AND (SELECT provider.code NOT IN ('none', 'custom')
                           FROM payment_provider provider
                          WHERE provider.id = transaction.provider_id)
                    OR transaction.state = 'done'
                    AND transaction.is_post_processed IS NOT TRUE)
            """
        )
