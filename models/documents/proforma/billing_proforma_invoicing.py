from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import float_is_zero

from .base_lines import QUANTITY_DIGITS, base_amount, gross, same, sum_taxes


class BillingProforma(models.Model):
    """Invoices made from an estimate. Together they are the estimate, to the cent.

    A part of a line that can be written as a quantity at the estimated price is invoiced as such.
    Any other part (a third of one unit) is one lump sum, and the last part is what is left.
    """

    _inherit = "billing.proforma"

    # Written whenever an invoice is made: of two people who do so at the same time, the second one
    # starts anew and sees what the first one has invoiced.
    invoiced_on = fields.Datetime(string="Last Invoice Made On", readonly=True, copy=False)

    def _get_remaining_quantities(self):
        """Return what was neither invoiced nor is in a draft, by line; negative if too much was.

        :rtype: dict
        """
        self.ensure_one()
        actual = self._get_actual().get(self, {})
        remaining = {}
        for line in self.line_ids.filtered(lambda line: not line.display_type):
            part = actual.get(line, {})
            billed = part.get("posted_quantity", 0.0) + part.get("draft_quantity", 0.0)
            rest = line.quantity - billed
            remaining[line] = 0.0 if float_is_zero(rest, precision_digits=QUANTITY_DIGITS) else rest
        return remaining

    def _get_open_quantities(self):
        """Return what is left to invoice, by line, without the lines of which too much was."""
        return {
            line: rest if rest * line.quantity > 0 else 0.0
            for line, rest in self._get_remaining_quantities().items()
        }

    def _lock_for_invoicing(self):
        """Let nobody else make an invoice of this pro forma until this transaction ends.

        :raise UserError: if it cannot be invoiced
        """
        self.ensure_one()
        self.check_access("read")
        if self.state in ("declined", "cancel"):
            raise UserError(
                self.env._("%s was declined or cancelled. Set it back to draft first.", self.name)
            )
        if self.state == "draft":
            raise UserError(
                self.env._(
                    "%s is still a draft, which anyone may change. Send it, or mark it as sent, "
                    "before you invoice it.",
                    self.name,
                )
            )
        self._lock()
        proforma = self.sudo()
        proforma.invoiced_on = fields.Datetime.now()
        proforma.flush_recordset(["invoiced_on"])

    def _create_invoice(self, quantities, invoice_type=None):
        """Make one draft invoice of parts of the estimate. Call `_lock_for_invoicing` first.

        :param quantities: ``{line: quantity}`` in the unit of the line
        :param invoice_type: `billing.invoice.type` of the invoice; empty for the usual one
        :rtype: account.move
        :raise UserError: if there is nothing to invoice
        """
        self.ensure_one()
        proforma = self.with_context(lang=self._get_lang())
        quantities = {
            line.with_env(proforma.env): quantity
            for line, quantity in quantities.items()
            if not float_is_zero(quantity, precision_digits=QUANTITY_DIGITS)
        }
        if not quantities:
            raise UserError(self.env._("Nothing is left to invoice of %s.", self.name))
        values_by_line = proforma._prepare_parts(quantities)
        move = self.env["account.move"].create(
            {
                **proforma._prepare_invoice(),
                **({"billing_type_id": invoice_type.id} if invoice_type else {}),
                "invoice_line_ids": [
                    Command.create(values)
                    for values in proforma._prepare_invoice_lines(values_by_line)
                ],
            }
        )
        move.message_post_with_source(
            "mail.message_origin_link",
            render_values={"self": move, "origin": self},
            subtype_xmlid="mail.mt_note",
        )
        return move

    def _prepare_invoice(self):
        """Return the values of an invoice of this pro forma, without its lines."""
        self.ensure_one()
        return {
            "move_type": "out_invoice",
            "billing_proforma_id": self.id,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "currency_id": self.currency_id.id,
            "fiscal_position_id": self.fiscal_position_id.id,
            "invoice_payment_term_id": self.payment_term_id.id,
            "invoice_user_id": self.user_id.id,
            "invoice_origin": self.name,
            "ref": self.reference,
        }

    def _prepare_invoice_lines(self, values_by_line):
        """Return the values of the invoice's lines, each below the heading it has here."""
        prepared, headings, is_billed = [], [], False
        for line in self.line_ids:
            if line.display_type in ("line_section", "line_subsection"):
                if line.display_type == "line_section":
                    headings = []
                else:
                    headings = [h for h in headings if h.display_type == "line_section"]
                headings.append(line)
                is_billed = False
            elif line.display_type == "line_note":
                if is_billed:
                    prepared.append(line._prepare_invoice_text())
            else:
                is_billed = line in values_by_line
                if is_billed:
                    prepared += [heading._prepare_invoice_text() for heading in headings]
                    headings = []
                    prepared.append(values_by_line[line])
        return [{**values, "sequence": 10 + i} for i, values in enumerate(prepared)]

    # -- Parts -----------------------------------------------------------------------------------

    def _prepare_parts(self, quantities):
        """Return the values of the invoice lines that bill ``quantities``.

        :param quantities: ``{line: quantity}``
        :rtype: dict
        """
        self.ensure_one()
        estimate = {base_line["record"]: base_line for base_line in self._get_base_lines()}
        earlier = self._get_earlier_parts()
        is_whole = not earlier and all(
            same(quantities.get(line, 0.0), line.quantity) for line in estimate
        )
        parts = {}
        for line, quantity in quantities.items():
            values = line._prepare_invoice_part(quantity)
            if not is_whole and line.quantity:
                target = line._get_part_amount(
                    quantity, gross(estimate[line]), earlier.get(line, [])
                )
                if not line._can_be_quantity(quantity, values, target):
                    values.update(line._prepare_lump_sum(quantity, target))
            parts[line] = values
        if not is_whole:
            self._settle_cents(parts, quantities, estimate, earlier)
        return parts

    def _get_earlier_parts(self):
        """Return what is invoiced or in a draft already, by line.

        :return: ``{line: [(sign, quantity, base line)]}``; the base lines are those of Odoo's tax
            engine, as the ledger has them; those of lines that were not estimated have no line
        :rtype: dict
        """
        self.ensure_one()
        earlier = {}
        for move in self._get_actual_lines().move_id:
            sign = -1 if move.move_type == "out_refund" else 1
            for base_line in move._get_rounded_base_and_tax_lines()[0]:
                item = base_line["record"]
                line = item.billing_proforma_line_id.sudo(False)
                if line in self.line_ids:
                    quantity = sign * item._get_estimated_quantity()
                    earlier.setdefault(line, []).append((sign, quantity, base_line))
        return earlier

    def _settle_cents(self, parts, quantities, estimate, earlier):
        """Put the cents that rounding left over on the last invoice.

        Lines with the same taxes are settled together, when all of them are billed in full. Where
        someone changed an invoice, nothing is settled: the difference is what it should be.
        """
        groups = {}
        for line in estimate:
            groups.setdefault(line.tax_ids, []).append(line)
        natural = self._get_natural_base_lines(parts)
        for taxes, lines in groups.items():
            billed = [line for line in lines if line in parts]
            if not taxes or not billed or not all(
                line._is_settled_by(quantities.get(line, 0.0), estimate[line],
                                    earlier.get(line, []))
                for line in lines
            ):  # fmt: skip
                continue
            wanted = sum_taxes([(1, estimate[line]) for line in lines])
            done = sum_taxes(
                [(sign, base) for line in lines for sign, _qty, base in earlier.get(line, [])]
                + [(1, natural[line]) for line in billed]
            )
            missing = {key: wanted.get(key, 0.0) - done.get(key, 0.0) for key in wanted | done}
            if all(self.currency_id.is_zero(amount) for amount in missing.values()):
                continue
            largest = max(billed, key=lambda line: abs(gross(natural[line])))
            for line in billed:
                parts[line]["extra_tax_data"] = self._prepare_manual_taxes(
                    natural[line], missing if line == largest else {}
                )

    def _get_natural_base_lines(self, parts):
        """Return, by line, what Odoo's tax engine makes of the invoice if nothing is settled."""
        engine = self.env["account.tax"]
        taxes_of = {line: line.tax_ids for line in parts}
        base_lines = {
            line: engine._prepare_base_line_for_taxes_computation(
                {},
                product_id=line.product_id,
                tax_ids=taxes_of[line],
                price_unit=values["price_unit"],
                quantity=values["quantity"],
                discount=values["discount"],
                currency_id=self.currency_id,
                partner_id=self.partner_id,
                rate=self.currency_rate or 1.0,
            )
            for line, values in parts.items()
        }
        engine._add_tax_details_in_base_lines(list(base_lines.values()), self.company_id)
        engine._round_base_lines_tax_details(list(base_lines.values()), self.company_id)
        return base_lines

    def _prepare_manual_taxes(self, base_line, missing):
        """Return the value of Odoo's `extra_tax_data` that fixes base and taxes of a line.

        Odoo drops it by itself when someone changes the price, the quantity or the taxes.
        """
        details = base_line["tax_details"]
        base = base_amount(base_line) + missing.get("base", 0.0)
        return {
            "computation_key": f"billing_proforma,{self.id}",
            "currency_id": self.currency_id.id,
            "price_unit": base_line["price_unit"],
            "discount": base_line["discount"],
            "quantity": base_line["quantity"],
            "manual_total_excluded_currency": self.currency_id.round(base),
            "manual_tax_amounts": {
                str(data["tax"].id): {
                    "tax_amount_currency": self.currency_id.round(
                        data["tax_amount_currency"] + missing.get(data["tax"].id, 0.0)
                    ),
                    "base_amount_currency": self.currency_id.round(
                        data["base_amount_currency"] + missing.get("base", 0.0)
                    ),
                }
                for data in details["taxes_data"]
                if not data["is_reverse_charge"]
            },
        }
