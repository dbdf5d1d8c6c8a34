from odoo import fields, models
from odoo.tools import SQL

# Each of them is a line of the graph; in the order of the legend.
FIGURES = ("by_due", "low", "expected", "high", "outgoing")


class BillingForecastCurve(models.Model):
    """The figures of each period one below the other: a graph shows them side by side."""

    _name = "billing.forecast.curve"
    _description = "Cash Forecast Compared"
    _auto = False
    _order = "date_start, figure"

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    granularity = fields.Selection(
        selection=[("day", "Day"), ("week", "Week"), ("month", "Month")],
        string="By",
        readonly=True,
    )
    date_start = fields.Date(string="From", readonly=True)
    date_end = fields.Date(string="To", readonly=True)
    figure = fields.Selection(
        selection=[
            ("by_due", "By due date"),
            ("low", "At least"),
            ("expected", "Expected"),
            ("high", "At most"),
            ("outgoing", "Going out"),
        ],
        readonly=True,
    )
    amount = fields.Monetary(readonly=True, aggregator="sum")

    _depends = {"billing.forecast.period": ["date_end", "date_start", "granularity", *FIGURES]}

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT period.id * %(count)s + curve.number AS id, period.company_id,
                   period.currency_id, period.granularity, period.date_start, period.date_end,
                   curve.figure, curve.amount
              FROM billing_forecast_period period
        CROSS JOIN LATERAL (VALUES %(figures)s) curve (number, figure, amount)
            """,
            count=len(FIGURES),
            figures=SQL(", ").join(
                SQL("(%s, %s, %s)", number, name, SQL.identifier("period", name))
                for number, name in enumerate(FIGURES)
            ),
        )
