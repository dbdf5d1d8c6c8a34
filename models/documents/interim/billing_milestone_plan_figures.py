from odoo import api, fields, models


class BillingMilestonePlan(models.Model):
    """How far a contract has come: read from its invoices, never stored."""

    _inherit = "billing.milestone.plan"

    invoice_ids = fields.Many2many(
        "account.move", string="Invoices", compute="_compute_invoice_ids"
    )
    invoice_count = fields.Integer(compute="_compute_invoice_ids")
    has_due = fields.Boolean(compute="_compute_has_due")
    amount_original = fields.Monetary(string="Original Contract", compute="_compute_figures")
    amount_changes = fields.Monetary(string="Change Orders", compute="_compute_figures")
    amount_invoiced = fields.Monetary(
        string="Invoiced",
        compute="_compute_figures",
        help="By posted invoices, without taxes, less their credit notes.",
    )
    amount_drafted = fields.Monetary(string="In Drafts", compute="_compute_figures")
    amount_credited = fields.Monetary(string="Credited", compute="_compute_figures")
    amount_remaining = fields.Monetary(string="Remaining", compute="_compute_figures")
    amount_retained = fields.Monetary(
        string="Retention Withheld",
        compute="_compute_figures",
        help="Withheld by posted invoices and not released yet, without taxes.",
    )
    progress = fields.Float(string="Invoiced (%)", compute="_compute_figures")

    @api.depends("milestone_ids.move_ids")
    def _compute_invoice_ids(self):
        """Every invoice of the contract, also cancelled ones that were replaced."""
        for plan in self:
            invoices = plan.sudo().milestone_ids.move_ids
            plan.invoice_ids = invoices.sudo(False)
            plan.invoice_count = len(invoices)

    @api.depends("milestone_ids.state")
    def _compute_has_due(self):
        for plan in self:
            plan.has_due = "due" in plan.milestone_ids.mapped("state")

    @api.depends(
        "amount_untaxed", "milestone_ids.move_ids.state",
        "milestone_ids.move_ids.reversal_move_ids.state",
    )  # fmt: skip
    def _compute_figures(self):
        for plan in self:
            amounts = plan._get_line_amounts()
            changes = sum(p["base"] for line, p in amounts.items() if line.change_order_id)
            invoices = plan.sudo().invoice_ids
            posted = invoices.filtered(lambda invoice: invoice.state == "posted")
            credited = sum(posted._get_billing_credit_notes().mapped("amount_untaxed"))
            billed, retained = 0.0, 0.0
            for invoice in posted:
                figures = invoice.billing_interim_figures or {}
                this = figures.get("this", [invoice.amount_untaxed])[0]
                billed += this
                if invoice._is_billing_void():
                    continue
                retained += figures.get("retention", [0.0])[0]
                if invoice.billing_milestone_id.is_release:
                    retained -= this
            plan.amount_changes = changes
            plan.amount_original = plan.amount_untaxed - changes
            plan.amount_credited = credited
            plan.amount_invoiced = billed - credited
            plan.amount_drafted = sum(
                invoices.filtered(lambda invoice: invoice.state == "draft").mapped("amount_untaxed")
            )
            plan.amount_remaining = plan.amount_untaxed - plan.amount_invoiced
            plan.amount_retained = retained
            plan.progress = (
                100.0 * plan.amount_invoiced / plan.amount_untaxed if plan.amount_untaxed else 0.0
            )

    def action_view_invoices(self):
        """Open the invoices of this contract, and their credit notes."""
        self.ensure_one()
        invoices = self.sudo().invoice_ids
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Invoices"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "views": [
                (self.env.ref("account.view_out_invoice_tree").id, "list"),
                (False, "form"),
            ],
            "domain": [("id", "in", (invoices | invoices.reversal_move_ids).ids)],
            "context": {"create": False},
        }

    def action_view_lead(self):
        """Open the opportunity this contract comes from."""
        self.ensure_one()
        return self.lead_id._get_records_action()

    def action_view_proforma(self):
        """Open the estimate this contract comes from."""
        self.ensure_one()
        return self.proforma_id._get_records_action()

    def action_invoice_due(self):
        """Invoice now what is reached: the cron does it by itself every night."""
        due = self.milestone_ids.filtered(lambda milestone: milestone.state == "due")
        return due.action_invoice() if due else None

    def action_new_change_order(self):
        """Open a change order to fill in."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Change Order"),
            "res_model": "billing.change.order",
            "view_mode": "form",
            "context": {"default_plan_id": self.id},
        }
