from odoo import api, fields, models


class BillingPaymentPlanLine(models.Model):
    """One installment of a payment plan: how much until when.

    What is paid fills the earliest installments first, whichever of the invoices the money was
    matched with.
    """

    _name = "billing.payment.plan.line"
    _description = "Installment of a Payment Plan"
    _order = "plan_id, date, id"
    _rec_name = "date"

    plan_id = fields.Many2one("billing.payment.plan", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="plan_id.company_id", store=True)
    currency_id = fields.Many2one(related="plan_id.currency_id")
    plan_state = fields.Selection(related="plan_id.state")
    date = fields.Date(string="Due Date", required=True)
    amount = fields.Monetary(required=True)
    amount_after = fields.Monetary(
        string="Due Later",
        readonly=True,
        help="All later installments together; kept when the plan is agreed.",
    )
    number = fields.Integer(string="No.", compute="_compute_status")
    amount_open = fields.Monetary(
        string="Open", compute="_compute_status", help="What is not paid of it yet."
    )
    status = fields.Selection(
        selection=[
            ("planned", "Planned"),
            ("upcoming", "To Come"),
            ("paid", "Paid"),
            ("partly", "Partly Paid"),
            ("late", "Overdue"),
        ],
        compute="_compute_status",
    )

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "An installment must be more than zero."
    )

    @api.depends("plan_id.line_ids.amount", "plan_id.line_ids.date", "plan_id.item_ids.line_id")
    def _compute_status(self):
        """What is open is open of the last installments: money fills the first ones first."""
        today = fields.Date.context_today(self)
        for plan in self.plan_id:
            left = sum(plan.item_ids.mapped("amount_open"))
            lines = plan.line_ids.sorted(lambda line: (line.date or today, line._origin.id or 0))
            for number, line in reversed(list(enumerate(lines, 1))):
                is_draft = plan.state == "draft"
                is_open = line.amount if is_draft else min(left, line.amount)
                line.number = number
                line.amount_open = plan.currency_id.round(is_open)
                left = max(left - line.amount, 0.0)
                line.status = line._get_status(today)
        for line in self.filtered(lambda line: not line.plan_id):
            line.update({"number": 0, "amount_open": line.amount, "status": "planned"})

    def _get_status(self, today):
        if self.plan_id.state == "draft":
            return "planned"
        if self.currency_id.is_zero(self.amount_open):
            return "paid"
        if self.date < today:
            return "late"
        is_whole = self.currency_id.compare_amounts(self.amount_open, self.amount) == 0
        return "upcoming" if is_whole else "partly"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base'
        lines = super().create(vals_list)
        lines.plan_id._check_draft()
        return lines

    def write(self, vals):
        # EXTENDS 'base'
        self.plan_id._check_draft()
        result = super().write(vals)
        self.plan_id._check_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        self.plan_id._check_draft()
