from odoo import api, fields, models
from odoo.tools import SQL

from ..types import sql_field

# In the order in which a pro forma usually passes them.
STATUSES = [
    ("draft", "Draft"),
    ("sent", "Sent"),
    ("expired", "Expired"),
    ("accepted", "Accepted"),
    ("partly_invoiced", "Partly Invoiced"),
    ("invoiced", "Invoiced"),
    ("declined", "Declined"),
    ("cancelled", "Cancelled"),
]


class BillingProforma(models.Model):
    """Where a pro forma stands. It depends on today and on the ledger, so it is not stored.

    One SQL expression serves the field, its search and its group-by, so they cannot disagree.
    """

    _inherit = "billing.proforma"

    status = fields.Selection(
        selection=STATUSES, compute="_compute_status", search="_search_status"
    )
    is_closed = fields.Boolean(
        string="Nothing More to Invoice",
        readonly=True,
        copy=False,
        tracking=True,
        help="Someone decided that what is left of this estimate will not be invoiced.",
    )

    @api.depends_context("tz")
    @api.depends("state", "validity_date", "is_closed")
    def _compute_status(self):
        sql_field.compute(self, "status", unsaved="draft")

    def _search_status(self, operator, value):
        return sql_field.search("status", operator, value)

    def _field_to_sql(self, alias, fname, query=None):
        # EXTENDS 'base'
        if fname == "status":
            return self._status_to_sql(alias, query)
        return super()._field_to_sql(alias, fname, query)

    def _status_to_sql(self, alias, query):
        """Return the status of the pro formas in ``alias`` as an SQL expression."""

        def column(fname):
            return self._field_to_sql(alias, fname, query)

        item = self.env["account.move.line"]
        return SQL(
            """
            CASE
                WHEN %(state)s = 'cancel' THEN 'cancelled'
                WHEN %(state)s = 'declined' THEN 'declined'
                WHEN %(is_closed)s THEN 'invoiced'
                WHEN EXISTS (
                    SELECT FROM account_move move
                     WHERE move.billing_proforma_id = %(id)s
                       AND move.state = 'posted' AND move.move_type != 'out_refund'
                ) THEN CASE WHEN %(all_billed)s THEN 'invoiced' ELSE 'partly_invoiced' END
                WHEN %(state)s = 'accepted' THEN 'accepted'
                WHEN %(state)s = 'sent' AND %(validity_date)s < %(today)s THEN 'expired'
                ELSE %(state)s
            END
            """,
            id=SQL.identifier(alias, "id"),
            state=column("state"),
            is_closed=column("is_closed"),
            validity_date=column("validity_date"),
            today=fields.Date.context_today(self),
            all_billed=SQL(
                """
                EXISTS (
                    SELECT FROM billing_proforma_line WHERE proforma_id = %(id)s AND quantity != 0
                ) AND NOT EXISTS (
                    SELECT FROM billing_proforma_line estimated
                      LEFT JOIN uom_uom estimated_unit
                             ON estimated_unit.id = estimated.product_uom_id
                     WHERE estimated.proforma_id = %(id)s
                       AND (estimated.quantity - COALESCE((
                            SELECT sum(CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END
                                       * item.quantity
                                       * COALESCE(
                                            NULLIF(item.billing_proforma_factor, 0),
                                            unit.factor / estimated_unit.factor,
                                            1))
                              FROM account_move_line item
                              JOIN account_move move ON move.id = item.move_id
                              LEFT JOIN uom_uom unit ON unit.id = item.product_uom_id
                             WHERE item.billing_proforma_line_id = estimated.id
                               AND item.display_type = 'product'
                               AND %(item_state)s = 'posted'
                       ), 0)) * sign(estimated.quantity) > 0.00001
                )
                """,
                id=SQL.identifier(alias, "id"),
                item_state=item._field_to_sql("item", "parent_state"),
            ),
        )
