from odoo import api, fields, models

from ..charges.billing_late_charge import KINDS


class BillingPastDue(models.Model):
    """What a past due document says of each installment, read from the ledger once."""

    _inherit = "billing.past.due"

    @api.model
    def _get_items(self, rows, charges):
        """Return what is said of overdue items, the earliest due first; amounts in their currency.

        :param rows: `billing.receivable`; several parts of one installment are one item
        :param charges: what `_calculate` of `billing.late.charge` says of the installments
        """
        payments = self._get_payments(rows.line_id)
        items = [
            self._get_item(line, parts, payments.get(line.id, []), charges)
            for line, parts in rows.grouped("line_id").items()
        ]
        return sorted(items, key=lambda item: (item["due"], item["line_id"]))

    @api.model
    def _get_item(self, line, rows, payments, charges):
        currency = rows.currency_id
        move = line.move_id
        due = min(rows.mapped("date_maturity"))
        mine = {
            kind: charges[line.id, kind] for kind, _label in KINDS if (line.id, kind) in charges
        }
        amounts = {kind: vals["amount"] for kind, vals in mine.items()}
        paid = currency.round(sum(payment["amount"] for payment in payments))
        disputed = currency.round(sum(rows.mapped("disputed_currency")))
        asked = currency.round(sum(rows.mapped("chased_currency")))
        original = line.amount_currency
        return {
            "line_id": line.id,
            "name": move.name,
            # a debit note for late payment, and of what
            "origin": move.debit_origin_id.name if move.billing_type == "past_due" else False,
            "date": fields.Date.to_string(move.invoice_date or line.date),
            "due": fields.Date.to_string(due),
            "days": max(rows.mapped("days_overdue")),
            "original": original,
            "payments": payments,
            "paid": paid,
            "disputed": disputed,
            # of a payment plan what is not due yet
            "later": currency.round(original - paid - disputed - asked),
            "asked": asked,
            "interest": amounts.get("interest", 0.0),
            "fee": currency.round(amounts.get("fee", 0.0) + amounts.get("percentage", 0.0)),
            "calculations": [[kind, vals["calculation"]] for kind, vals in mine.items()],
        }

    @api.model
    def _get_payments(self, lines):
        """Return what was paid or set against installments, by their id, the earliest first.

        Differences of exchange rates are nothing in the currency of the installment.
        """
        payments = {}
        partials = (
            self.env["account.partial.reconcile"]
            .sudo()
            .search([("debit_move_id", "in", lines.ids)])
        )
        for partial in partials.sorted(lambda one: (one.credit_move_id.date, one.id)):
            line, credit = partial.debit_move_id, partial.credit_move_id
            if line.currency_id.is_zero(partial.debit_amount_currency):
                continue
            payments.setdefault(line.id, []).append(
                {
                    "date": fields.Date.to_string(credit.date),
                    "label": line.move_id.with_context(
                        lang=line.partner_id.lang or self.env.lang
                    )._get_billing_payment_label(credit),
                    "amount": partial.debit_amount_currency,
                }
            )
        return payments
