from odoo import api, fields, models

GROUPS = "billing_crm.group_billing_user"


class AccountMove(models.Model):
    """What an invoice costs for being paid late, as it accrues."""

    _inherit = "account.move"

    billing_accrued = fields.Monetary(
        string="Accrued Charges",
        compute="_compute_billing_accrued",
        groups=GROUPS,
        help="Interest and fees for paying late until today, whether charged already or not. "
        "Nothing is booked before somebody charges it.",
    )
    billing_accrued_problem = fields.Char(
        string="Why Nothing Accrues", compute="_compute_billing_accrued", groups=GROUPS
    )

    # no payment is depended on: that would slow down every entry (see CONTRIBUTING)
    @api.depends("state")
    def _compute_billing_accrued(self):
        posted = self._origin.filtered(
            lambda move: move.state == "posted" and move.is_sale_document(include_receipts=True)
        )
        # what is not due yet costs nothing, and most invoices that are opened are not
        lines = posted.sudo().line_ids.filtered(
            lambda line: (
                line.account_type == "asset_receivable"
                and (line.date_maturity or line.date) < line.company_id._get_billing_today()
            )
        )
        accruals = self.env["billing.accrual"]._accrue(lines) if lines else {}
        by_move = {}
        for accrual in accruals.values():
            by_move.setdefault(accrual.line.move_id.id, []).append(accrual)
        for move in self:
            mine = by_move.get(move._origin.id, [])
            move.billing_accrued = sum(accrual.total for accrual in mine)
            move.billing_accrued_problem = next(
                (accrual.problem for accrual in mine if accrual.problem), False
            )

    def action_billing_accrual(self):
        """Show how what has accrued on this invoice is computed."""
        self.ensure_one()
        sheet = self.env["billing.accrual.sheet"].create({"move_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Accrued Charges"),
            "res_model": "billing.accrual.sheet",
            "res_id": sheet.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }
