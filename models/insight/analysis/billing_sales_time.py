from odoo import api, fields, models
from odoo.tools import SQL

WEEKDAYS = [
    ("1", "Monday"),
    ("2", "Tuesday"),
    ("3", "Wednesday"),
    ("4", "Thursday"),
    ("5", "Friday"),
    ("6", "Saturday"),
    ("7", "Sunday"),
]
MONTHS = [
    ("01", "January"),
    ("02", "February"),
    ("03", "March"),
    ("04", "April"),
    ("05", "May"),
    ("06", "June"),
    ("07", "July"),
    ("08", "August"),
    ("09", "September"),
    ("10", "October"),
    ("11", "November"),
    ("12", "December"),
]


class BillingSalesAnalysis(models.Model):
    """When customers buy.

    They buy when the sales order is confirmed, where there is one; else on the date of the
    invoice. A date has no hour. Without an order it is the hour at which a person entered the
    invoice, if they did so on the date that it bears: not when a job did, or somebody later.
    """

    _inherit = "billing.sales.analysis"

    bought_on = fields.Date(
        readonly=True,
        help="The date of the sales order, where there is one; else that of the invoice.",
    )
    weekday = fields.Selection(WEEKDAYS, readonly=True)
    day_of_month = fields.Char(string="Day of the Month", readonly=True)
    month_of_year = fields.Selection(MONTHS, string="Month of the Year", readonly=True)
    hour = fields.Char(
        readonly=True,
        help="In the company's time zone: when the sales order was confirmed; without one, when a "
        "person entered the invoice, if that was on its date. Not known of invoices made by a job.",
    )

    _depends = {
        "account.move": ["create_date", "create_uid"],
        "res.company": ["partner_id"],
        "res.partner": ["tz"],
    }

    @api.model
    def _select(self):
        # EXTENDS 'billing.sales.analysis'
        ordered = SQL("NULL::timestamp")
        if self._knows_orders():
            ordered = self._to_local(SQL("bought.date_order"))
        entered = self._to_local(SQL("move.create_date"))
        return SQL(
            """
            %(others)s,
                   %(day)s AS bought_on,
                   to_char(%(day)s, 'ID') AS weekday,
                   to_char(%(day)s, 'DD') AS day_of_month,
                   to_char(%(day)s, 'MM') AS month_of_year,
                   to_char(COALESCE(%(ordered)s, CASE
                       WHEN move.create_uid != %(jobs)s AND %(entered)s::date = move.invoice_date
                       THEN %(entered)s
                   END), 'HH24:00') AS hour
            """,
            others=super()._select(),
            day=SQL("COALESCE(%s::date, move.invoice_date)", ordered),
            ordered=ordered,
            entered=entered,
            jobs=self.env["ir.model.data"]._xmlid_to_res_id("base.user_root"),
        )

    @api.model
    def _to_local(self, moment):
        """Return a moment on the clock of the company."""
        zone = self._zone_to_sql(SQL("house.tz"))
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)", moment, zone)

    @api.model
    def _from(self):
        # EXTENDS 'billing.sales.analysis'
        return SQL(
            """
            %s
            LEFT JOIN res_company company ON company.id = line.company_id
            LEFT JOIN res_partner house ON house.id = company.partner_id
            %s
            """,
            super()._from(),
            self._join_orders() if self._knows_orders() else SQL(),
        )

    @api.model
    def _knows_orders(self):
        return "sale.order" in self.env  # Odoo's `sale`

    @api.model
    def _join_orders(self):
        return SQL(
            """
            LEFT JOIN (
                SELECT rel.invoice_line_id, MIN(sale.date_order) AS date_order
                  FROM sale_order_line_invoice_rel rel
                  JOIN sale_order_line ordered ON ordered.id = rel.order_line_id
                  JOIN sale_order sale ON sale.id = ordered.order_id
              GROUP BY rel.invoice_line_id
            ) bought ON bought.invoice_line_id = line.id
            """,
            to_flush=self.env["sale.order"]._fields["date_order"],
        )
