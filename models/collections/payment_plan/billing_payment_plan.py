from odoo import api, fields, models


class BillingPaymentPlan(models.Model):
    """What a customer owes, split by agreement into installments with dates of their own.

    The ledger is never changed: no entry is made and no due date written. While a plan is in force
    `billing.receivable` shows its items with the dates of the plan, and everything that reads open
    items follows. When the plan ends, however it ends, the invoices' own due dates are back.
    """

    _name = "billing.payment.plan"
    _inherit = ["mail.thread", "mail.activity.mixin", "billing.link.mixin"]
    _description = "Payment Plan"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", readonly=True, copy=False, default="New")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        domain=["|", ("is_company", "=", True), ("parent_id", "=", False)],
    )
    salesperson_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        tracking=True,
        help="Hears of it when an installment is missed.",
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("active", "In Force"),
            ("kept", "Kept"),
            ("broken", "Broken"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        index=True,
        tracking=True,
    )
    date_start = fields.Date(
        string="Agreed on", readonly=True, copy=False, help="The first day on which it is in force."
    )
    date_end = fields.Date(
        string="Ended on",
        readonly=True,
        copy=False,
        help="From this day on the invoices' own due dates count again.",
    )
    item_ids = fields.One2many("billing.payment.plan.item", "plan_id", string="Owed", copy=False)
    line_ids = fields.One2many(
        "billing.payment.plan.line", "plan_id", string="Installments", copy=False
    )
    amount = fields.Monetary(
        string="Planned", compute="_compute_amount", store=True, help="All installments together."
    )
    # None of the following is stored, or depends on what is paid: that would make every payment
    # and every invoice look for plans. They are read from the ledger when somebody looks.
    amount_open = fields.Monetary(
        string="Still Open", compute="_compute_progress", help="What the ledger says is open today."
    )
    amount_paid = fields.Monetary(string="Paid so Far", compute="_compute_progress")
    progress = fields.Float(compute="_compute_progress", help="Paid so far, in percent.")
    amount_difference = fields.Monetary(
        string="Not Planned Yet",
        compute="_compute_progress",
        help="What is open and in no installment yet; negative if the installments are too much.",
    )
    date_next = fields.Date(string="Next Date", compute="_compute_progress")
    amount_next = fields.Monetary(
        string="Next Installment", compute="_compute_progress", help="What is open of it."
    )
    is_late = fields.Boolean(compute="_compute_progress")
    invoice_count = fields.Integer(compute="_compute_invoice_count")
    note = fields.Text(string="What Was Agreed", help="Printed on the plan for the customer.")

    @api.depends("line_ids.amount")
    def _compute_amount(self):
        for plan in self:
            plan.amount = sum(plan.line_ids.mapped("amount"))

    @api.depends("item_ids.line_id", "line_ids.amount", "line_ids.date", "state")
    def _compute_progress(self):
        today = fields.Date.context_today(self)
        for plan in self:
            is_open = plan.state in ("draft", "active")
            plan.amount_open = sum(plan.item_ids.mapped("amount_open"))
            paid = min(max(plan.amount - plan.amount_open, 0.0), plan.amount)
            plan.amount_paid = 0.0 if plan.state == "draft" else plan.currency_id.round(paid)
            plan.progress = 100 * plan.amount_paid / plan.amount if plan.amount else 0.0
            plan.amount_difference = (
                plan.currency_id.round(plan.amount_open - plan.amount)
                if plan.state == "draft"
                else 0.0
            )
            following = plan.line_ids.filtered("amount_open")[:1] if is_open else plan.line_ids[:0]
            plan.date_next = following.date
            plan.amount_next = following.amount_open
            plan.is_late = plan.state == "active" and bool(
                following.date and following.date < today
            )

    @api.depends("item_ids.move_id")
    def _compute_invoice_count(self):
        for plan in self:
            plan.invoice_count = len(plan.item_ids.move_id)

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base'
        numbered = []
        for vals in vals_list:
            company = self.env["res.company"].browse(vals.get("company_id") or self.env.company.id)
            sequence = self.env["ir.sequence"].with_company(company)
            numbered.append({**vals, "name": sequence.next_by_code("billing.payment.plan")})
        return super().create(numbered)

    def action_view_invoices(self):
        """Open the invoices that this plan is about."""
        self.ensure_one()
        return self.item_ids.move_id._get_records_action(name=self.env._("Invoices"))

    def action_view_receivables(self):
        """Open what is open of this plan, installment by installment."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "billing_crm.action_billing_receivable"
        )
        return {**action, "domain": [("line_id", "in", self.item_ids.line_id.ids)]}

    def action_schedule(self):
        """Ask how many installments there are to be, and write them."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "billing_crm.action_billing_payment_plan_wizard"
            ),
            "context": {"active_model": self._name, "active_ids": self.ids},
        }
