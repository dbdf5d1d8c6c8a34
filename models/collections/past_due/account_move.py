from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_billing_late_notes(self):
        """Return the posted debit notes that charge for late payment of these invoices."""
        return self.debit_note_ids.filtered(
            lambda move: move.state == "posted" and move.billing_type == "past_due"
        )

    def action_billing_past_due(self):
        """Ask until which day interest is shown, and make the past due document."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "billing_crm.action_billing_past_due_wizard"
            ),
            "context": {"default_move_ids": self.ids},
        }
