from odoo import fields, models


class BillingExpenseRefuse(models.TransientModel):
    """Ask for the reason: it goes to whoever submitted the report."""

    _name = "billing.expense.refuse"
    _description = "Refuse Expense Reports"

    report_ids = fields.Many2many(
        "billing.expense.report", default=lambda self: self.env.context.get("active_ids")
    )
    reason = fields.Text(required=True)

    def action_refuse(self):
        self.report_ids._refuse(self.reason)
        return {"type": "ir.actions.act_window_close"}
