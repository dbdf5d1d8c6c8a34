from odoo import api, fields, models
from odoo.exceptions import LockError, UserError

STATES = [
    ("draft", "Draft"),
    ("submitted", "Submitted"),
    ("refused", "Refused"),
    ("approved", "Approved"),
    ("billed", "To Reimburse"),
    ("paid", "Reimbursed"),
]
# Only buttons write these; what a person writes after submission is bound to REVIEWED.
SYSTEM_FIELDS = {"decision", "bill_id", "name", "submitted_on", "refusal_reason"}
REVIEWED = {"line_ids", "approver_id", "billing_type_id", "properties", "description"}


class BillingExpenseReport(models.Model):
    """What one person has spent for the company and its clients, and wants back.

    Amounts are in the currency of the company, each receipt converted at the rate of its day.
    """

    _name = "billing.expense.report"
    _description = "Expense Report"
    _inherit = ["billing.typed.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "create_date desc, id desc"
    _check_company_auto = True
    _billing_behavior = "expense"

    name = fields.Char(string="Number", readonly=True, copy=False, index="trigram")
    description = fields.Char(
        required=True, tracking=True, help="What it was for: a journey, a month, a project."
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Reimburse To",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        default=lambda self: self.env.user.partner_id,
        tracking=True,
        help="Who has spent the money and gets it back.",
    )
    billing_type_id = fields.Many2one(index="btree_not_null")
    properties = fields.Properties(
        string="Custom Fields", definition="billing_type_id.properties_definition"
    )
    approver_id = fields.Many2one(
        "res.users",
        compute="_compute_approver_id",
        store=True,
        readonly=False,
        precompute=True,
        domain=lambda self: [
            ("all_group_ids", "in", self.env.ref("billing_crm.group_billing_manager").ids)
        ],
    )
    line_ids = fields.One2many("billing.expense", "report_id", string="Expenses", copy=True)
    decision = fields.Selection(
        STATES[:4], required=True, default="draft", readonly=True, copy=False, tracking=True
    )
    state = fields.Selection(
        STATES,
        string="Status",
        compute="_compute_state",
        search="_search_state",
        help="From the decision, and from what became of the vendor bill.",
    )
    submitted_on = fields.Date(readonly=True, copy=False)
    refusal_reason = fields.Text(readonly=True, copy=False)
    bill_id = fields.Many2one(
        "account.move",
        string="Vendor Bill",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        groups="billing_crm.group_billing_user",
    )
    total_amount = fields.Monetary(string="Total", compute="_compute_amounts", store=True)
    untaxed_amount = fields.Monetary(compute="_compute_amounts", store=True)
    tax_amount = fields.Monetary(string="Taxes", compute="_compute_amounts", store=True)
    missing_receipt_count = fields.Integer(
        string="Missing Receipts", compute="_compute_missing_receipt_count", compute_sudo=True
    )
    unnamed_clients = fields.Char(
        compute="_compute_unnamed_clients",
        help="What was spent for clients that are only named in words.",
    )
    client_invoice_count = fields.Integer(
        compute="_compute_client_invoice_count", groups="billing_crm.group_billing_user"
    )
    may_approve = fields.Boolean(compute="_compute_may_approve")

    _name_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name IS NOT NULL",
        "Another expense report has this number.",
    )

    @api.depends("name", "description")
    def _compute_display_name(self):
        for report in self:
            report.display_name = report.name or report.description

    @api.depends("company_id")
    def _compute_approver_id(self):
        for report in self:
            report.approver_id = report.company_id.sudo().billing_expense_approver_id

    @api.depends("line_ids.total_amount", "line_ids.untaxed_amount")
    def _compute_amounts(self):
        for report in self:
            report.total_amount = sum(report.line_ids.mapped("total_amount"))
            report.untaxed_amount = sum(report.line_ids.mapped("untaxed_amount"))
            report.tax_amount = report.total_amount - report.untaxed_amount

    @api.depends("line_ids.receipt_ids")
    def _compute_missing_receipt_count(self):
        for report in self:
            report.missing_receipt_count = len(report.line_ids.filtered("missing_receipt"))

    @api.depends("line_ids.client_note", "line_ids.client_id", "line_ids.name")
    def _compute_unnamed_clients(self):
        for report in self:
            unnamed = report.line_ids.filtered(lambda line: line.client_note and not line.client_id)
            report.unnamed_clients = ", ".join(
                f"{line.name} ({line.client_note})" for line in unnamed
            )

    @api.depends("line_ids.invoice_line_id")
    def _compute_client_invoice_count(self):
        for report in self:
            report.client_invoice_count = len(report.sudo().line_ids.invoice_line_id.move_id)

    @api.depends_context("uid")
    @api.depends("partner_id", "company_id")
    def _compute_may_approve(self):
        for report in self:
            report.may_approve = report._may_approve()


def lock_or_tell(records):
    """Keep others from deciding about ``records`` until the transaction ends.

    Raise a UserError if somebody else does so already.
    """
    try:
        records.sudo().lock_for_update()
    except LockError as error:
        raise UserError(
            records.env._("Somebody else is working on this right now. Try again in a moment.")
        ) from error
