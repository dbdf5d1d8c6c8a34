from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """What is charged because this invoice was paid late."""

    _inherit = "account.move"

    billing_late_charge_ids = fields.One2many(
        "billing.late.charge",
        "move_origin_id",
        string="Late Charges",
        groups="billing_crm.group_billing_user,sales_team.group_sale_salesman",
    )
    billing_late_charge_count = fields.Integer(
        string="Number of Late Charges",
        compute="_compute_billing_late_charge_count",
        groups="billing_crm.group_billing_user,sales_team.group_sale_salesman",
    )
    billing_has_late_charges = fields.Boolean(
        compute="_compute_billing_late_charge_count",
        groups="billing_crm.group_billing_user,sales_team.group_sale_salesman",
        help="It charges for late payment, and nothing of that has been taken back altogether.",
    )

    @api.depends("billing_late_charge_ids")
    def _compute_billing_late_charge_count(self):
        charges = self.env["billing.late.charge"]
        counts = dict(
            charges._read_group(
                [("move_origin_id", "in", self.ids)], ["move_origin_id"], ["__count"]
            )
        )
        charging = charges.search([("move_id", "in", self.ids), ("state", "=", "charged")]).move_id
        for move in self:
            move.billing_late_charge_count = counts.get(move._origin, 0)
            move.billing_has_late_charges = move._origin in charging

    def _get_billing_late_lines(self):
        """Return the installments of these documents for whose lateness may be charged."""
        return self.line_ids.filtered(
            lambda line: (
                line.account_type == "asset_receivable"
                and line.parent_state == "posted"
                and line.move_id.move_type in ("out_invoice", "out_receipt")
                and line.move_id.billing_type != "past_due"
            )
        )

    def action_billing_charge_late(self):
        """Propose what these invoices may be charged for late payment, and show it.

        Those of which it cannot be calculated do not stop the others.
        """
        if not self.env.user.has_group("billing_crm.group_billing_user"):
            raise UserError(self.env._("Only billing users may do this."))
        self.check_access("read")
        lines, problems = self._get_billing_late_lines(), {}
        charges = self.env["billing.late.charge"]
        proposals = charges._propose(lines, problems=problems)
        if not proposals:
            raise UserError(
                "\n".join(problems.values())
                or self.env._(
                    "There is nothing to charge: nothing is late, a policy for late fees is "
                    "missing, or all of it was charged or waived already."
                )
            )
        action = charges._get_list_action([("id", "in", proposals.ids)], create=False)
        if not problems:
            return action
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": "\n".join(problems.values()),
                "next": action,
            },
        }

    def action_billing_view_late_charges(self):
        """Open what was charged, waived or proposed for this invoice."""
        self.ensure_one()
        return self.env["billing.late.charge"]._get_list_action([("move_origin_id", "=", self.id)])

    def action_billing_reverse_late_charges(self):
        """Take back what this debit note charges: the payment was in time."""
        self.ensure_one()
        return self.env["billing.late.charge"].search([("move_id", "=", self.id)]).action_reverse()

    def _get_billing_calculation(self):
        """Return the late charges whose calculation is printed with this document."""
        self.ensure_one()
        charges = self.env["billing.late.charge"].sudo()
        if not (self.billing_type == "past_due" and self.debit_origin_id):
            return charges
        return charges.search([("move_line_id", "in", self.invoice_line_ids.ids)], order="id")
