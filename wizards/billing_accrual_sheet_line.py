from odoo import fields, models

KINDS = [("interest", "Interest"), ("fee", "Fixed fee"), ("percentage", "Percentage")]


class BillingAccrualSheetLine(models.TransientModel):
    """Days at one rate, or a fee."""

    _name = "billing.accrual.sheet.line"
    _description = "Line of a Calculation of Late Charges"

    sheet_id = fields.Many2one("billing.accrual.sheet", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="sheet_id.currency_id")
    kind = fields.Selection(selection=KINDS)
    date_maturity = fields.Date(string="Due Date")
    date_from = fields.Date(string="From")
    date_to = fields.Date(string="To")
    days = fields.Integer()
    base = fields.Monetary(string="Overdue")
    rate = fields.Float(string="Rate (%)", digits=(16, 2))
    source = fields.Text(string="Made of")
    amount = fields.Float(digits=(16, 4), help="Not rounded yet: the sum is.")
