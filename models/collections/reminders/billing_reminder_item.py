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
    delay_days = fields.Integer(
        string="Rung",
        readonly=True,
        help="The rung this installment stands on with this reminder: the days overdue at which "
        "it stands in the ladder. Days, not a number, so that a changed ladder repeats nothing.",
    )
    share_id = fields.Integer(
        required=True,
        default=0,
        readonly=True,
        help="The part of a payment plan that is meant; 0 if the installment is in none.",
    )
    round = fields.Integer(
        required=True,
        default=0,
        readonly=True,
        help="How often somebody had the ladder of this installment begin anew before.",
    )
    is_advance = fields.Boolean(readonly=True)

    # also how planning finds the rung on which an installment stands
    _one_advance_uniq = models.UniqueIndex(
        "(line_id, share_id, round, delay_days) WHERE is_advance"
    )
