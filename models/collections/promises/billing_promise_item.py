from odoo import fields, models


class BillingPromiseItem(models.Model):
    """One installment that a promise is about.

    The database holds each installment to one open promise, whatever runs at the same time.
    """

    _name = "billing.promise.item"
    _description = "Promised Installment"
    _log_access = False

    promise_id = fields.Many2one(
        "billing.promise", required=True, readonly=True, index=True, ondelete="cascade"
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
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    date_maturity = fields.Date(related="line_id.date_maturity", string="Due Date")
    currency_id = fields.Many2one(related="line_id.currency_id")
    amount_residual_currency = fields.Monetary(
        related="line_id.amount_residual_currency", string="Open"
    )
    date_until = fields.Date(required=True, readonly=True)
    is_open = fields.Boolean(readonly=True, default=True)

    _open_uniq = models.UniqueIndex(
        "(line_id) WHERE is_open", "Something else has been promised for this already."
    )
