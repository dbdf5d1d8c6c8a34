from odoo import models
from odoo.tools import groupby


class BillingReminder(models.Model):
    """A reminder proposes late charges if its level says so, and tells the customer."""

    _inherit = "billing.reminder"

    def _get_statements(self):
        # EXTENDS 'billing_crm'
        statements = super()._get_statements()
        self._add_late_charges(statements)
        return statements

    def _carry_out(self):
        # EXTENDS 'billing_crm'
        self._propose_late_charges()
        return super()._carry_out()

    def _render_message_once(self):
        # EXTENDS 'billing_crm': what would be proposed with it is in the message
        self._propose_late_charges()
        return super()._render_message_once()

    def _propose_late_charges(self):
        """Propose what may be charged of the items that these reminders ask for.

        Where that is impossible, because a rate is missing for example, the reminder goes out
        without, and says why to those who look at it.
        """
        charging = self.filtered("level_id.charge_fees")
        if not charging:
            return
        known = self.env.context.get("billing_statements") or charging._get_statements()
        lines_of = {
            reminder: known[reminder.id]["items"]
            .filtered("is_overdue")
            .move_id.sudo()
            ._get_billing_late_lines()
            & known[reminder.id]["items"].line_id.sudo()
            for reminder in charging
        }
        reminders = {line.id: one.id for one, lines in lines_of.items() for line in lines}
        lines = self.env["account.move.line"].sudo().concat(*lines_of.values())
        problems = {}
        self.env["billing.late.charge"]._propose(lines, reminders, problems)
        for reminder, its_lines in lines_of.items():
            for move in its_lines.move_id.filtered(problems.get):
                reminder.sudo()._message_log(
                    body=self.env._("Late charges could not be proposed: %s", problems[move])
                )
        charging._add_late_charges(known)

    def _add_late_charges(self, statements):
        """Add to statements what is proposed for late payment of their items.

        ``late_charge`` is the sum in the currency of the reminder, ``late_until`` the last day it
        covers. One query for all.
        """
        for reminder in self:
            statements[reminder.id].update(late_charge=0.0, late_until=False)
        charging = self.filtered("level_id.charge_fees")
        if not charging:
            return
        lines = self.env["account.move.line"].concat(
            *(statements[reminder.id]["items"].line_id for reminder in charging)
        )
        proposed = (
            self.env["billing.late.charge"]
            .sudo()
            .search([("line_id", "in", lines.ids), ("state", "=", "proposed")])
        )
        by_line = dict(groupby(proposed, lambda charge: charge.line_id))
        for reminder in charging:
            charges = [
                charge
                for line in statements[reminder.id]["items"].line_id
                for charge in by_line.get(line, ())
            ]
            if charges:
                statements[reminder.id].update(
                    late_charge=reminder.currency_id.round(
                        sum(charge.amount for charge in charges)
                    ),
                    late_until=max(charge.date_to for charge in charges),
                )
