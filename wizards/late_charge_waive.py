from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class BillingLateChargeWaive(models.TransientModel):
    """Asks why customers need not pay late charges, and how much of one."""

    _name = "billing.late.charge.waive"
    _description = "Waive Late Charges"

    charge_ids = fields.Many2many("billing.late.charge", string="Late Charges", required=True)
    is_single = fields.Boolean(compute="_compute_charge")
    currency_id = fields.Many2one("res.currency", compute="_compute_charge")
    has_charged = fields.Boolean(compute="_compute_charge")
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        readonly=False,
        help="How much of it the customer need not pay. The rest stays.",
    )
    reason = fields.Char(required=True)

    @api.depends("charge_ids")
    def _compute_charge(self):
        for wizard in self:
            wizard.is_single = len(wizard.charge_ids) == 1
            wizard.currency_id = wizard.charge_ids[:1].currency_id
            wizard.has_charged = "charged" in wizard.charge_ids.mapped("state")

    @api.depends("charge_ids")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.charge_ids.amount if wizard.is_single else 0.0

    @api.model
    def default_get(self, fields):
        # EXTENDS 'base': from the form or the list
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "billing.late.charge":
            values.setdefault("charge_ids", [Command.set(self.env.context.get("active_ids", []))])
        return values

    def action_apply(self):
        """Waive, and leave the rest."""
        self.ensure_one()
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say why: somebody may ask later."))
        charges = self.charge_ids._for_clerk()
        charges._waive(self.reason.strip(), {charges: self.amount} if self.is_single else None)
        return {"type": "ir.actions.act_window_close"}
