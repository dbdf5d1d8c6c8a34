from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..types import sql_field

STATES = [
    ("to_bill", "To Bill"),
    ("not_billable", "Not Billable"),
    ("draft", "On a Draft Invoice"),
    ("billed", "Billed"),
]


class AccountAnalyticLine(models.Model):
    """Hours that are billed: those entered in Billing, and those of Odoo's Timesheets app."""

    _inherit = "account.analytic.line"

    billing_entry = fields.Boolean(
        string="Entered in Billing", copy=True, index="btree_not_null", readonly=True
    )
    billing_is_hours = fields.Boolean(
        string="Is Billable Time",
        compute="_compute_billing_is_hours",
        search="_search_billing_is_hours",
    )
    billing_billable = fields.Boolean(
        string="Billable", default=True, help="Untick what the customer is not to pay for."
    )
    billing_move_line_id = fields.Many2one(
        "account.move.line",
        string="Invoice Line",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        readonly=True,
        bypass_search_access=True,
        groups="billing_crm.group_billing_user",
    )
    billing_past_line_id = fields.Many2one(
        "account.move.line",
        string="Former Invoice Line",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        readonly=True,
        groups="billing_crm.group_billing_user",
        help="The line of a cancelled or credited invoice that these hours were on.",
    )
    billing_move_id = fields.Many2one(
        related="billing_move_line_id.move_id",
        string="Billed On",
        groups="billing_crm.group_billing_user",
    )
    billing_state = fields.Selection(
        selection=STATES,
        string="Billing",
        compute="_compute_billing_state",
        compute_sudo=True,
        search="_search_billing_state",
    )

    # -- What is billable time ---------------------------------------------------------------

    @api.model
    def _get_billing_hours_domain(self):
        """Return the domain of everything that is time, billed or not.

        Journal items make analytic lines too, and a sales order may bill timesheets by itself:
        neither is ours.
        """
        hours = Domain("billing_entry", "=", True)
        if "project_id" in self._fields:  # Odoo's Timesheets
            hours |= Domain("project_id", "!=", False)
        hours &= Domain("move_line_id", "=", False)
        if "so_line" in self._fields:  # Odoo's sales orders that bill timesheets
            hours &= Domain("so_line", "=", False)
        return hours

    @api.model
    def _get_billing_unbilled_domain(self):
        """Return the domain of the time that waits for an invoice."""
        return self._get_billing_hours_domain() & Domain(
            [
                ("billing_billable", "=", True),
                ("billing_move_line_id", "=", False),
                ("unit_amount", "!=", 0),
            ]
        )

    def _compute_billing_is_hours(self):
        hours = self.sudo().filtered_domain(self._get_billing_hours_domain())
        for line in self:
            line.billing_is_hours = line.sudo() in hours

    def _search_billing_is_hours(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._get_billing_hours_domain()
        if set(value) == {True}:
            return domain
        return ~domain if set(value) == {False} else Domain.TRUE

    # -- Where it stands ---------------------------------------------------------------------

    @api.depends("billing_billable", "billing_move_line_id.parent_state")
    def _compute_billing_state(self):
        for line in self:
            if line.billing_move_line_id:
                posted = line.billing_move_line_id.parent_state == "posted"
                line.billing_state = "billed" if posted else "draft"
            else:
                line.billing_state = "to_bill" if line.billing_billable else "not_billable"

    def _search_billing_state(self, operator, value):
        return sql_field.search("billing_state", operator, value)

    def _field_to_sql(self, alias, fname, query=None):
        # EXTENDS 'base': the same words for the field, its search and its groups; a stored state
        # would cost a query whenever any invoice is posted
        if fname == "billing_state":
            return self._billing_state_to_sql(alias)
        return super()._field_to_sql(alias, fname, query)

    @api.model
    def _billing_state_to_sql(self, alias):
        """Return the billing state of the lines in ``alias`` as an SQL expression."""
        lines = self.sudo()
        return SQL(
            """
            CASE
                WHEN %(line)s IS NULL AND %(billable)s THEN 'to_bill'
                WHEN %(line)s IS NULL THEN 'not_billable'
                WHEN EXISTS (
                    SELECT FROM account_move_line billed
                     WHERE billed.id = %(line)s AND %(state)s = 'posted'
                ) THEN 'billed'
                ELSE 'draft'
            END
            """,
            line=lines._field_to_sql(alias, "billing_move_line_id"),
            billable=lines._field_to_sql(alias, "billing_billable"),
            state=self.env["account.move.line"].sudo()._field_to_sql("billed", "parent_state"),
        )
