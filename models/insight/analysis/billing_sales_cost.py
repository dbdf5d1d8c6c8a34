from odoo import api, fields, models
from odoo.tools import SQL

SOURCES = [
    ("entry", "Cost of Goods Sold"),
    ("order", "Sales Order"),
    ("product", "Product"),
]


class BillingSalesAnalysis(models.Model):
    """What was sold cost, as far as that is known; of the rest there is no margin.

    The cost is the first of these that is not 0:

    1. the cost of goods sold that Odoo posted with the invoice (`stock_account`),
    2. the cost on the line of the sales order (`sale_margin`),
    3. the cost of the product today, in this company.

    A cost of 0 is one that nobody entered: taken at its word it would show a margin of 100 %.
    """

    _inherit = "billing.sales.analysis"

    cost = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="What Odoo posted as cost of goods sold; else the cost on the sales order; else the "
        "cost of the product today.",
    )
    margin = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="Revenue less cost, of what has a cost. A cost of 0 is taken for unknown.",
    )
    margin_rate = fields.Float(
        string="Margin (%)",
        readonly=True,
        digits=(16, 1),
        aggregator=None,
        help="Margin ÷ revenue of known cost × 100. Empty where no cost is known.",
    )
    costed_revenue = fields.Monetary(
        string="Revenue of Known Cost",
        currency_field="company_currency_id",
        readonly=True,
        help="The part of the revenue that the margin is of.",
    )
    has_cost = fields.Boolean(string="Cost Known", readonly=True)
    cost_source = fields.Selection(SOURCES, string="Cost From", readonly=True)

    _depends = {"product.product": ["standard_price"]}

    @api.model
    def _get_figure_formulas(self, column):
        # EXTENDS 'billing.figure.mixin'
        return {
            **super()._get_figure_formulas(column),
            "margin_rate": SQL(
                "SUM(%s) * 100 / NULLIF(SUM(%s), 0)", column("margin"), column("costed_revenue")
            ),
        }

    @api.model
    def _select(self):
        # EXTENDS 'billing.sales.analysis'
        cost = SQL("COALESCE(%s)", SQL(", ").join(self._get_costs().values()))
        source = SQL(" ").join(
            SQL("WHEN %s IS NOT NULL THEN %s", sql, name) for name, sql in self._get_costs().items()
        )
        return SQL(
            """
            %(others)s,
                   %(cost)s AS cost,
                   -line.balance - %(cost)s AS margin,
                   (-line.balance - %(cost)s) * 100 / NULLIF(-line.balance, 0) AS margin_rate,
                   CASE WHEN %(cost)s IS NOT NULL THEN -line.balance END AS costed_revenue,
                   %(cost)s IS NOT NULL AS has_cost,
                   CASE %(source)s END AS cost_source
            """,
            others=super()._select(),
            cost=cost,
            source=source,
        )

    @api.model
    def _get_costs(self):
        """Return what ``line`` cost by each source, as SQL that is NULL where it is not known."""
        costs = {}
        if self._knows_posted_costs():
            costs["entry"] = SQL("posted_cost.amount")
        if self._knows_ordered_costs():
            costs["order"] = SQL("NULLIF(%s * ordered_cost.amount, 0)", self._quantity_to_sql())
        costs["product"] = SQL("NULLIF(%s * price.amount, 0)", self._quantity_to_sql())
        return costs

    @api.model
    def _from(self):
        # EXTENDS 'billing.sales.analysis'
        joins = [super()._from(), self._join_product_costs()]
        if self._knows_posted_costs():
            joins.append(self._join_posted_costs())
        if self._knows_ordered_costs():
            joins.append(self._join_ordered_costs())
        return SQL(" ").join(joins)

    @api.model
    def _join_product_costs(self):
        """Read each product's costs once, not once a line. One row of a product and company, so
        that PostgreSQL leaves it out where nobody asks."""
        return SQL(
            """
            LEFT JOIN (
                SELECT product.id AS product_id, known.company::int AS company_id,
                       MAX(known.cost::float8) AS amount
                  FROM product_product product,
                       jsonb_each_text(product.standard_price) known (company, cost)
              GROUP BY product.id, known.company::int
            ) price ON price.product_id = line.product_id AND price.company_id = line.company_id
            """
        )

    # -- Cost of goods sold, as posted ----------------------------------------------------------

    @api.model
    def _knows_posted_costs(self):
        return "cogs_origin_id" in self.env["account.move.line"]._fields  # Odoo's `stock_account`

    @api.model
    def _join_posted_costs(self):
        return SQL(
            """
            LEFT JOIN (
                SELECT cogs.cogs_origin_id, NULLIF(SUM(cogs.balance), 0)::float8 AS amount
                  FROM account_move_line cogs
                  JOIN account_account account ON account.id = cogs.account_id
                 WHERE cogs.cogs_origin_id IS NOT NULL
                   AND account.account_type IN ('expense', 'expense_direct_cost')
              GROUP BY cogs.cogs_origin_id
            ) posted_cost ON posted_cost.cogs_origin_id = line.id
            """,
            to_flush=self.env["account.move.line"]._fields["cogs_origin_id"],
        )

    # -- The cost on the sales order --------------------------------------------------------------

    @api.model
    def _knows_ordered_costs(self):
        orders = self.env.get("sale.order.line")
        return orders is not None and "purchase_price" in orders._fields  # Odoo's `sale_margin`

    @api.model
    def _join_ordered_costs(self):
        """The cost of a line of an order is in the order's currency, for the order line's unit."""
        return SQL(
            """
            LEFT JOIN (
                SELECT rel.invoice_line_id,
                       AVG(ordered.purchase_price / COALESCE(NULLIF(sale.currency_rate, 0), 1)
                           / COALESCE(ordered_uom.factor, 1) * COALESCE(stock_uom.factor, 1)
                       )::float8 AS amount
                  FROM sale_order_line_invoice_rel rel
                  JOIN sale_order_line ordered ON ordered.id = rel.order_line_id
                  JOIN sale_order sale ON sale.id = ordered.order_id
             LEFT JOIN uom_uom ordered_uom ON ordered_uom.id = ordered.product_uom_id
             LEFT JOIN product_product ordered_product ON ordered_product.id = ordered.product_id
             LEFT JOIN product_template ordered_template
                       ON ordered_template.id = ordered_product.product_tmpl_id
             LEFT JOIN uom_uom stock_uom ON stock_uom.id = ordered_template.uom_id
              GROUP BY rel.invoice_line_id
            ) ordered_cost ON ordered_cost.invoice_line_id = line.id
            """,
            to_flush=self.env["sale.order.line"]._fields["purchase_price"],
        )
