from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_compare

from . import split

STATES = [
    ("draft", "Draft"),
    ("confirmed", "Confirmed"),
    ("done", "Invoiced"),
    ("cancel", "Cancelled"),
]


class BillingMilestonePlan(models.Model):
    """A contract whose total is invoiced in portions, when its milestones are reached."""

    _name = "billing.milestone.plan"
    _description = "Milestone Plan"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        string="Contract", copy=False, help="Empty: the next number of the milestone plans."
    )
    state = fields.Selection(
        selection=STATES, default="draft", required=True, readonly=True, copy=False, tracking=True
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        check_company=True,
        tracking=True,
        ondelete="restrict",
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", store=True, precompute=True, index=True
    )
    billing_type_id = fields.Many2one(
        "billing.invoice.type",
        string="Invoice Type",
        compute="_compute_billing_type_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        ondelete="restrict",
        domain="[('behavior', '=', 'interim')]",
    )
    date = fields.Date(
        string="Contract Date", required=True, default=fields.Date.context_today, copy=False
    )
    reference = fields.Char(string="Customer Reference", copy=False)
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        check_company=True,
        domain="[('share', '=', False)]",
        tracking=True,
    )
    lead_id = fields.Many2one(
        "crm.lead",
        string="Opportunity",
        index="btree_not_null",
        check_company=True,
        copy=False,
        ondelete="set null",
        domain="[('type', '=', 'opportunity')]",
    )
    proforma_id = fields.Many2one(
        "billing.proforma",
        string="Pro Forma",
        index="btree_not_null",
        check_company=True,
        copy=False,
        readonly=True,
        ondelete="restrict",
    )
    fiscal_position_id = fields.Many2one(
        "account.fiscal.position",
        compute="_compute_fiscal_position_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        ondelete="restrict",
    )
    payment_term_id = fields.Many2one(
        "account.payment.term",
        string="Payment Terms",
        compute="_compute_payment_term_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        ondelete="restrict",
    )
    retention_rate = fields.Float(
        string="Retention (%)",
        digits=(5, 2),
        tracking=True,
        help="This part of each bill is withheld, and billed at the end.",
    )
    invoicing_mode = fields.Selection(
        selection=[
            ("draft", "Create a draft"),
            ("post", "Create and post"),
            ("send", "Create, post and send"),
        ],
        string="When a Milestone Is Reached",
        default="draft",
        required=True,
        tracking=True,
    )
    line_ids = fields.One2many("billing.milestone.plan.line", "plan_id", copy=True)
    milestone_ids = fields.One2many("billing.milestone", "plan_id", copy=True)
    change_order_ids = fields.One2many("billing.change.order", "plan_id")
    note = fields.Html()

    amount = fields.Monetary(
        string="Amount to Split",
        compute="_compute_amount",
        help="The sum of the lines as they are priced: with the taxes that are included in prices, "
        "without those that are added to them.",
    )
    amount_untaxed = fields.Monetary(
        string="Contract Total", compute="_compute_amounts", store=True, tracking=True
    )
    amount_tax = fields.Monetary(string="Taxes", compute="_compute_amounts", store=True)
    amount_total = fields.Monetary(
        string="Total with Taxes", compute="_compute_amounts", store=True
    )
    amount_missing = fields.Monetary(string="Not Split Yet", compute="_compute_amount_missing")

    _company_name_uniq = models.UniqueIndex(
        "(company_id, name)", "Another milestone plan of this company has the same name."
    )

    # -- Defaults --------------------------------------------------------------------------------

    @api.depends("company_id")
    def _compute_billing_type_id(self):
        types = self.env["billing.invoice.type"].sudo()
        for plan in self:
            chosen = plan.billing_type_id.sudo()
            if not chosen or chosen.company_id not in plan.company_id.sudo().parent_ids:
                plan.billing_type_id = types._get_default(plan.company_id, "interim")

    @api.depends("partner_id")
    def _compute_user_id(self):
        for plan in self:
            if plan.user_id:
                continue
            candidates = plan.partner_id.user_id | self.env.user
            plan.user_id = candidates.filtered(
                lambda user, company=plan.company_id: company in user.sudo().company_ids
            )[:1]

    @api.depends("partner_id", "company_id")
    def _compute_fiscal_position_id(self):
        for plan in self:
            positions = self.env["account.fiscal.position"].with_company(plan.company_id)
            plan.fiscal_position_id = (
                positions._get_fiscal_position(plan.partner_id) if plan.partner_id else False
            )

    @api.depends("partner_id", "company_id", "billing_type_id")
    def _compute_payment_term_id(self):
        for plan in self:
            partner = plan.partner_id.with_company(plan.company_id)
            plan.payment_term_id = (
                plan.billing_type_id.sudo().payment_term_id or partner.property_payment_term_id
            )

    @api.depends("company_id")
    def _compute_currency_id(self):
        for plan in self:
            plan.currency_id = plan.currency_id or plan.company_id.currency_id

    # -- Amounts ---------------------------------------------------------------------------------

    @api.model
    def _sum_tax(self, part):
        return split.tax_of(part)

    def _get_line_amounts(self):
        """Return base and taxes of each line, to the cent: as agreed, else as they would be.

        :return: ``{line: {"base": amount, "taxes": {tax_id: …}}}``, see `split`
        :rtype: dict
        """
        self.ensure_one()
        agreed = self.line_ids.filtered("amounts")
        return {
            **{line: line.amounts for line in agreed},
            **self._compute_line_amounts(self.line_ids - agreed),
        }

    def _compute_line_amounts(self, lines):
        """Return what Odoo's tax engine makes of lines that are invoiced together."""
        engine = self.env["account.tax"]
        company = self.company_id or self.env.company
        base_lines = [line._prepare_base_line_for_taxes_computation() for line in lines]
        engine._add_tax_details_in_base_lines(base_lines, company)
        engine._round_base_lines_tax_details(base_lines, company)
        return {base_line["record"]: _read_base_line(base_line) for base_line in base_lines}

    @api.depends(
        "line_ids.amounts", "line_ids.price_unit", "line_ids.quantity", "line_ids.discount",
        "line_ids.tax_ids", "currency_id", "company_id",
    )  # fmt: skip
    def _compute_amounts(self):
        for plan in self:
            amounts = list(plan._get_line_amounts().values())
            plan.amount_untaxed = sum(part["base"] for part in amounts)
            plan.amount_tax = sum(map(split.tax_of, amounts))
            plan.amount_total = plan.amount_untaxed + plan.amount_tax

    @api.depends(
        "line_ids.amounts", "line_ids.price_unit", "line_ids.quantity", "line_ids.discount",
        "line_ids.tax_ids", "currency_id", "company_id",
    )  # fmt: skip
    def _compute_amount(self):
        for plan in self:
            plan.amount = sum(map(split.price_of, plan._get_line_amounts().values()))

    @api.depends("amount", "milestone_ids.amount")
    def _compute_amount_missing(self):
        for plan in self:
            plan.amount_missing = plan.amount - sum(plan.milestone_ids.mapped("amount"))

    # -- Life ------------------------------------------------------------------------------------

    @api.constrains("retention_rate")
    def _check_retention_rate(self):
        for plan in self:
            if not 0 <= plan.retention_rate < 100:
                raise ValidationError(self.env._("A retention is between 0 % and less than 100 %."))

    @api.constrains("billing_type_id")
    def _check_billing_type(self):
        for plan in self:
            if plan.billing_type_id and plan.billing_type_id.sudo().behavior != "interim":
                raise ValidationError(
                    self.env._("Milestones cannot be invoiced as «%s».", plan.billing_type_id.name)
                )

    @api.constrains("milestone_ids")
    def _check_not_too_much(self):
        for plan in self.filtered(lambda plan: plan.state == "draft"):
            plan._check_sum(allow_less=True)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["name"] = (vals.get("name") or "").strip() or False
            if not vals["name"]:
                company = vals.get("company_id") or self.env.company.id
                vals["name"] = (
                    self.env["ir.sequence"]
                    .with_company(company)
                    .next_by_code("billing.milestone.plan", sequence_date=vals.get("date"))
                )
        return super().create(vals_list)

    def write(self, vals):
        for plan in self.filtered(lambda plan: plan.state in ("confirmed", "done")):
            fixed = [
                fname
                for fname in FIXED.intersection(vals)
                if plan._fields[fname].convert_to_write(plan[fname], plan) != vals[fname]
            ]
            if fixed:
                raise UserError(
                    self.env._(
                        "%(plan)s is confirmed: its %(field)s stays.",
                        plan=plan.name,
                        field=plan._fields[fixed[0]]._description_string(self.env),
                    )
                )
        result = super(BillingMilestonePlan, self.with_context(billing_plan_in_writing=True)).write(
            vals
        )
        if "milestone_ids" in vals:
            self._milestones_changed()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for plan in self:
            if plan.state not in ("draft", "cancel"):
                raise UserError(self.env._("Cancel %s before you delete it.", plan.name))
            if plan.sudo().invoice_ids:
                raise UserError(
                    self.env._("%s cannot be deleted: invoices were made from it.", plan.name)
                )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for vals in vals_list:
            # what a change order added belongs to that contract; the release comes by itself
            vals["line_ids"] = [
                command
                for command in vals.get("line_ids", [])
                if not command[2].get("change_order_id")
            ]
            vals["milestone_ids"] = [
                command
                for command in vals.get("milestone_ids", [])
                if not command[2].get("is_release")
            ]
        return vals_list

    def action_confirm(self):
        """The contract is agreed: its amounts are fixed, its milestones wait for their day."""
        for plan in self:
            if plan.state != "draft":
                continue
            if plan.proforma_id:
                plan.proforma_id._lock_for_plan(plan)
            plan._check_complete()
            plan._absorb_cents()
            plan._check_sum()
            for line, amounts in plan._get_line_amounts().items():
                line.amounts = amounts
            if plan.retention_rate and not plan.milestone_ids.filtered("is_release"):
                plan.with_context(billing_plan_in_writing=True).milestone_ids = [
                    fields.Command.create(plan._prepare_release())
                ]
            plan.state = "confirmed"
            plan._allocate()
            plan._call_cron()

    def _prepare_release(self):
        """Return the values of the last milestone, which bills what was withheld."""
        self.ensure_one()
        return {
            "name": self.with_context(lang=self.partner_id.lang).env._("Release of retention"),
            "sequence": 10000,
            "is_release": True,
            "trigger": "manual",
            "amount": 0.0,
        }

    def action_add_rest(self):
        """Add what is not split yet as the last milestone."""
        for plan in self:
            if (
                plan.state == "draft"
                and plan.currency_id.compare_amounts(plan.amount_missing, 0) > 0
            ):
                plan.milestone_ids = [
                    fields.Command.create(
                        {
                            "name": self.env._("Final invoice"),
                            "amount": plan.amount_missing,
                            "sequence": max(plan.milestone_ids.mapped("sequence"), default=0) + 1,
                        }
                    )
                ]

    def action_draft(self):
        """Set back to draft, as long as nothing is invoiced."""
        for plan in self:
            plan._check_nothing_billed()
            if plan.change_order_ids.filtered(lambda order: order.state == "approved"):
                raise UserError(
                    self.env._(
                        "%s has approved change orders: it cannot be set back to draft.", plan.name
                    )
                )
            plan.state = "draft"
            plan.line_ids.amounts = False
            plan.milestone_ids.filtered("is_release").unlink()

    def action_cancel(self):
        """Nothing is invoiced any more."""
        for plan in self:
            plan._check_nothing_billed()
            plan.state = "cancel"

    def _check_nothing_billed(self):
        for plan in self:
            billed = plan.milestone_ids.filtered("is_billed")
            if billed:
                raise UserError(
                    self.env._(
                        "«%(milestone)s» of %(plan)s is invoiced by %(invoice)s. Cancel or credit "
                        "that invoice first.",
                        milestone=billed[0].name,
                        plan=plan.name,
                        invoice=billed[0].sudo().invoice_id.display_name,
                    )
                )

    def _check_complete(self):
        """Raise if the contract cannot be invoiced as it is."""
        self.ensure_one()
        if not self.line_ids:
            raise UserError(self.env._("%s has no lines: what is sold?", self.name))
        if self.currency_id.compare_amounts(self.amount, 0.0) <= 0:
            raise UserError(self.env._("The total of %s must be more than zero.", self.name))
        if not self.milestone_ids:
            raise UserError(self.env._("%s has no milestones yet.", self.name))
        for milestone in self.milestone_ids.filtered(lambda m: not m.is_release):
            if self.currency_id.compare_amounts(milestone.amount, 0.0) <= 0:
                raise UserError(self.env._("«%s» must be more than zero.", milestone.name))
            if milestone.trigger == "date" and not milestone.date:
                raise UserError(self.env._("«%s» is invoiced on a date: enter it.", milestone.name))
        self._check_currency()

    def _check_currency(self):
        if not self.currency_id.active:
            raise UserError(
                self.env._(
                    "The currency %(currency)s of %(plan)s is archived. Activate it to invoice.",
                    currency=self.currency_id.name,
                    plan=self.name,
                )
            )


# What cannot change any more once the contract is confirmed.
FIXED = {"company_id", "partner_id", "currency_id", "retention_rate"}


def _read_base_line(base_line):
    """Return base and taxes of a line of Odoo's tax engine, in its currency, see `split`."""
    details = base_line["tax_details"]
    part = {
        "base": details["total_excluded_currency"] + details["delta_total_excluded_currency"],
        "taxes": {},
    }
    reverse = {str(data["tax"].id) for data in details["taxes_data"] if data["is_reverse_charge"]}
    for data in details["taxes_data"]:
        if not data["is_reverse_charge"]:
            tax_id = str(data["tax"].id)
            part["taxes"][tax_id] = {
                "tax": data["tax_amount_currency"],
                "base": data["base_amount_currency"],
                "included": bool(data["price_include"] and tax_id not in reverse),
                "reverse": tax_id in reverse,
            }
    return split.rounded(part, base_line["currency_id"].rounding)


def same(one, other):
    """Whether two percentages are the same, as far as a person sees."""
    return float_compare(one, other, precision_digits=2) == 0
