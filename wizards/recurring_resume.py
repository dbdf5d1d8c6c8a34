from odoo import api, fields, models
from odoo.exceptions import UserError


class BillingRecurringResumeWizard(models.TransientModel):
    """Asks what to do with periods whose day of billing has passed."""

    _name = "billing.recurring.resume.wizard"
    _description = "Start or Resume a Recurring Invoice"

    recurring_ids = fields.Many2many("billing.recurring", string="Series", required=True)
    missed_count = fields.Integer(compute="_compute_missed_count")
    catch_up = fields.Selection(
        selection=[
            ("skip", "Skip them"),
            ("each", "One bill for each, now"),
            ("one", "One bill for all of them, now"),
        ],
        string="What Shall Be Done with Them?",
        required=True,
        default="skip",
    )
    reason = fields.Char(default=lambda self: self.env._("Not billed at the time"))

    @api.depends("recurring_ids")
    def _compute_missed_count(self):
        for wizard in self:
            wizard.missed_count = sum(wizard.recurring_ids.mapped("missed_count"))

    def action_apply(self):
        """Start or resume the series, and deal with what was missed."""
        self.ensure_one()
        series = self.recurring_ids
        series.check_access("write")
        if any(one.state not in ("draft", "paused") for one in series):
            raise UserError(self.env._("A series that is running or ended cannot be resumed."))
        series._check_billable()
        if self.catch_up == "skip":
            series._skip_missed(self.reason)
            series = series.filtered("next_date")
        series._resume()
        if self.catch_up != "skip":
            for company, ours in series.grouped("company_id").items():
                company_series = ours.with_company(company)
                while due := company_series.filtered(
                    lambda one: one.state == "running" and one.is_due
                ):
                    if due._bill(company._get_billing_today(), self.catch_up):
                        raise UserError(self.env._("Somebody else is billing this series."))
        return {"type": "ir.actions.act_window_close"}
