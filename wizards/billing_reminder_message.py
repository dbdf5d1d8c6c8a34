from odoo import fields, models


class BillingReminderMessage(models.TransientModel):
    """What a customer would read. Nothing of it is sent or kept."""

    _name = "billing.reminder.message"
    _description = "Message of a Reminder"

    subject = fields.Char(readonly=True)
    email_from = fields.Char(string="From", readonly=True)
    email_to = fields.Char(string="To", readonly=True)
    # sanitized, the layout of a mail would fall apart; it comes from our own templates
    body = fields.Html(readonly=True, sanitize=False)
    note = fields.Char(readonly=True)
    is_problem = fields.Boolean(readonly=True)
