from odoo import api, models

from . import split


class BillingMilestonePlan(models.Model):
    """What a contract is worth: its lines and its change orders, with their taxes."""

    _inherit = "billing.milestone.plan"

    @api.model
    def _sum_tax(self, part):
        return split.tax_of(part)

    def _get_line_amounts(self):
        """Return base and taxes of each line, to the cent: as agreed, else as they would be.

        :return: ``{line: {"base": amount, "taxes": {tax_id: …}}}``, see `split`
        :rtype: dict
        """
        self.ensure_one()
        agreed = self.line_ids.filtered("amounts")
        return {
            **{line: line.amounts for line in agreed},
            **self._compute_line_amounts(self.line_ids - agreed),
        }

    def _compute_line_amounts(self, lines):
        """Return what Odoo's tax engine makes of lines that are invoiced together."""
        engine = self.env["account.tax"]
        company = self.company_id or self.env.company
        base_lines = [line._prepare_base_line_for_taxes_computation() for line in lines]
        engine._add_tax_details_in_base_lines(base_lines, company)
        engine._round_base_lines_tax_details(base_lines, company)
        return {base_line["record"]: read_base_line(base_line) for base_line in base_lines}

    @api.depends(
        "line_ids.amounts", "line_ids.price_unit", "line_ids.quantity", "line_ids.discount",
        "line_ids.tax_ids", "currency_id", "company_id",
    )  # fmt: skip
    def _compute_amounts(self):
        for plan in self:
            amounts = list(plan._get_line_amounts().values())
            plan.amount_untaxed = sum(part["base"] for part in amounts)
            plan.amount_tax = sum(map(split.tax_of, amounts))
            plan.amount_total = plan.amount_untaxed + plan.amount_tax

    @api.depends(
        "line_ids.amounts", "line_ids.price_unit", "line_ids.quantity", "line_ids.discount",
        "line_ids.tax_ids", "currency_id", "company_id",
    )  # fmt: skip
    def _compute_amount(self):
        for plan in self:
            plan.amount = sum(map(split.price_of, plan._get_line_amounts().values()))

    @api.depends("amount", "milestone_ids.amount")
    def _compute_amount_missing(self):
        for plan in self:
            plan.amount_missing = plan.amount - sum(plan.milestone_ids.mapped("amount"))


def read_base_line(base_line):
    """Return base and taxes of a line of Odoo's tax engine, in its currency, see `split`."""
    details = base_line["tax_details"]
    part = {
        "base": details["total_excluded_currency"] + details["delta_total_excluded_currency"],
        "taxes": {},
    }
    reverse = {str(data["tax"].id) for data in details["taxes_data"] if data["is_reverse_charge"]}
    for data in details["taxes_data"]:
        if not data["is_reverse_charge"]:
            tax_id = str(data["tax"].id)
            part["taxes"][tax_id] = {
                "tax": data["tax_amount_currency"],
                "base": data["base_amount_currency"],
                "included": bool(data["price_include"] and tax_id not in reverse),
                "reverse": tax_id in reverse,
            }
    return split.rounded(part, base_line["currency_id"].rounding)
