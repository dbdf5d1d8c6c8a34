from odoo import api, fields, models
from odoo.tools import SQL


class AccountMove(models.Model):
    """What the page behind a payment link tells of an invoice: read only, nothing is stored."""

    _inherit = "account.move"

    def _billing_can_be_paid(self):
        """Whether a payment may be started: something is open, and nothing is on its way already.

        Odoo itself would take a second payment while the first is done but not booked, or booked
        but not confirmed by the bank.
        """
        self.ensure_one()
        return (
            self._has_to_be_paid()
            and self.payment_state in ("not_paid", "partial")
            and not self._billing_is_payment_underway()
        )

    def _billing_is_payment_underway(self):
        """Whether an online payment waits for the bank, or for being booked."""
        self.ensure_one()
        return any(tx._billing_is_underway() for tx in self.transaction_ids)

    def _billing_claim(self):
        """Make payments of these invoices wait for each other.

        A lock alone is not enough: whoever waited for it still reads the database as it was before
        and would not see what the other has just started. A row that was written makes Odoo run the
        waiting request anew. No field changes, so nothing is computed and no right is needed.
        """
        if self:
            self.env.cr.execute(
                SQL(
                    "UPDATE account_move SET access_token = access_token WHERE id IN %s",
                    tuple(sorted(self.ids)),
                )
            )

    def _get_billing_installments(self):
        """Return what is due when, the earliest first, in the currency of the document.

        :return: dictionaries with ``number``, ``line``, ``date``, ``amount``, ``open`` (what is not
            paid of it) and ``is_overdue``
        :rtype: list[dict]
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        sign = -self.direction_sign
        return [
            {
                "number": item["number"],
                "line": item["line"],
                "date": item["date_maturity"],
                "amount": sign * item["line"].amount_currency,
                "open": sign * item["line"].amount_residual_currency,
                "is_overdue": not item["reconciled"] and item["date_maturity"] < today,
            }
            for item in self._get_installments_data()
        ]

    def _get_billing_choices(self, line=None):
        """Return what a customer may pay now: a few named choices, the usual one first.

        ``due``: the installments that are overdue, else the next one; without installments all that
        is open, less a discount still granted. ``installment``: the one in ``line``. ``all``: all
        that is open, where there is more than the others.

        :param line: the installment a link was given out for
        :return: name to dictionary with ``amount`` (in the currency of the document), ``lines``
            (the `account.move.line` it pays), ``state``, ``date`` and ``discount``
            (Odoo's words about a discount for early payment)
        :rtype: dict[str, dict]
        """
        self.ensure_one()
        values = self._get_invoice_next_payment_values()
        unpaid = [item for item in self._get_billing_installments() if not item["line"].reconciled]
        every = self.env["account.move.line"].union(*(item["line"] for item in unpaid))
        if values.get("installment_state") not in ("overdue", "next"):
            due = self._get_billing_choice(every, values.get("amount_due", 0.0))
            return {"due": {**due, "discount": values.get("epd_discount_msg", False)}}
        due = every.browse(item["line"].id for item in unpaid if item["is_overdue"]) or every[:1]
        choices = {
            "due": {
                **self._get_billing_choice(due, values["next_amount_to_pay"]),
                "state": values["installment_state"],
                "date": due[0].date_maturity,
            }
        }
        if line and line in every and line != due:
            choices["installment"] = {
                **self._get_billing_choice(line, abs(line.amount_residual_currency)),
                "date": line.date_maturity,
            }
        if due != every:
            choices["all"] = self._get_billing_choice(every, values["amount_due"])
        return choices

    def _get_billing_choice(self, lines, amount):
        return {
            "lines": lines,
            "amount": self.currency_id.round(amount),
            "state": False,
            "date": False,
            "discount": False,
        }

    def _get_billing_page_lines(self):
        """Return the lines as the printed document shows them, with their amounts.

        A section may hide its lines, or their prices; it then has the sum. Odoo's `parent_id` of a
        line tells its section too, but computing it writes to the invoice.

        :return: dictionaries with ``line``, ``amount`` and ``has_amount`` (whether it is shown)
        :rtype: list[dict]
        """
        self.ensure_one()
        amount_field = (
            "price_total" if self.company_price_include == "tax_included" else "price_subtotal"
        )
        sign = self._get_billing_print_sign()
        rows, section, subsection = [], None, None
        for line in self.invoice_line_ids.sorted("sequence"):
            row = {"line": line, "amount": 0.0, "has_amount": line.display_type == "product"}
            if line.display_type == "line_section":
                section, subsection, parents = row, None, []
            elif line.display_type == "line_subsection":
                subsection, parents = row, [section] if section else []
            else:
                parents = [parent for parent in (section, subsection) if parent]
            if line.display_type == "product":
                row["amount"] = sign * line[amount_field]
                for parent in parents:
                    parent["amount"] += row["amount"]
            else:
                row["has_amount"] = line.collapse_composition or line.collapse_prices
            if any(parent["line"].collapse_composition for parent in parents):
                continue
            if any(parent["line"].collapse_prices for parent in parents):
                row["has_amount"] = False
            rows.append(row)
        return rows

    def _get_billing_payments(self):
        """Return what was paid or set against this document, the earliest first.

        :return: dictionaries with ``date``, ``label`` and ``amount`` in the currency of the
            document; differences of exchange rates are no payments
        :rtype: list[dict]
        """
        self.ensure_one()
        if not self.currency_id.compare_amounts(self.amount_total, self.amount_residual):
            return []
        partials = [
            partial
            for partial in self._get_all_reconciled_invoice_partials() or []
            if not partial["is_exchange"]
        ]
        return sorted(
            (
                {
                    "date": partial["aml"].date,
                    "label": self._get_billing_payment_label(partial["aml"]),
                    "amount": partial["amount"],
                }
                for partial in partials
            ),
            key=lambda payment: payment["date"],
        )

    @api.model
    def _get_billing_payment_label(self, line):
        """Say in the customer's words how something was paid; never an internal name."""
        move = line.move_id
        if move.is_sale_document(include_receipts=True):
            return f"{move._get_billing_title() or move.type_name} {move.name}"
        payment = line.payment_id
        if payment.payment_transaction_id:
            transaction = payment.payment_transaction_id
            return transaction.payment_method_id.name or transaction.provider_id.name
        if line.journal_id.type == "cash":
            return self.env._("Cash")
        if payment or move.statement_line_id:
            return self.env._("Bank transfer")
        return self.env._("Set off")

    def _get_billing_contact(self):
        """Return whom the customer may ask: the salesperson if there is one, else the company."""
        self.ensure_one()
        salesperson = self.invoice_user_id
        if salesperson.active and salesperson._is_internal() and salesperson.email:
            return salesperson.partner_id
        return self.company_id.partner_id
