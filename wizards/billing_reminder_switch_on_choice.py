from odoo import fields, models

from ..models.collections.reminders.res_company_start import STARTS


class BillingReminderSwitchOnChoice(models.TransientModel):
    """How many customers would be written to if reminders begin in one way."""

    _name = "billing.reminder.switch.on.choice"
    _description = "Way to Begin with Reminders"

    wizard_id = fields.Many2one(
        "billing.reminder.switch.on", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="wizard_id.company_id", store=True)
    start = fields.Selection(selection=STARTS, string="Begin", required=True, readonly=True)
    today_count = fields.Integer(string="Today", readonly=True, help="Messages on the first day.")
    busiest_count = fields.Integer(
        string="Busiest Day", readonly=True, help="The most messages on one of the next 14 days."
    )
    total_count = fields.Integer(
        string="In 14 Days", readonly=True, help="All messages of the next 14 days, if nobody pays."
    )
