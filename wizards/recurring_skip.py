from odoo import fields, models


class BillingRecurringSkipWizard(models.TransientModel):
    """Skips the next period of a series, for a reason."""

    _name = "billing.recurring.skip.wizard"
    _description = "Skip the Next Period"

    recurring_id = fields.Many2one(
        "billing.recurring",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    next_number = fields.Integer(related="recurring_id.next_number", string="Period")
    next_date = fields.Date(related="recurring_id.next_date", string="Planned")
    reason = fields.Char(required=True)

    def action_apply(self):
        """Skip it."""
        self.ensure_one()
        self.recurring_id._skip_next(self.reason)
        return {"type": "ir.actions.act_window_close"}
