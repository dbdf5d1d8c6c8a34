from odoo import api, fields, models
from odoo.exceptions import AccessError, LockError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_list

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
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "create_date desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", readonly=True, copy=False, index="trigram")
    description = fields.Char(
        required=True, tracking=True, help="What it was for: a journey, a month, a project."
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
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
    billing_type_id = fields.Many2one(
        "billing.invoice.type",
        string="Invoice Type",
        compute="_compute_billing_type_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain="[('behavior', '=', 'expense')]",
    )
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
    def _compute_billing_type_id(self):
        types = self.env["billing.invoice.type"].sudo()
        for report in self:
            if report.billing_type_id.sudo().company_id not in report.company_id.parent_ids:
                report.billing_type_id = types._get_default(report.company_id, "expense")

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

    # -- The state: one SQL expression for the field, its search and its groups ------------------

    @api.depends("decision", "bill_id")
    def _compute_state(self):
        """Not stored: it follows the bill, and posting a bill must not write here."""
        states = {}
        if self._origin:
            query = self._origin._as_query(ordered=False)
            state = self._field_to_sql(query.table, "state", query)
            states = dict(
                self.env.execute_query(query.select(SQL.identifier(query.table, "id"), state))
            )
        for report in self:
            report.state = states.get(report._origin.id, "draft")

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        states = tuple(state for state in value if state) or ("",)
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN %s", model._field_to_sql(alias, "state", query), states
            )
        )

    def _field_to_sql(self, alias, fname, query=None):
        # EXTENDS 'base'
        if fname == "state":
            return self._state_to_sql(alias, query)
        return super()._field_to_sql(alias, fname, query)

    def _state_to_sql(self, alias, query):
        move = self.env["account.move"].sudo()
        return SQL(
            """
            CASE WHEN %(decision)s != 'approved' THEN %(decision)s ELSE COALESCE((
                SELECT CASE
                           WHEN %(bill_state)s = 'cancel' THEN 'approved'
                           WHEN EXISTS (
                               SELECT FROM account_move refund
                                WHERE %(reversed_entry)s = expense_bill.id
                                  AND %(refund_state)s = 'posted'
                               HAVING sum(%(refund_total)s) >= %(bill_total)s
                           ) THEN 'approved'
                           WHEN %(payment_state)s IN ('paid', 'in_payment') THEN 'paid'
                           ELSE 'billed'
                       END
                  FROM account_move expense_bill
                 WHERE expense_bill.id = %(bill_id)s
            ), 'approved') END
            """,
            decision=self._field_to_sql(alias, "decision", query),
            bill_id=self.sudo()._field_to_sql(alias, "bill_id", query),
            bill_state=move._field_to_sql("expense_bill", "state"),
            bill_total=move._field_to_sql("expense_bill", "amount_total"),
            payment_state=move._field_to_sql("expense_bill", "payment_state"),
            reversed_entry=move._field_to_sql("refund", "reversed_entry_id"),
            refund_state=move._field_to_sql("refund", "state"),
            refund_total=move._field_to_sql("refund", "amount_total"),
        )

    # -- Who may change what, and when ---------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        reports = super().create(vals_list)
        # looked at afterwards: defaults of the context or of the user have a say, too
        empty = SYSTEM_FIELDS - {"decision"}
        if not self.env.su and any(
            report.decision != "draft" or any(report[fname] for fname in empty)
            for report in reports.sudo()
        ):
            raise AccessError(self.env._("An expense report starts as a draft."))
        return reports

    def write(self, vals):
        if not self.env.su:
            self._check_write(vals)
        result = super().write(vals)
        if "partner_id" in vals:
            self._check_own()
        return result

    def _check_own(self):
        """An employee spends for themselves; who is to be reimbursed else is for billing users."""
        user = self.env.user
        if self.env.su or user.has_group("billing_crm.group_billing_user"):
            return
        if self.sudo().partner_id != user.partner_id:
            raise AccessError(self.env._("Your expenses are reimbursed to you alone."))

    def _check_write(self, vals):
        """A report that was submitted is evidence: only its review may still change it."""
        if SYSTEM_FIELDS & vals.keys():
            raise AccessError(self.env._("Use the buttons to change an expense report's status."))
        content = {
            fname
            for fname in vals
            if fname in self._fields and not fname.startswith(("message_", "activity_"))
        }
        reviewer = self.env.user.has_group("billing_crm.group_billing_user")
        for report in self.filtered(lambda report: report.decision != "draft"):
            if content - (REVIEWED if reviewer else set()):
                raise UserError(
                    self.env._(
                        "%s has been submitted. Reset it to draft to change it.",
                        report.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        for report in self:
            if report.decision in ("submitted", "approved"):
                raise UserError(
                    self.env._(
                        "%s has been submitted and cannot be deleted. Reset it to draft first.",
                        report.display_name,
                    )
                )

    def unlink(self):
        # EXTENDS 'base': left to the database, the lines would leave their receipts behind
        self.check_access("unlink")
        self._unlink_except_submitted()
        self.sudo().line_ids.unlink()
        return super().unlink()

    @api.constrains("company_id", "line_ids")
    def _check_company_stays(self):
        for report in self:
            if report.sudo().line_ids.company_id - report.company_id:
                raise UserError(self.env._("All expenses of a report are of one company."))

    def _may_approve(self):
        """Whether the user decides about this report: a manager, and not about their own."""
        self.ensure_one()
        user = self.env.user
        if not user.has_group("billing_crm.group_billing_manager"):
            return False
        return (
            self.partner_id != user.partner_id
            or self.company_id.sudo().billing_expense_own_approval
        )

    def _check_may_approve(self):
        for report in self:
            if not report._may_approve():
                raise AccessError(
                    self.env._(
                        "A billing manager decides about expense reports, and nobody about their "
                        "own unless the company's settings allow it."
                    )
                )

    # -- Submit, refuse, reset -------------------------------------------------------------------

    def action_submit(self):
        """Hand the reports in. Missing receipts are pointed out, not forbidden."""
        self.check_access("write")
        for report in self:
            report._check_submission()
            number = report.sudo().name or report.billing_type_id.sudo()._next_expense_number()
            report.sudo().write(
                {
                    "name": number,
                    "decision": "submitted",
                    "submitted_on": fields.Date.context_today(report),
                    "refusal_reason": False,
                }
            )
            if report.missing_receipt_count:
                report.message_post(
                    body=self.env._(
                        "Submitted with %s expenses without a receipt.",
                        report.missing_receipt_count,
                    )
                    if report.missing_receipt_count > 1
                    else self.env._("Submitted with one expense without a receipt.")
                )
            if report.approver_id:
                report.sudo().activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=report.approver_id.id,
                    summary=self.env._("Approve the expenses of %s", report.partner_id.name),
                )
        return self._warn_about_receipts()

    def _check_submission(self):
        """Raise a UserError that says what is wrong with a draft."""
        self.ensure_one()
        if self.decision != "draft":
            raise UserError(self.env._("%s is not a draft.", self.display_name))
        if not self.line_ids:
            raise UserError(self.env._("Add what was spent before submitting the report."))
        if not self.billing_type_id:
            raise UserError(
                self.env._("%s has no invoice type for expense reports.", self.company_id.name)
            )
        self.line_ids._check_submission()

    def _warn_about_receipts(self):
        missing = sum(self.mapped("missing_receipt_count"))
        if not missing:
            return None
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._(
                    "Expenses without a receipt: %(count)s, in %(reports)s.",
                    count=missing,
                    reports=format_list(
                        self.env,
                        self.filtered("missing_receipt_count").mapped("display_name"),
                    ),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _refuse(self, reason):
        """Send the reports back with a reason, and tell whoever submitted them."""
        self._check_may_approve()
        for report in self:
            if report.state not in ("submitted", "approved"):
                raise UserError(self.env._("%s cannot be refused now.", report.display_name))
            report._check_not_charged()
            # without its bill, which would reimburse it if it were revived
            report.sudo().write({"decision": "refused", "refusal_reason": reason, "bill_id": False})
            report._finish_activities()
            report.message_post(
                body=self.env._("Refused: %s", reason),
                partner_ids=report.partner_id.ids,
                subtype_xmlid="mail.mt_comment",
            )

    def action_reset(self):
        """Make the reports drafts again; an approved one only by those who may approve it."""
        self.check_access("write")
        for report in self:
            if report.state not in ("submitted", "refused", "approved"):
                raise UserError(
                    self.env._("%s cannot be reset: there is a bill for it.", report.display_name)
                )
            if report.state == "approved":
                report._check_may_approve()
                report._check_not_charged()
            report.sudo().write({"decision": "draft", "bill_id": False})
            report._finish_activities()

    def _check_not_charged(self):
        """What a client has been charged stays approved."""
        charged = self.sudo().line_ids.filtered(lambda line: line.rebill_state == "invoiced")
        if charged:
            raise UserError(
                self.env._(
                    "A client has been charged for %(expenses)s in %(invoices)s. Cancel or credit "
                    "that first.",
                    expenses=format_list(self.env, charged.mapped("name")),
                    invoices=format_list(
                        self.env, charged.invoice_line_id.move_id.mapped("display_name")
                    ),
                )
            )

    def _finish_activities(self):
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])


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
