from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class BillingProforma(models.Model):
    """An estimate can be billed in milestones, instead of at once."""

    _inherit = "billing.proforma"

    billing_plan_ids = fields.One2many("billing.milestone.plan", "proforma_id")
    billing_plan_count = fields.Integer(compute="_compute_billing_plan_count")

    def _compute_billing_plan_count(self):
        counts = dict(
            self.env["billing.milestone.plan"]._read_group(
                [("proforma_id", "in", self.ids)], ["proforma_id"], ["__count"]
            )
        )
        for proforma in self:
            proforma.billing_plan_count = counts.get(proforma, 0)

    def action_new_billing_plan(self):
        """Split this estimate into milestones; what comes of it stays comparable line by line."""
        self.ensure_one()
        running = self.billing_plan_ids.filtered(lambda plan: plan.state != "cancel")
        if running:
            return running[:1]._get_records_action()
        self._lock_for_invoicing()
        self._check_nothing_invoiced(
            self.sudo().invoice_ids.filtered(lambda invoice: invoice.state != "cancel")
        )
        plan = self.env["billing.milestone.plan"].create(self._prepare_billing_plan())
        return plan._get_records_action()

    def _lock_for_plan(self, plan):
        """Let a plan bill this estimate from now on; it may have been made long ago.

        :raise UserError: if something else bills it
        """
        self.with_context(billing_milestone_plan_id=plan.id)._lock_for_invoicing()
        self._check_nothing_invoiced(
            self._get_standing_invoices().filtered(
                lambda invoice: invoice.billing_milestone_id.plan_id.id != plan.id
            )
        )

    def _check_nothing_invoiced(self, invoices):
        if invoices:
            raise UserError(
                self.env._(
                    "Invoices were made from %s already: the milestones would bill them again.",
                    self.name,
                )
            )

    def _prepare_billing_plan(self):
        self.ensure_one()
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "proforma_id": self.id,
            "lead_id": self.lead_id.id,
            "user_id": self.user_id.id,
            "currency_id": self.currency_id.id,
            "fiscal_position_id": self.fiscal_position_id.id,
            "payment_term_id": self.payment_term_id.id,
            "reference": self.reference,
            "line_ids": [
                Command.create(
                    {
                        "proforma_line_id": line.id,
                        "sequence": line.sequence,
                        "product_id": line.product_id.id,
                        "name": line.name or line.product_id.display_name,
                        "quantity": line.quantity,
                        "price_unit": line.price_unit,
                        "discount": line.discount,
                        "tax_ids": [Command.set(line.tax_ids.ids)],
                    }
                )
                for line in self.line_ids
                if not line.display_type
            ],
        }

    def action_draft(self):
        # EXTENDS: what is agreed in a plan is not changed behind its back
        self._check_no_agreed_plan()
        return super().action_draft()

    def action_cancel(self):
        # EXTENDS: what a plan still bills is not withdrawn
        self._check_no_agreed_plan()
        return super().action_cancel()

    def _check_no_agreed_plan(self):
        plans = self.env["billing.milestone.plan"].sudo().with_context(active_test=False)
        agreed = plans.search(
            [("proforma_id", "in", self.ids), ("state", "in", ("confirmed", "done"))], limit=1
        )
        if agreed:
            raise UserError(
                self.env._(
                    "%(proforma)s is billed in milestones by %(plan)s. Cancel that plan first.",
                    proforma=agreed.proforma_id.name,
                    plan=agreed.name,
                )
            )

    def action_view_billing_plans(self):
        """Open the milestone plans of this pro forma."""
        self.ensure_one()
        return self.billing_plan_ids._get_records_action(name=self.env._("Milestone Plans"))

    def _lock_for_invoicing(self):
        # EXTENDS: what is billed in milestones is not billed once more; the plan that bills it says
        # so in the context
        result = super()._lock_for_invoicing()
        plans = self.env["billing.milestone.plan"].sudo().with_context(active_test=False)
        running = plans.search(
            [
                ("proforma_id", "=", self.id),
                ("state", "!=", "cancel"),
                ("id", "!=", self.env.context.get("billing_milestone_plan_id", False)),
            ],
            limit=1,
        )
        if running:
            raise UserError(
                self.env._(
                    "%(proforma)s is billed in milestones by %(plan)s. Cancel that plan to invoice "
                    "it in another way.",
                    proforma=self.name,
                    plan=running.name,
                )
            )
        return result
