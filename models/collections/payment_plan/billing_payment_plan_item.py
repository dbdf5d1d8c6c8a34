from odoo import api, fields, models


class BillingPaymentPlanItem(models.Model):
    """One open installment of an invoice that a payment plan is about."""

    _name = "billing.payment.plan.item"
    _description = "Item of a Payment Plan"
    _order = "plan_id, rank, id"
    _check_company_auto = True

    plan_id = fields.Many2one(
        "billing.payment.plan", required=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="plan_id.company_id", store=True)
    partner_id = fields.Many2one(related="plan_id.partner_id")
    currency_id = fields.Many2one(related="plan_id.currency_id")
    line_id = fields.Many2one(
        "account.move.line",
        string="Open Item",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        domain="[('account_type', '=', 'asset_receivable'), ('parent_state', '=', 'posted'),"
        " ('reconciled', '=', False), ('amount_residual_currency', '>', 0),"
        " ('company_id', '=', company_id), ('currency_id', '=', currency_id),"
        " ('partner_id', 'child_of', partner_id)]",
    )
    move_id = fields.Many2one(related="line_id.move_id", string="Invoice", store=True)
    date_maturity = fields.Date(related="line_id.date_maturity", string="Own Due Date")
    rank = fields.Integer(
        readonly=True, help="In which order the items are paid: those due first come first."
    )
    amount = fields.Monetary(
        string="Open When Agreed", readonly=True, help="In the currency of the invoice."
    )
    amount_open = fields.Monetary(string="Open Today", compute="_compute_amount_open")
    is_active = fields.Boolean(compute="_compute_is_active", store=True)

    _one_active_plan_uniq = models.UniqueIndex(
        "(line_id) WHERE is_active", "An open item can be in one payment plan at a time only."
    )

    @api.depends("plan_id.state")
    def _compute_is_active(self):
        for item in self:
            item.is_active = item.plan_id.state == "active"

    @api.depends("line_id")
    def _compute_amount_open(self):
        """Read the ledger; sudo, because salespeople may see plans but not journal items."""
        for item in self:
            line = item.line_id.sudo()
            is_posted = line.parent_state == "posted"
            item.amount_open = max(line.amount_residual_currency, 0.0) if is_posted else 0.0

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'base'
        items = super().create(vals_list)
        items.plan_id._check_draft()
        return items

    def write(self, vals):
        # EXTENDS 'base'
        self.plan_id._check_draft()
        result = super().write(vals)
        self.plan_id._check_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_agreed(self):
        self.plan_id._check_draft()
