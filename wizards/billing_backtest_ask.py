from odoo import api, fields, models
from odoo.exceptions import ValidationError


class BillingBacktestAsk(models.TransientModel):
    """Asks for the period whose predictions are to be checked."""

    _name = "billing.backtest.ask"
    _description = "Check Predictions"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date_from = fields.Date(string="Invoiced From", required=True)
    date_to = fields.Date(string="Invoiced Until", required=True)

    @api.model
    def default_get(self, fields):
        # EXTENDS 'base': the usual period
        values = super().default_get(fields)
        start, end = self.env["billing.backtest"]._get_usual_period(self.env.company)
        return {"date_from": start, "date_to": end, **values}

    @api.constrains("date_from", "date_to")
    def _check_period(self):
        for ask in self:
            if ask.date_from > ask.date_to:
                raise ValidationError(ask.env._("The period ends before it begins."))

    def action_check(self):
        """Check the predictions of the period, and show the check."""
        self.ensure_one()
        check = self.env["billing.backtest"]._request(self.company_id, self.date_from, self.date_to)
        return check._get_records_action(target="main")
