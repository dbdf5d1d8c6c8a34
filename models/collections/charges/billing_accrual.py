from odoo import api, models
from odoo.tools import SQL

from .billing_late_charge import COUNTED


class BillingAccrual(models.AbstractModel):
    """What was charged or waived is not charged again."""

    _inherit = "billing.accrual"

    @api.model
    def _select_charged_moves(self, company):
        # EXTENDS 'billing.accrual'
        return SQL(
            "SELECT move_origin_id FROM billing_late_charge"
            " WHERE company_id = %s AND state = 'charged'",
            company.id,
        )

    @api.model
    def _where_chargeable(self):
        # EXTENDS 'billing.accrual': a debit note that charges stays one if its type is changed
        return SQL(
            "%s AND move.id NOT IN"
            " (SELECT move_id FROM billing_late_charge WHERE move_id IS NOT NULL)",
            super()._where_chargeable(),
        )

    @api.model
    def _get_charged(self, line_ids):
        # EXTENDS 'billing.accrual'
        charged = super()._get_charged(line_ids)
        rows = (
            self.env["billing.late.charge"]
            .sudo()
            ._read_group(
                [("line_id", "in", line_ids), ("state", "in", COUNTED)],
                ["line_id", "kind"],
                ["amount:sum"],
            )
        )
        for line, kind, amount in rows:
            charged.setdefault(line.id, {})[kind] = amount
        return charged
