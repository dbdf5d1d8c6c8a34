from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.tools import SQL

from .formulas import get_formulas


class BillingKpiFigure(models.Model):
    """The key figures at a glance: one row for each, with what it was and how it is formed.

    Formed of the rows of `billing.kpi` that the user may see: a salesperson's own customers.
    """

    _name = "billing.kpi.figure"
    _description = "Key Figures at a Glance"
    _auto = False
    _order = "company_id, sequence"

    company_id = fields.Many2one("res.company", readonly=True)
    sequence = fields.Integer(readonly=True)
    name = fields.Selection(
        selection=lambda self: self._get_labels(), string="Key Figure", readonly=True
    )
    value = fields.Float(
        string="Now",
        readonly=True,
        digits=(16, 2),
        aggregator=None,
        help="As of the last refresh, with the sales of the current month so far.",
    )
    value_month = fields.Float(
        string="End of Last Month", readonly=True, digits=(16, 2), aggregator=None
    )
    value_year = fields.Float(
        string="A Year Before",
        readonly=True,
        digits=(16, 2),
        aggregator=None,
        help="At the end of the same month as the last one, a year before.",
    )
    has_value = fields.Boolean(readonly=True)
    has_value_month = fields.Boolean(readonly=True)
    has_value_year = fields.Boolean(readonly=True)
    explanation = fields.Text(string="How It Is Formed", compute="_compute_explanation")

    _depends = {"billing.kpi": ["month"]}

    @api.model
    def _get_labels(self):
        kpi = self.env["billing.kpi"]
        described = kpi.fields_get(kpi._get_figures(), ["string"])
        return [(name, described[name]["string"]) for name in kpi._get_figures()]

    @api.depends("name")
    @api.depends_context("lang")
    def _compute_explanation(self):
        kpi = self.env["billing.kpi"]
        described = kpi.fields_get(kpi._get_figures(), ["help"])
        for row in self:
            row.explanation = described[row.name]["help"] if row.name else False

    @property
    def _table_query(self):
        kpi = self.env["billing.kpi"]
        month = fields.Date.context_today(self).replace(day=1)
        months = {
            "value": month,
            "value_month": month - relativedelta(months=1),
            "value_year": month - relativedelta(months=13),
        }
        query = kpi._search([("month", "in", list(months.values()))])
        formulas = get_formulas(
            column=lambda name: kpi._field_to_sql(kpi._table, name, query),
            total=lambda value: SQL("SUM(%s)", value),
            average=lambda value: SQL("AVG(%s)", value),
        )
        query.groupby = SQL(
            "%s, %s",
            *(kpi._field_to_sql(kpi._table, name, query) for name in ("company_id", "month")),
        )
        query.order = None
        figures = kpi._get_figures()
        return SQL(
            """
            SELECT formed.company_id * %(count)s + figure.sequence AS id,
                   formed.company_id, figure.sequence, figure.name, %(values)s
              FROM (%(formed)s) formed
        CROSS JOIN LATERAL (VALUES %(figures)s) figure (sequence, name, amount)
          GROUP BY formed.company_id, figure.sequence, figure.name
            """,
            count=len(figures),
            values=SQL(", ").join(
                SQL(
                    """
                    MAX(figure.amount) FILTER (WHERE formed.month = %(month)s) AS %(name)s,
                    COUNT(figure.amount) FILTER (WHERE formed.month = %(month)s) > 0 AS %(has)s
                    """,
                    month=on,
                    name=SQL.identifier(name),
                    has=SQL.identifier(f"has_{name}"),
                )
                for name, on in months.items()
            ),
            formed=query.select(
                SQL("%s AS company_id", kpi._field_to_sql(kpi._table, "company_id", query)),
                SQL("%s AS month", kpi._field_to_sql(kpi._table, "month", query)),
                *(SQL("%s AS %s", formulas[name], SQL.identifier(name)) for name in figures),
            ),
            figures=SQL(", ").join(
                SQL("(%s, %s, %s)", sequence, name, SQL.identifier("formed", name))
                for sequence, name in enumerate(figures)
            ),
        )

    def action_trend(self):
        """Open the figure's course over the months."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("billing_crm.action_billing_kpi")
        label = dict(self._get_labels())[self.name]
        return {
            **action,
            "name": label,
            "display_name": label,
            "views": [(False, "graph"), (False, "list"), (False, "pivot")],
            "domain": [("company_id", "=", self.company_id.id)],
            "context": {"graph_measure": self.name, "graph_groupbys": ["month:month"]},
        }

    def action_refresh(self):
        """Form the key figures anew, as of today."""
        return self.env["billing.kpi"].action_refresh()
