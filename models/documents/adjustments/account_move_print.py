from odoo import models

CHARGE, CREDIT = "charge", "credit"


class AccountMove(models.Model):
    """Figures as a customer reads them: what they owe is positive, what they get is negative.

    The ledger knows credit notes with positive figures; only the printed document turns them.
    """

    _inherit = "account.move"

    def _get_billing_print_sign(self):
        """Return -1 for credit notes to customers, 1 for everything else."""
        return -1 if self.move_type == "out_refund" else 1

    def _get_billing_printed_totals(self):
        """Return Odoo's dictionary of tax totals as it is printed."""
        self.ensure_one()
        return (
            self._turn_amounts(self.tax_totals)
            if self.move_type == "out_refund"
            else (self.tax_totals)
        )

    def _turn_amounts(self, value, key=""):
        """Return a copy of a structure of tax totals with the opposite of every amount in it."""
        if isinstance(value, dict):
            return {name: self._turn_amounts(inner, name) for name, inner in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._turn_amounts(inner, key) for inner in value]
        is_amount = "amount" in key and isinstance(value, (int, float))
        return 0.0 - value if is_amount and not isinstance(value, bool) else value

    def _is_billing_kept_credit(self, counterpart_id):
        """Whether kept credit was used between this document and the move it was matched with."""
        self.ensure_one()
        moves = self | self.browse(counterpart_id).sudo()
        return all(move.is_sale_document(include_receipts=True) for move in moves) and any(
            move.billing_credit_use == "keep" for move in moves
        )

    def _get_billing_printed_words(self):
        """Return the printed total in words, in the language of the context."""
        self.ensure_one()
        total = self._get_billing_print_sign() * self.amount_total
        words = self.currency_id.amount_to_text(total).replace(",", "")
        if -1 < total < 0 and not self.currency_id.is_zero(total):
            # the core spells out the whole units and the cents: zero has no sign
            return self.env._("Minus %s", words)
        return words

    def _get_billing_printed_group(self, section):
        """Return the lines that a section is printed as when its details are hidden."""
        self.ensure_one()
        sign = self._get_billing_print_sign()
        return [
            {
                **group,
                **{
                    name: sign * group[name] or 0.0
                    for name in ("quantity", "price_subtotal", "price_total")
                },
            }
            for group in section._get_child_lines()
        ]

    def _get_billing_printed_blocks(self, lines):
        """Return the blocks that the lines to report are printed in.

        A mixed document has its charges and its credits apart; everything else is one block
        without a title.

        :param lines: `account.move.line`, in the order of printing
        :return: dictionaries with ``title``, ``lines``, the ``subtotals`` of sections by id of
            their line, and ``total``; in the document's currency, with or without taxes as the
            company's prices are shown
        :rtype: list(dict)
        """
        self.ensure_one()
        products = lines.move_id.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        if self.billing_type != "mixed" or not products:
            sign = self._get_billing_print_sign()
            sections = lines.filtered(lambda line: line.display_type.endswith("section"))
            return [
                {
                    "title": False,
                    "lines": lines,
                    "subtotals": {
                        section.id: sign * section.get_section_subtotal() or 0.0
                        for section in sections
                    },
                    "total": False,
                }
            ]
        amounts = self._get_billing_printed_amounts()
        kinds = self._sort_into_blocks(lines, amounts)
        blocks = []
        for kind, title, total_title in (
            (CHARGE, self.env._("Charges"), self.env._("Total charges")),
            (CREDIT, self.env._("Credits"), self.env._("Total credits")),
        ):
            inside = lines.filtered(lambda line, kind=kind: kind in kinds[line.id])
            if not inside:
                continue
            counted = products.filtered(lambda line, kind=kind: kinds.get(line.id) == {kind})
            blocks.append(
                {
                    "title": title,
                    "total_title": total_title,
                    "lines": inside,
                    "subtotals": {
                        section.id: sum(
                            amounts[line.id] for line in section._get_section_lines() & counted
                        )
                        for section in inside
                        if section.display_type.endswith("section")
                    },
                    "total": sum(amounts[line.id] for line in counted),
                }
            )
        return blocks

    def _get_billing_printed_amounts(self):
        """Return the amount of each product line, by id, so that they add up to the ledger.

        The amounts that Odoo shows on lines are rounded one by one; with prices that include taxes
        and taxes rounded per document, their sum may miss the total by a cent.
        """
        included = self.company_price_include == "tax_included"
        sign = self._get_billing_print_sign()
        amounts = {}
        for base_line in self._get_rounded_base_and_tax_lines()[0]:
            if base_line["record"].display_type != "product":
                continue
            details = base_line["tax_details"]
            amount = details["total_excluded_currency"] + details["delta_total_excluded_currency"]
            if included:
                amount += sum(tax["tax_amount_currency"] for tax in details["taxes_data"])
            amounts[base_line["record"].id] = sign * amount or 0.0
        return amounts

    def _sort_into_blocks(self, lines, amounts):
        """Return the blocks that each line stands in, by id: a section may stand in both.

        A note stays with the line above it, or with the section if it opens one. A section whose
        details are hidden is one figure to the customer and stands where its total belongs.
        """
        kinds = {line.id: set() for line in lines}
        headers, last = [], None
        for line in lines:
            if line.display_type == "line_section":
                headers, last = [], None
            elif line.display_type == "line_subsection":
                headers = [header for header in headers if header.display_type == "line_section"]
                last = None
            is_header = line.display_type.endswith("section")
            if is_header and not (line.collapse_composition or line.collapse_prices):
                headers.append(line)
                continue
            if line.display_type == "line_note" and not last:
                headers.append(line)
                continue
            if line.display_type != "line_note":
                members = line._get_section_lines() if is_header else line
                amount = sum(amounts.get(member.id, 0) for member in members)
                last = CREDIT if self.currency_id.compare_amounts(amount, 0) < 0 else CHARGE
                kinds.update((member.id, {last}) for member in members)
            for printed in (*headers, line):
                kinds[printed.id].add(last)
        used = set().union(*kinds.values())
        for line in lines:
            # a section without lines
            kinds[line.id] = kinds[line.id] or {CHARGE if CHARGE in used else CREDIT}
        return kinds
