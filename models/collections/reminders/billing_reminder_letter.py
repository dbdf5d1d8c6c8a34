from odoo import fields, models
from odoo.exceptions import UserError


class BillingReminder(models.Model):
    """Reminders on paper: printed by somebody, all at once, in one file."""

    _inherit = "billing.reminder"

    letter_state = fields.Selection(
        selection=[("to_print", "To print"), ("printed", "Printed")],
        string="Letter",
        readonly=True,
        index="btree_not_null",
    )
    letter_printed_on = fields.Datetime(readonly=True)

    def _get_billing_print_scope(self):
        # EXTENDS 'billing.link.mixin': a letter shows the way to the page
        return self

    def action_print_letters(self):
        """Print letters in one file, those that wait for it if there are any, and note it.

        A letter that is printed again says what the customer owes then.
        """
        letters = self._for_clerk()._choose_letters()
        if not letters:
            raise UserError(self.env._("None of these reminders is a letter."))
        waiting = letters.filtered(lambda one: one.letter_state == "to_print")
        statements = waiting._get_statements()
        settled = waiting.filtered(
            lambda one: one.state == "waiting" and not statements[one.id]["is_due"]
        )
        settled.letter_state = False
        settled._drop()
        letters -= settled
        waiting -= settled
        if not letters:
            raise UserError(self.env._("Everything in these letters is paid by now."))
        waiting.write({"letter_state": "printed", "letter_printed_on": fields.Datetime.now()})
        waiting._go_on()
        return self.env.ref("billing_crm.report_reminder_letter").report_action(letters.ids)

    def _choose_letters(self):
        """Return the letters to print: those that wait for it, else all."""
        letters = self.filtered("letter_state")
        return letters.filtered(lambda one: one.letter_state == "to_print") or letters

    def _get_letter_values(self):
        """Return what a letter shows, as of now: the statement, and how to pay it by transfer."""
        self.ensure_one()
        statement = self._get_statement()
        return {
            "statement": statement,
            "bank": statement["items"].move_id._get_billing_bank_details(statement["net"]),
            "recipient": self._get_recipient(),
            "today": fields.Date.context_today(self),
        }
