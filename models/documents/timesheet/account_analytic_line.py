from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, float_round

from .arithmetic import round_hours

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
    billing_person = fields.Char(
        string="Worked By", compute="_compute_billing_person", compute_sudo=True
    )
    billing_hours = fields.Float(
        string="Billed Hours",
        compute="_compute_billing_hours",
        compute_sudo=True,
        digits="Product Unit",
        help="What the customer pays for: the hours, rounded by the rule in the settings.",
    )
    billing_billed_hours = fields.Float(
        digits="Product Unit",
        copy=False,
        readonly=True,
        groups="billing_crm.group_billing_user",
        help="What is on the invoice, whatever becomes of the rounding rule.",
    )
    billing_rate = fields.Float(
        string="Rate",
        compute="_compute_billing_rate",
        compute_sudo=True,
        min_display_digits="Product Price",
        groups="billing_crm.group_billing_user",
        help="Of an hour: agreed with the customer, else of the person, else the product's price.",
    )
    billing_currency_id = fields.Many2one(
        "res.currency",
        string="Currency of the Rate",
        compute="_compute_billing_rate",
        compute_sudo=True,
        groups="billing_crm.group_billing_user",
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
        if operator != "in":
            return NotImplemented
        states = tuple(state for state in value if state)

        def to_sql(model, alias, query):
            if not states:
                return SQL("FALSE")
            return SQL("%s IN %s", model._field_to_sql(alias, "billing_state", query), states)

        return Domain.custom(to_sql=to_sql)

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

    # -- Hours and rates ---------------------------------------------------------------------

    def _compute_billing_person(self):
        for line in self:
            employee = "employee_id" in line._fields and line.employee_id
            line.billing_person = employee.name if employee else line.user_id.name

    @api.model
    def _get_hour_unit(self):
        """Return the unit hours are billed in, without the query that `env.ref` makes each time."""
        unit_id = self.env["ir.model.data"]._xmlid_to_res_id("uom.product_uom_hour")
        return self.env["uom.uom"].browse(unit_id)

    def _get_billing_entered_hours(self):
        """Return the time of this line in hours, whatever unit it was entered in."""
        self.ensure_one()
        hour = self._get_hour_unit()
        unit = self.product_uom_id
        if unit and unit != hour and unit._has_common_reference(hour):
            return unit._compute_quantity(self.unit_amount, hour, round=False)
        return self.unit_amount

    @api.depends("unit_amount", "product_uom_id", "company_id", "billing_move_line_id")
    def _compute_billing_hours(self):
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        for line in self:
            if line.billing_move_line_id:
                line.billing_hours = line.billing_billed_hours
                continue
            step, upward = line.company_id._get_billing_hours_rounding()
            line.billing_hours = round_hours(
                line._get_billing_entered_hours(), step, upward, digits
            )

    @api.model
    def _sum_hours(self, hours):
        """Return the sum of numbers of hours, with the decimals that an invoice has."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return float_round(sum(hours), precision_digits=digits)

    @api.depends("partner_id", "user_id", "product_id", "company_id", "billing_move_line_id")
    def _compute_billing_rate(self):
        """What applies now; of billed hours, what is on the invoice."""
        rates = self.env["billing.hourly.rate"]._get_rates(self)
        for line in self:
            billed = line.billing_move_line_id
            if billed:
                line.billing_rate = billed.price_unit
                line.billing_currency_id = billed.currency_id
            else:
                rate, currency = rates[line] or (0.0, line.company_id.currency_id)
                line.billing_rate = rate
                line.billing_currency_id = currency

    def _get_billing_product_price(self):
        """Return (price of an hour, currency) of the product, None if it has no price."""
        self.ensure_one()
        product = self._get_billing_product().with_company(self.company_id)
        if not product or not product.lst_price:
            return None
        price, hour = product.lst_price, self._get_hour_unit()
        if product.uom_id != hour and product.uom_id._has_common_reference(hour):
            price = product.uom_id._compute_price(price, hour)
        return price, product.currency_id
