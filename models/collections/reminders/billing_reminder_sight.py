import re

from odoo import api, models
from odoo.tools import SQL

# A bank transfer that a customer has chosen on the page is believed for so many days.
TRANSFER_DAYS = 5

# A shorter number turns up in a bank's text by accident.
NUMBER_LENGTH = 4


class BillingReminder(models.Model):
    """Money in sight: it seems to settle what a reminder asks for, but nobody has said so yet."""

    _inherit = "billing.reminder"

    @api.model
    def _get_number_pattern(self, number):
        """Return a regular expression that finds a document's number in a bank's text.

        Banks change case, and drop or replace spaces, dashes and slashes; INV/2026/1 is no part of
        INV/2026/10.

        :return: a pattern for upper-case text, or None for what is too short to be told apart
        """
        parts = re.findall(r"[^\W\d_]+|\d+", (number or "").upper())
        if sum(map(len, parts)) < NUMBER_LENGTH or not any(map(str.isdigit, parts)):
            return None
        start = "[0-9]" if parts[0].isdigit() else "[[:alpha:]]"
        end = "[0-9]" if parts[-1].isdigit() else "[[:alpha:]]"
        middle = "[^[:alnum:]]*".join(parts)
        return f"(^|[^{start[1:]}){middle}($|[^{end[1:]})"

    def _find_payments(self):
        """Return for each reminder the money in sight that fits it best, with one query.

        What fits: money of this very customer; a number of one of the invoices in the bank's text;
        or exactly what is open of an installment, of an invoice, or of the reminder, from somebody
        the bank line does not name. What was found to be something else by a person is left out.

        :return: by the reminder's id: `account.bank.statement.line`, `account.payment` or
            `payment.transaction`, and why: ``customer``, ``number``, ``amount`` or ``transfer``
        :rtype: dict
        """
        if not self:
            return {}
        self.env.flush_all()
        found = {}
        for row in self.env.execute_query(self._select_payments()):
            reminder_id, model, record_id, why = row
            found[reminder_id] = (self.env[model].sudo().browse(record_id), why)
        return found

    def _select_payments(self):
        return SQL(
            """
            WITH reminder AS (
                SELECT reminder.id, reminder.partner_id, reminder.currency_id, reminder.amount,
                       reminder.company_id, company.parent_path
                  FROM billing_reminder reminder
                  JOIN res_company company ON company.id = reminder.company_id
                 WHERE reminder.id IN %(ids)s
            ),
            debt AS (
                SELECT reminder.id AS reminder_id, line.move_id, line.amount_residual_currency,
                       move.amount_total, move.invoice_date
                  FROM reminder
                  JOIN billing_reminder_item item ON item.reminder_id = reminder.id
                  JOIN account_move_line line ON line.id = item.line_id
                  JOIN account_move move ON move.id = line.move_id
            ),
            money AS (%(money)s),
            said AS (
                SELECT model, id, text,
                       (regexp_matches(text, '[0-9]+', 'g'))[1] AS digits
                  FROM money WHERE text IS NOT NULL
            ),
            number (reminder_id, pattern, digits) AS (%(numbers)s),
            fit AS (
                SELECT reminder.id AS reminder_id, money.model, money.id, 'customer' AS why,
                       1 AS place
                  FROM reminder
                  JOIN money ON money.partner_id = reminder.partner_id AND NOT money.is_netted
             UNION ALL
                SELECT number.reminder_id, said.model, said.id, 'number', 0
                  FROM (SELECT DISTINCT length(digits) AS length FROM number) size
                  JOIN said ON length(said.digits) >= size.length
                  JOIN number ON length(number.digits) = size.length
                   AND number.digits = right(said.digits, size.length)
                   AND said.text ~ number.pattern
             UNION ALL
                SELECT debt.reminder_id, money.model, money.id, 'amount', 2
                  FROM debt
                  JOIN reminder ON reminder.id = debt.reminder_id
                  JOIN money ON money.amount = debt.amount_residual_currency
                   AND money.currency_id = reminder.currency_id
                   AND money.partner_id IS NULL AND money.date >= debt.invoice_date
             UNION ALL
                SELECT debt.reminder_id, money.model, money.id, 'amount', 2
                  FROM debt
                  JOIN reminder ON reminder.id = debt.reminder_id
                  JOIN money ON money.amount = debt.amount_total
                   AND money.currency_id = reminder.currency_id
                   AND money.partner_id IS NULL AND money.date >= debt.invoice_date
             UNION ALL
                SELECT reminder.id, money.model, money.id, 'amount', 2
                  FROM reminder
                  JOIN money ON money.amount = reminder.amount
                   AND money.currency_id = reminder.currency_id
                   AND money.partner_id IS NULL
                   AND money.date >= (SELECT MIN(debt.invoice_date) FROM debt
                                       WHERE debt.reminder_id = reminder.id)
             UNION ALL
                SELECT debt.reminder_id, 'payment.transaction', transaction.id, 'transfer', 3
                  FROM debt
                  JOIN account_invoice_transaction_rel rel ON rel.invoice_id = debt.move_id
                  JOIN payment_transaction transaction ON transaction.id = rel.transaction_id
                  JOIN payment_provider provider ON provider.id = transaction.provider_id
                 WHERE transaction.state = 'pending' AND provider.code = 'custom'
                   AND transaction.last_state_change
                       > now() AT TIME ZONE 'UTC' - %(transfer_days)s * INTERVAL '1 day'
            )
            SELECT DISTINCT ON (fit.reminder_id) fit.reminder_id, fit.model, fit.id, fit.why
              FROM fit
              JOIN reminder ON reminder.id = fit.reminder_id
         LEFT JOIN money ON money.model = fit.model AND money.id = fit.id
                   -- the bank account may be that of the company that a branch belongs to
             WHERE (fit.model = 'payment.transaction'
                    OR starts_with(reminder.parent_path, money.parent_path)
                   AND NOT (money.is_netted AND money.partner_id = reminder.partner_id))
               AND NOT EXISTS (
                    SELECT FROM billing_reminder_dismissal dismissal
                     WHERE dismissal.company_id = reminder.company_id
                       AND dismissal.partner_id = reminder.partner_id
                       AND dismissal.res_model = fit.model AND dismissal.res_id = fit.id
                   )
          ORDER BY fit.reminder_id, fit.place, fit.id
            """,
            ids=tuple(self.ids),
            money=self._select_money(),
            numbers=self._select_numbers(),
            transfer_days=TRANSFER_DAYS,
        )

    @api.model
    def _select_money(self):
        """Return, as SQL, incoming money that is not matched with anything yet.

        ``is_netted``: a payment of a customer that counts against what they owe already.
        """
        return SQL(
            """
            SELECT 'account.bank.statement.line' AS model, line.id, company.parent_path, move.date,
                   partner.commercial_partner_id AS partner_id,
                   COALESCE(line.foreign_currency_id, line.currency_id) AS currency_id,
                   CASE WHEN line.foreign_currency_id IS NULL THEN line.amount
                        ELSE line.amount_currency END AS amount,
                   upper(concat_ws(' ', line.payment_ref, move.ref)) AS text,
                   FALSE AS is_netted
              FROM account_bank_statement_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN res_company company ON company.id = line.company_id
         LEFT JOIN res_partner partner ON partner.id = line.partner_id
             WHERE line.is_reconciled IS NOT TRUE AND line.amount > 0 AND move.state != 'cancel'
             UNION ALL
            SELECT 'account.payment', payment.id, company.parent_path, payment.date,
                   partner.commercial_partner_id, payment.currency_id, payment.amount,
                   upper(concat_ws(' ', payment.memo, payment.payment_reference)),
                   payment.state != 'draft'
              FROM account_payment payment
              JOIN res_company company ON company.id = payment.company_id
         LEFT JOIN res_partner partner ON partner.id = payment.partner_id
             WHERE payment.payment_type = 'inbound' AND payment.partner_type = 'customer'
               AND (payment.state = 'draft'
                    OR payment.state IN ('in_process', 'paid')
                   AND payment.is_reconciled IS NOT TRUE)
            """
        )

    def _select_numbers(self):
        """Return, as SQL, the pattern of each number under which a reminder's invoices may be paid,
        and its last digits, by which a fitting text is found quickly."""
        rows = []
        for reminder in self.sudo():
            moves = reminder.item_ids.move_id
            for number in {*moves.mapped("name"), *moves.mapped("payment_reference")}:
                if pattern := self._get_number_pattern(number):
                    digits = re.findall(r"\d+", number)[-1]
                    rows.append(SQL("(%s, %s, %s)", reminder.id, pattern, digits))
        if not rows:
            return SQL("SELECT 0, '', '' LIMIT 0")
        return SQL("VALUES %s", SQL(", ").join(rows))
