from odoo import api, fields, models
from odoo.tools import float_compare

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


def same(one, other):
    """Whether two percentages are the same, as far as a person sees."""
    return float_compare(one, other, precision_digits=2) == 0
