from odoo import fields, models
from odoo.tools import SQL


class BillingBacktestPoint(models.Model):
    """What a graph draws of a tenth: one point of the predicted line, one of what happened.

    Odoo's graphs draw one measure, in lines by group.
    """

    _name = "billing.backtest.point"
    _description = "Predicted and Happened"
    _auto = False
    _order = "backtest_id desc, number, kind"

    backtest_id = fields.Many2one("billing.backtest", string="Check", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    number = fields.Char(string="Tenth", readonly=True)
    kind = fields.Selection(
        [("a_predicted", "Predicted"), ("b_happened", "Happened")], string="Line", readonly=True
    )
    late_percent = fields.Float(string="Late (%)", readonly=True, digits=(16, 1), aggregator="avg")

    _depends = {
        "billing.backtest.bin": ["backtest_id", "company_id", "number", "predicted", "happened"]
    }

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT bin.id * 2 + point.place AS id, bin.backtest_id, bin.company_id,
                   lpad(bin.number::text, 2, '0') AS number, point.kind,
                   point.share * 100 AS late_percent
              FROM billing_backtest_bin bin
        CROSS JOIN LATERAL (
                VALUES (0, 'a_predicted', bin.predicted), (1, 'b_happened', bin.happened)
              ) point (place, kind, share)
            """
        )
