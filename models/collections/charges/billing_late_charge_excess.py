from math import inf

from odoo import api, fields, models
from odoo.fields import Domain


class BillingLateCharge(models.Model):
    """Whether what was charged is still justified: payments may turn out to have come earlier."""

    _inherit = "billing.late.charge"

    excess = fields.Monetary(
        string="Too Much",
        compute="_compute_excess",
        help="What was charged beyond what the ledger and the rates say today about the same "
        "period: a payment turned out to have arrived earlier, for example.",
    )
    is_excessive = fields.Boolean(
        string="Charged Too Much", compute="_compute_excess", search="_search_is_excessive"
    )

    @api.depends("state", "amount", "date_to")
    def _compute_excess(self):
        excess = self.sudo()._get_excess()
        for charge in self:
            charge.excess = excess.get(charge.id, 0.0)
            charge.is_excessive = bool(charge.excess)

    def _search_is_excessive(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        ids = list(self.sudo().search([("state", "=", "charged")])._get_excess())
        found = Domain("id", "in", ids)
        return found if (operator == "in") == (True in value) else ~found

    def _get_excess(self):
        """Return by the id of a charge what it charges too much; nothing where it is right.

        The latest charge of an installment has charged too much first. One calculation for all that
        were charged until the same day.
        """
        charged = self.search(
            [
                ("line_id", "in", self.filtered(lambda one: one.state == "charged").line_id.ids),
                ("state", "=", "charged"),
            ],
            order="number desc",
        )
        groups = charged.grouped(lambda charge: (charge.line_id, charge.kind))
        until = {
            key: fields.Date.to_date(max(charge.calculation["until"] for charge in group))
            for key, group in groups.items()
        }
        lines_of_day = {}
        for (line, _kind), day in until.items():
            lines_of_day[day] = lines_of_day.get(day, line) | line
        justified = {
            (line_id, kind, day): total
            for day, lines in lines_of_day.items()
            for line_id, accrual in self.env["billing.accrual"]._accrue(lines, until=day).items()
            # where nothing can be said, nothing is wrong
            for kind, total in (
                dict.fromkeys(accrual.amounts, inf) if accrual.problem else accrual.amounts
            ).items()
        }
        excess = {}
        for (line, kind), group in groups.items():
            currency = group.currency_id
            left = sum(group.mapped("amount")) - justified.get(
                (line.id, kind, until[line, kind]), 0.0
            )
            for charge in group:
                if currency.compare_amounts(left, 0) > 0:
                    excess[charge.id] = currency.round(min(left, charge.amount))
                    left -= charge.amount
        return excess
