from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def action_open_billing_timeline(self):
        """Open what happened to this document, with the payments and reminders of it."""
        self.ensure_one()
        partials = self.line_ids.matched_debit_ids | self.line_ids.matched_credit_ids
        settling = (partials.debit_move_id | partials.credit_move_id).move_id - self
        reminders = self.env["billing.reminder.item"].search([("move_id", "=", self.id)])
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "billing_crm.action_billing_timeline"
        )
        return {
            **action,
            "domain": [
                "|",
                "|",
                ("move_id", "=", self.id),
                "&",
                ("move_id", "in", settling.ids),
                ("kind", "in", ("received", "credited")),
                ("reminder_id", "in", reminders.reminder_id.ids),
            ],
        }
