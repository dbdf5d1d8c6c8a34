from odoo import api, fields, models
from odoo.exceptions import UserError


class BillingRecurringPauseWizard(models.TransientModel):
    """Pauses series, until a date if one is known."""

    _name = "billing.recurring.pause.wizard"
    _description = "Pause a Recurring Invoice"

    recurring_ids = fields.Many2many(
        "billing.recurring",
        string="Series",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    until = fields.Date(
        string="Resume on", help="Empty: it stays paused until somebody resumes it."
    )
    missed = fields.Selection(
        selection=[("skip", "Skip them"), ("catch_up", "Bill them then")],
        string="Periods in Between",
        required=True,
        default="skip",
    )
    reason = fields.Char()

    @api.constrains("until")
    def _check_until(self):
        for wizard in self:
            if wizard.until and wizard.until <= fields.Date.context_today(self):
                raise UserError(self.env._("The day to resume on must be in the future."))

    def action_apply(self):
        """Pause those that are running."""
        self.ensure_one()
        running = self.recurring_ids.filtered(lambda series: series.state == "running")
        if not running:
            raise UserError(self.env._("Only a running series can be paused."))
        running._pause(self.until, self.missed)
        if self.reason:
            for series in running:
                series.message_post(body=self.env._("Paused: %s", self.reason))
        return {"type": "ir.actions.act_window_close"}
