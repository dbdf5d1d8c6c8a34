from odoo import api, fields, models
from odoo.tools import SQL


class BillingSalesAnalysis(models.Model):
    """One row for each line of a posted customer document: what was sold, and what it brought.

    Revenue is the line's own journal item, so that its sum is what the income accounts say: without
    tax, in the company's currency at the rate of the document, credit notes negative. The lines
    are those of Odoo's own Invoices Analysis.
    """

    _name = "billing.sales.analysis"
    _inherit = ["billing.analysis.mixin"]
    _description = "Sales"
    _auto = False
    _order = "invoice_date desc, id desc"
    _rec_name = "move_id"

    line_text = fields.Char(string="Description", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    product_categ_id = fields.Many2one("product.category", readonly=True)
    product_uom_id = fields.Many2one("uom.uom", string="Unit", readonly=True)
    account_id = fields.Many2one("account.account", readonly=True)
    quantity = fields.Float(readonly=True, help="In the unit of the product.")
    revenue = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="Without tax, in the company's currency at the rate of the document. Credit notes "
        "are deducted.",
    )

    _depends = {
        "account.move.line": ["name", "product_id", "product_uom_id", "quantity"],
        "product.product": ["product_tmpl_id"],
        "product.template": ["categ_id", "uom_id"],
        "uom.uom": ["factor"],
    }

    @property
    def _table_query(self):
        return SQL("%s FROM %s WHERE %s", self._select(), self._from(), self._where())

    @api.model
    def _select(self):
        return SQL(
            """
            SELECT line.id,
                   %(dimensions)s,
                   line.name AS line_text,
                   line.product_id,
                   template.categ_id AS product_categ_id,
                   COALESCE(template.uom_id, line.product_uom_id) AS product_uom_id,
                   line.account_id,
                   %(quantity)s AS quantity,
                   -line.balance AS revenue
            """,
            dimensions=self._select_dimensions(),
            quantity=self._quantity_to_sql(),
        )

    @api.model
    def _from(self):
        return SQL(
            """
              account_move_line line
              JOIN account_move move ON move.id = line.move_id
         LEFT JOIN product_product product ON product.id = line.product_id
         LEFT JOIN product_template template ON template.id = product.product_tmpl_id
         LEFT JOIN uom_uom line_uom ON line_uom.id = line.product_uom_id
         LEFT JOIN uom_uom product_uom ON product_uom.id = template.uom_id
                   %s
            """,
            self._join_dimensions(),
        )

    @api.model
    def _where(self):
        return SQL(
            """
            line.display_type = 'product'
            AND line.parent_state = 'posted'
            AND move.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
            """
        )

    @api.model
    def _quantity_to_sql(self):
        """Return the quantity of ``line`` in the product's unit, negative on credit notes."""
        return SQL(
            """
            line.quantity::float8 * COALESCE(line_uom.factor::float8, 1)
                / COALESCE(product_uom.factor::float8, 1)
                * CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END
            """
        )
