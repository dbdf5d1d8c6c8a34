from odoo import api, fields, models
from odoo.fields import Command


class BillingAccrualSheet(models.TransientModel):
    """How what an invoice costs for being paid late is computed, until any day. Books nothing."""

    _name = "billing.accrual.sheet"
    _description = "Calculation of Late Charges"

    move_id = fields.Many2one("account.move", string="Invoice", required=True, readonly=True)
    currency_id = fields.Many2one(related="move_id.currency_id")
    until = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="The last day. In the future: as if nothing were paid until then.",
    )
    line_ids = fields.One2many(
        "billing.accrual.sheet.line",
        "sheet_id",
        string="Calculation",
        compute="_compute_result",
        store=True,
        compute_sudo=False,
    )
    policy_names = fields.Char(
        string="Policy", compute="_compute_result", store=True, compute_sudo=False
    )
    total = fields.Monetary(compute="_compute_result", store=True, compute_sudo=False)
    charged = fields.Monetary(
        string="Charged before",
        compute="_compute_result",
        store=True,
        compute_sudo=False,
        help="What was waived included.",
    )
    increment = fields.Monetary(
        string="May Be Charged",
        compute="_compute_result",
        store=True,
        compute_sudo=False,
        help="Negative: more was charged than is owed, because a payment turned out to be earlier.",
    )
    problem = fields.Char(compute="_compute_result", store=True, compute_sudo=False)
    is_unchecked = fields.Boolean(compute="_compute_result", store=True, compute_sudo=False)

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base': what is computed is not limited to what the user may see
        sheets = super().create(vals_list)
        sheets.move_id.check_access("read")
        return sheets

    @api.depends("move_id", "until")
    def _compute_result(self):
        for sheet in self:
            sheet.move_id.check_access("read")
            lines = sheet.move_id.sudo().line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
            )
            accruals = self.env["billing.accrual"]._accrue(lines, until=sheet.until or None)
            found = sorted(accruals.values(), key=lambda accrual: (accrual.due, accrual.line.id))
            currency = sheet.currency_id
            sheet.line_ids = [
                Command.clear(),
                *(Command.create(row) for accrual in found for row in sheet._get_rows(accrual)),
            ]
            sheet.policy_names = ", ".join(dict.fromkeys(a.policy.name for a in found))
            sheet.total = currency.round(sum(accrual.total for accrual in found))
            sheet.charged = currency.round(sum(accrual.charged for accrual in found))
            sheet.increment = currency.round(sum(accrual.increment for accrual in found))
            sheet.problem = next((a.problem for a in found if a.problem), False)
            sheet.is_unchecked = any(accrual.unchecked for accrual in found)

    def _get_rows(self, accrual):
        """Return the values of the lines that explain what has accrued on an installment."""
        rows = [
            {
                "kind": "interest",
                "date_from": segment.date_from,
                "date_to": segment.date_to,
                "days": segment.days,
                "base": float(segment.base),
                "rate": float(segment.rate),
                "source": self._explain(segment),
                "amount": float(segment.interest),
            }
            for segment in accrual.segments
        ]
        if not accrual.currency.is_zero(accrual.interest - accrual.full_interest):
            rows.append(
                {
                    "kind": "interest",
                    "source": self.env._("Minimum or limit of the policy"),
                    "amount": accrual.interest - accrual.full_interest,
                }
            )
        rows += [
            {"kind": kind, "base": accrual.base, "amount": amount}
            for kind, amount in accrual.amounts.items()
            if kind != "interest" and amount
        ]
        return [{"date_maturity": accrual.due, **row} for row in rows]

    def _explain(self, segment):
        if not segment.source:
            return self.env._("As agreed")
        return self.env._(
            "%(rate)s + %(margin)s: %(publisher)s",
            rate=f"{segment.reference_rate:f}",
            margin=f"{segment.margin:f}",
            publisher=segment.source,
        )
