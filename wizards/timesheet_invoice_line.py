from odoo import fields, models


class BillingTimesheetInvoiceLine(models.TransientModel):
    """An invoice line as it will be, shown before it is made."""

    _name = "billing.timesheet.invoice.line"
    _description = "Preview of an Invoice Line with Hours"

    wizard_id = fields.Many2one("billing.timesheet.invoice", index=True, ondelete="cascade")
    partner_id = fields.Many2one("res.partner", string="Customer")
    name = fields.Char(string="Description")
    quantity = fields.Float(string="Billed Hours", digits="Product Unit")
    rate = fields.Monetary()
    currency_id = fields.Many2one("res.currency")
    amount = fields.Monetary()
