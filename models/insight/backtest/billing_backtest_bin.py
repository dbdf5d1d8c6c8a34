from odoo import fields, models


class BillingBacktestBin(models.Model):
    """A tenth of the installments of a check, by their predicted risk of being late."""

    _name = "billing.backtest.bin"
    _description = "Tenth of a Check of Predictions"
    _order = "backtest_id desc, number"
    _log_access = False
    _rec_name = "number"

    backtest_id = fields.Many2one(
        "billing.backtest", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    number = fields.Integer(
        string="Tenth", readonly=True, aggregator=None, help="From the least to the most likely."
    )
    predicted = fields.Float(
        string="Predicted Late", readonly=True, aggregator=None, help="The average risk."
    )
    happened = fields.Float(
        string="Were Late", readonly=True, aggregator=None, help="The part that was late."
    )
    number_judged = fields.Integer(string="Installments", readonly=True)
