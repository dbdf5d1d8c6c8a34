from datetime import date

from odoo import api, fields, models


class BillingReceivable(models.Model):
    """What the open items cost for being late, as it accrues."""

    _inherit = "billing.receivable"

    accrued_currency = fields.Monetary(
        string="Accrued Charges",
        currency_field="currency_id",
        compute="_compute_accrued_currency",
        help="Interest and fees for being paid late until the day that is asked about, whether "
        "charged already or not. Nothing is booked before somebody charges it.",
    )

    @api.depends_context("billing_as_of")
    def _compute_accrued_currency(self):
        as_of = self._get_as_of() if self.env.context.get("billing_as_of") else None
        late = self.filtered(lambda row: row.kind == "invoice")
        accruals = self.env["billing.accrual"]._accrue(late.line_id, until=as_of) if late else {}
        shown = set()
        for row in self.sorted(lambda row: (row.date_maturity or date.max, row.id)):
            # of an item in parts, the first one bears it
            line_id = row.line_id.id
            accrual = None if line_id in shown else accruals.get(line_id)
            shown.add(line_id)
            row.accrued_currency = accrual.total if accrual else 0.0
