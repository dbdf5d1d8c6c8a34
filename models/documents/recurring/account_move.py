from odoo import fields, models


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
