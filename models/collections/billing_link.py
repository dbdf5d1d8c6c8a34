from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import groupby


class BillingLink(models.Model):
    """The statement behind a link that was not given out for one invoice."""

    _inherit = "billing.link"

    def _get_statement(self):
        """Return all open items of the customer in the link's company, by currency.

        :return: one dictionary for each currency, the link's own first: ``currency``, ``items``
            (see `_get_statement_item`; the earliest due first), and in that currency ``credit``
            (what the customer has with the company), ``overdue`` (what may be asked for today,
            as in a reminder), ``net`` (the same less credits) and ``open`` (all, less credits)
        :rtype: list[dict]
        """
        self.ensure_one()
        receivables = self.env["billing.receivable"].sudo()
        rows = receivables.search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.commercial_partner_id.id),
                ("residual_currency", ">", 0),
                "|",
                ("kind", "=", "entry"),
                "&",
                ("kind", "=", "invoice"),
                ("payment_state", "in", ("not_paid", "partial")),
            ]
        )
        moves = self._covers(rows.move_id)
        rows = rows.filtered(lambda row: row.kind == "entry" or row.move_id in moves)
        by_currency = dict(groupby(rows, lambda row: row.currency_id))
        blocks = []
        own = self.currency_id or self.company_id.currency_id
        for currency in own | receivables.union(*rows).currency_id:
            due = receivables._get_due_now(
                self.company_id, self.partner_id.commercial_partner_id, currency
            )
            items = [self._get_statement_item(row) for row in by_currency.get(currency, ())]
            total = sum(item["open"] for item in items)
            blocks.append(
                {
                    "currency": currency,
                    "items": items,
                    "credit": due["credit"],
                    "overdue": due["overdue"],
                    "net": due["net"],
                    "open": currency.round(total - due["credit"]),
                }
            )
        return blocks

    def _get_statement_item(self, row):
        """Describe one open item, an installment or an entry that was there before the invoices.

        :param row: `billing.receivable`
        :return: ``key`` (what a browser calls it), ``line``, ``move``, ``date``, ``open`` (in its
            currency), ``is_overdue``, ``is_offered`` (ticked until the customer chooses: what is
            due today or earlier), ``number`` and ``count`` of the installment (None if the
            invoice has one only), ``is_payable``, ``is_underway`` (being paid online) and
            ``to_pay`` (what is paid of it if it is chosen)
        :rtype: dict
        """
        line, move = row.line_id, row.move_id
        item = {
            "key": row.id,
            "line": line,
            "move": move,
            "date": row.date_maturity,
            "open": row.residual_currency,
            "is_overdue": row.is_overdue,
            "is_offered": row.date_maturity <= fields.Date.context_today(self),
            "to_pay": row.residual_currency,
            "number": None,
            "count": None,
            "is_entry": row.kind == "entry",
            "is_payable": row.kind == "invoice" and move._billing_can_be_paid(),
            "is_underway": row.kind == "invoice" and move._billing_is_payment_underway(),
        }
        terms = move.line_ids.filtered(lambda term: term.display_type == "payment_term")
        if len(terms) > 1:
            terms = terms.sorted(lambda term: (term.date_maturity, term.date))
            item.update(number=terms.ids.index(line.id) + 1, count=len(terms))
        return item

    def _get_keyed_lines(self, keys):
        """Return the `account.move.line` of items of the statement, by their keys."""
        return self.env["account.move.line"].sudo().browse(keys).exists()

    def _get_selection(self, blocks, keys):
        """Return what a customer pays who ticked some open items.

        Decided by the server alone: what is not an open, payable item of this customer does not
        count, and credits of the customer are deducted as in a reminder.

        :param blocks: what `_get_statement` returned
        :param keys: keys of items; None for what is offered
        :return: ``block``, ``keys``, ``lines`` (`account.move.line`), ``selected`` (their sum),
            ``amount`` (less credits; never negative) and ``is_exact`` (False if some of ``keys``
            cannot be paid with the rest)
        :rtype: dict
        """
        for block in blocks:
            payable = [item for item in block["items"] if item["is_payable"]]
            chosen = [
                item
                for item in payable
                if (item["is_offered"] if keys is None else item["key"] in keys)
            ]
            # one payment has one counterpart account
            chosen = [
                item for item in chosen if item["line"].account_id == chosen[0]["line"].account_id
            ]
            if chosen:
                break
        else:
            block = blocks[0]
        currency = block["currency"]
        selected = currency.round(sum(item["to_pay"] for item in chosen))
        lines = self.env["account.move.line"].sudo().union(*(item["line"] for item in chosen))
        chosen_keys = [item["key"] for item in chosen]
        return {
            "block": block,
            "keys": chosen_keys,
            "lines": lines,
            "selected": selected,
            "amount": max(currency.round(selected - block["credit"]), 0.0),
            "is_exact": keys is None or set(chosen_keys) == set(keys),
        }

    def _get_creditable(self, lines):
        """Return those of ``lines`` that credits may be set against."""
        return lines

    def _get_usable_credits(self, lines):
        """Return the open credits that the customer may set against ``lines`` without asking.

        Credit notes, unless their money is to be refunded, and payments that have arrived: not
        those that wait for the bank, and nothing that another company or a vendor's account holds.
        """
        self.ensure_one()
        if not self.company_id.billing_link_use_credits or not lines:
            return lines.browse()
        rows = (
            self.env["billing.receivable"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("partner_id", "=", self.partner_id.commercial_partner_id.id),
                    ("currency_id", "=", lines.currency_id.id),
                    ("residual_currency", "<", 0),
                    ("kind", "in", ("credit", "payment")),
                ]
            )
        )
        return rows.line_id.filtered(
            lambda line: line.account_id == lines.account_id and self._may_be_used(line)
        )

    def _may_be_used(self, line):
        payment = line.payment_id
        if line.move_id.move_type == "out_refund":
            return line.move_id.billing_credit_use != "refund"
        if payment:
            return payment.payment_type == "inbound" and (
                payment.state == "paid" or payment.payment_transaction_id.state == "done"
            )
        return bool(line.move_id.statement_line_id)

    def _use_credits(self, keys):
        """Set the customer's open credits against the chosen items, by Odoo's own reconciliation.

        :return: what was used, in the currency of the items
        :raise UserError: if nothing can be used, or somebody else is just doing it
        """
        self.ensure_one()
        selection = self._get_selection(self._get_statement(), keys)
        lines = selection["lines"]
        if not lines or not selection["is_exact"]:
            raise UserError(self.env._("This has changed. Please look again."))
        lines = self._get_creditable(lines)
        lines.move_id._billing_claim()
        credit_lines = self._get_usable_credits(lines)
        every = credit_lines + lines
        if not credit_lines or every.try_lock_for_update() != every:
            raise UserError(self.env._("There is no credit that can be used here."))
        self.env["payment.transaction"].sudo()._billing_begun(lines.move_id)._billing_replace()
        before = sum(lines.mapped("amount_residual_currency"))
        every.with_company(self.company_id).reconcile()
        used = lines.currency_id.round(before - sum(lines.mapped("amount_residual_currency")))
        for move in lines.move_id:
            move._message_log(
                body=self.env._("The customer used their credit on the payment page."),
                author_id=(self.recipient_id or self.partner_id).id,
            )
        return used
