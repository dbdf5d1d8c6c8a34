from odoo import fields, models
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
    _inherit = ["billing.agreement.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True
    _billing_behavior = "interim"

    name = fields.Char(
        string="Contract", copy=False, help="Empty: the next number of the milestone plans."
    )
    state = fields.Selection(
        selection=STATES, default="draft", required=True, readonly=True, copy=False, tracking=True
    )
    active = fields.Boolean(default=True)
    date = fields.Date(
        string="Contract Date", required=True, default=fields.Date.context_today, copy=False
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


def same(one, other):
    """Whether two percentages are the same, as far as a person sees."""
    return float_compare(one, other, precision_digits=2) == 0
