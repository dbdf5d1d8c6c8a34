from odoo import api, fields, models
from odoo.tools import float_round

from .arithmetic import round_hours


class AccountAnalyticLine(models.Model):
    """How long it took, who worked, and what an hour of it costs."""

    _inherit = "account.analytic.line"

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
