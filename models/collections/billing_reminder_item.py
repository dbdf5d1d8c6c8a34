from odoo import fields, models


class BillingReminderItem(models.Model):
    """One installment that a reminder speaks of, as it stood when the reminder was decided.

    ``is_advance`` marks the installments that climb a rung with this reminder; the others are only
    listed with them. The database holds each installment to one advance on each rung: that is what
    makes a second reminder for the same debt impossible, whatever runs at the same time.
    """

    _name = "billing.reminder.item"
    _description = "Reminded Installment"
    _log_access = False

    reminder_id = fields.Many2one(
        "billing.reminder", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    line_id = fields.Many2one(
        "account.move.line",
        string="Installment",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    move_id = fields.Many2one(related="line_id.move_id", string="Invoice")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    date_maturity = fields.Date(string="Due Date", readonly=True)
    amount = fields.Monetary(readonly=True, help="Open when the reminder was decided.")
    step = fields.Integer(
        readonly=True, help="Rung of the ladder this installment stands on with this reminder."
    )
    is_advance = fields.Boolean(readonly=True)

    _one_advance_uniq = models.UniqueIndex("(line_id, step) WHERE is_advance")
