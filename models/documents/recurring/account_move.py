from odoo import fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    billing_recurring_id = fields.Many2one(
        "billing.recurring",
        string="Recurring Series",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )

    def button_draft(self):
        # EXTENDS 'account'
        self._check_period_not_billed_anew()
        return super().button_draft()

    def _check_period_not_billed_anew(self):
        """Raise if a bill would come back to life whose period another one bills by now.

        It comes back when it was cancelled, or when its credit note is taken back.
        """
        cancelled = self.filtered(lambda move: move.state == "cancel")
        credits = self.filtered(
            lambda move: move.state == "posted" and move.move_type == "out_refund"
        )
        bills = (cancelled | credits.reversed_entry_id).filtered("billing_recurring_id")
        if not bills:
            return
        periods = self.env["billing.recurring.period"].sudo()
        if period := periods.search([("replaced_move_ids", "in", bills.ids)], limit=1):
            raise UserError(
                self.env._(
                    "%(bill)s cannot be billed any more: its period has been billed again by "
                    "%(other)s.",
                    bill=(bills & period.replaced_move_ids)[0].display_name,
                    other=period.move_id.display_name or self.env._("a bill that was deleted"),
                )
            )

    def action_view_billing_recurring(self):
        """Open the series that made this bill."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Recurring Invoice"),
            "res_model": "billing.recurring",
            "views": [(False, "form")],
            "res_id": self.billing_recurring_id.id,
        }
