from odoo import models
from odoo.fields import Command
from odoo.tools import float_compare, float_round, formatLang

from .base_lines import gross, same


class BillingProformaLine(models.Model):
    _inherit = "billing.proforma.line"

    def _prepare_invoice_text(self):
        """Return the values of an invoice line that repeats a heading or note."""
        self.ensure_one()
        return {"display_type": self.display_type, "name": self.name}

    def _prepare_invoice_part(self, quantity):
        """Return the values of an invoice line that bills ``quantity`` at the estimated price."""
        self.ensure_one()
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return {
            "display_type": "product",
            "billing_proforma_line_id": self.id,
            "product_id": self.product_id.id,
            "name": self.name,
            "quantity": float_round(quantity, precision_digits=digits),
            "product_uom_id": self.product_uom_id.id,
            "price_unit": self.price_unit,
            "discount": self.discount,
            "tax_ids": [Command.set(self.tax_ids.ids)],
        }

    def _can_be_quantity(self, quantity, values, target):
        """Whether the values of an invoice line that bills a quantity come to ``target``."""
        self.ensure_one()
        amount = values["quantity"] * values["price_unit"] * (1 - values["discount"] / 100)
        if self.tax_ids or self.company_id.tax_calculation_rounding_method == "round_per_line":
            amount = self.currency_id.round(amount)
        # where the document is rounded as a whole, fractions of a cent add up too; with taxes
        # `_settle_cents` takes care of them
        return same(values["quantity"], quantity) and (
            float_compare(amount, target, precision_digits=6) == 0
        )

    def _prepare_lump_sum(self, quantity, amount):
        """Return what is different where a part is billed as one sum, in words a customer reads."""
        self.ensure_one()
        percent = formatLang(self.env, 100 * quantity / self.quantity, digits=2)
        whole = formatLang(self.env, self.quantity, dp="Product Unit")
        unit = self.product_uom_id.name or ""
        share = self.env._(
            "%(percent)s%% of %(quantity)s", percent=percent, quantity=f"{whole} {unit}".strip()
        )
        return {
            "name": f"{self.name or self.product_id.display_name}\n{share}",
            "quantity": 1.0,
            "product_uom_id": False,
            "price_unit": amount,
            "discount": 0.0,
            "billing_proforma_factor": quantity,
        }

    def _get_part_amount(self, quantity, whole, parts):
        """Return the price of ``quantity`` of this line, in its currency, rounded.

        :param whole: the price of the whole line
        :param parts: what is billed already, see `_get_earlier_parts`
        """
        self.ensure_one()
        billed = sum(part_quantity for _sign, part_quantity, _base_line in parts)
        if not same(billed + quantity, self.quantity):
            return self.currency_id.round(whole * quantity / self.quantity)
        return self.currency_id.round(
            whole - sum(self._get_planned_amount(whole, part)[0] for part in parts)
        )

    def _get_planned_amount(self, whole, part):
        """Return what a part billed earlier takes off the price of the whole line.

        What it was billed at, unless someone changed that: then what it was estimated at.

        :return: the amount, and whether it is what was billed
        :rtype: tuple[float, bool]
        """
        self.ensure_one()
        sign, quantity, base_line = part
        billed = sign * gross(base_line)
        estimated = whole * quantity / self.quantity if self.quantity else 0.0
        tolerance = 2.5 * self.currency_id.rounding
        is_unchanged = (
            base_line["currency_id"] == self.currency_id
            and base_line["tax_ids"] == self.tax_ids
            and abs(billed - estimated) < tolerance
        )
        if is_unchanged:
            return billed, True
        return self.currency_id.round(estimated), False

    def _is_settled_by(self, quantity, estimate, parts):
        """Whether ``quantity`` is the rest of this line, and nobody changed what was billed."""
        self.ensure_one()
        billed = sum(part_quantity for _sign, part_quantity, _base_line in parts)
        return same(billed + quantity, self.quantity) and all(
            self._get_planned_amount(gross(estimate), part)[1] for part in parts
        )
