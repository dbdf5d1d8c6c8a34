from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from . import split


class BillingChangeOrder(models.Model):
    """What the customer agreed to pay more, or less, after the contract was confirmed."""

    _name = "billing.change.order"
    _description = "Change Order"
    _inherit = ["mail.thread"]
    _order = "plan_id, id"
    _check_company_auto = True

    plan_id = fields.Many2one(
        "billing.milestone.plan", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="plan_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="plan_id.currency_id", store=True, precompute=True)
    partner_id = fields.Many2one(related="plan_id.partner_id", store=True, precompute=True)
    name = fields.Char(string="Number", readonly=True, copy=False)
    date = fields.Date(required=True, default=fields.Date.context_today)
    reason = fields.Text(required=True, help="Printed on the invoices as the line's description.")
    amount = fields.Monetary(
        required=True, help="Negative where the contract becomes smaller; priced as its lines are."
    )
    product_id = fields.Many2one(
        "product.product",
        compute="_compute_product_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        ondelete="restrict",
    )
    tax_ids = fields.Many2many(
        "account.tax",
        compute="_compute_tax_ids",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        domain="[('type_tax_use', '=', 'sale')]",
    )
    method = fields.Selection(
        selection=[
            ("milestone", "A milestone of its own"),
            ("spread", "Spread over the milestones not invoiced yet"),
        ],
        string="Invoiced By",
        default="milestone",
        required=True,
    )
    milestone_date = fields.Date(
        string="Due", help="Of its milestone. Empty: it is invoiced by hand."
    )
    state = fields.Selection(
        selection=[("draft", "Draft"), ("approved", "Approved"), ("cancel", "Cancelled")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    approved_by_id = fields.Many2one(
        "res.users", string="Approver", readonly=True, copy=False, ondelete="restrict"
    )
    approved_on = fields.Datetime(readonly=True, copy=False)

    @api.depends("plan_id")
    def _compute_product_id(self):
        for order in self:
            order.product_id = order.plan_id.line_ids[:1].product_id

    @api.depends("plan_id")
    def _compute_tax_ids(self):
        for order in self:
            order.tax_ids = order.plan_id.line_ids[:1].tax_ids

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        for plan in orders.plan_id:
            known = len(plan.change_order_ids - orders)
            for number, order in enumerate(
                plan.change_order_ids.filtered(lambda order: order in orders).sorted("id"),
                start=known + 1,
            ):
                order.name = f"{plan.name}/{self.env._('CO')}{number}"
        return orders

    def write(self, vals):
        if CONTENT.intersection(vals):
            for order in self:
                if order.state == "approved":
                    raise UserError(
                        self.env._(
                            "%s is approved and stays as it is. Another change order can change "
                            "the contract again.",
                            order.name,
                        )
                    )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        for order in self:
            if order.state != "draft":
                raise UserError(self.env._("%s is part of the contract's history.", order.name))

    def action_cancel(self):
        """This change was not agreed."""
        for order in self:
            if order.state == "approved":
                raise UserError(self.env._("%s is approved already.", order.name))
            order.state = "cancel"

    def action_approve(self):
        """The change is agreed: it becomes a line of the contract, and is invoiced from now on."""
        for order in self.filtered(lambda order: order.state == "draft"):
            plan = order.plan_id
            plan.lock_for_update()
            order._check_approvable()
            in_writing = plan.with_context(billing_plan_in_writing=True)
            line = self.env["billing.milestone.plan.line"].create(order._prepare_line())
            line.amounts = plan._compute_line_amounts(line)[line]
            if order.method == "milestone":
                in_writing.milestone_ids = [Command.create(order._prepare_milestone(line))]
                line.milestone_id = plan.milestone_ids.sorted("id")[-1]
            else:
                order._spread(split.price_of(line.amounts))
            order.write(
                {
                    "state": "approved",
                    "approved_by_id": self.env.user.id,
                    "approved_on": fields.Datetime.now(),
                }
            )
            plan._milestones_changed()
            plan.message_post(
                body=self.env._(
                    "Change order %(order)s: %(amount)s. %(reason)s",
                    order=order.name,
                    amount=plan._format(order.amount),
                    reason=order.reason,
                )
            )
            plan._call_cron()

    def _check_approvable(self):
        self.ensure_one()
        plan = self.plan_id
        if plan.state not in ("confirmed", "done"):
            raise UserError(
                self.env._(
                    "%s is not confirmed. As long as it is a draft, change its lines instead.",
                    plan.name,
                )
            )
        compared = self.currency_id.compare_amounts(self.amount, 0.0)
        if not compared:
            raise UserError(self.env._("%s changes nothing: enter an amount.", self.name))
        if compared < 0 and self.method == "milestone":
            raise UserError(
                self.env._(
                    "%s makes the contract smaller: spread it over the milestones that are not "
                    "invoiced yet.",
                    self.name,
                )
            )
        waiting = self._get_waiting()
        left = sum(waiting.mapped("amount"))
        if self.method == "spread" and self.currency_id.compare_amounts(left + self.amount, 0) <= 0:
            raise UserError(
                self.env._(
                    "Only %(left)s of %(plan)s is still to be invoiced. To take back more, credit "
                    "an invoice first.",
                    left=plan._format(left),
                    plan=plan.name,
                )
                if compared < 0 or not waiting
                else self.env._("%s has no milestone that is not invoiced yet.", plan.name)
            )
        if self.method == "spread" and not waiting:
            raise UserError(self.env._("%s has no milestone that is not invoiced yet.", plan.name))

    def _get_waiting(self):
        """Return the milestones that share the contract, and are not invoiced yet."""
        plan = self.plan_id
        return (
            plan.milestone_ids.filtered(
                lambda milestone: not milestone.is_billed and not milestone.is_release
            ).sorted(lambda milestone: (milestone.sequence, milestone.id))
            - plan.line_ids.milestone_id
        )

    def _prepare_line(self):
        self.ensure_one()
        return {
            "plan_id": self.plan_id.id,
            "change_order_id": self.id,
            "sequence": 1000,
            "product_id": self.product_id.id,
            "name": f"{self.name}: {self.reason}",
            "quantity": 1.0,
            "price_unit": self.amount,
            "tax_ids": [Command.set(self.tax_ids.ids)],
        }

    def _prepare_milestone(self, line):
        self.ensure_one()
        shares = self.plan_id.milestone_ids.filtered(lambda milestone: not milestone.is_release)
        return {
            "name": self.reason.splitlines()[0],
            "amount": split.price_of(line.amounts),
            "trigger": "date" if self.milestone_date else "manual",
            "date": self.milestone_date,
            "sequence": max(shares.mapped("sequence"), default=0) + 1,
        }

    def _spread(self, price):
        """Share a price among the milestones that wait, in proportion to their amounts."""
        self.ensure_one()
        waiting = self._get_waiting().with_context(billing_plan_in_writing=True)
        amounts = waiting.mapped("amount")
        shares = split.split(price, amounts, self.currency_id.rounding)
        for milestone, amount, share in zip(waiting, amounts, shares, strict=True):
            milestone.amount = amount + share


# What was agreed.
CONTENT = {"plan_id", "amount", "reason", "date", "product_id", "tax_ids", "method"}
