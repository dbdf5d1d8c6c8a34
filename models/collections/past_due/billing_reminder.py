import logging

from odoo import fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class BillingReminder(models.Model):
    """A reminder carries the past due document if its level says so."""

    _inherit = "billing.reminder"

    past_due_ids = fields.One2many("billing.past.due", "reminder_id", readonly=True)

    def _make_past_due(self, statement):
        """Make the past due document of this reminder: about what it asks for, and nothing else."""
        self.ensure_one()
        request = (
            statement["items"],
            {"reminder_id": self.id, "amount_credit": statement["credit"]},
        )
        documents = self.env["billing.past.due"].sudo()
        try:
            with self.env.cr.savepoint():
                return documents._make([request])
        except UserError as error:
            # a missing rate is no reason not to remind
            _logger.info("Past due document of reminder %s without interest: %s", self.id, error)
            return documents._make([request], with_interest=False)

    def _attach(self, rendered):
        # EXTENDS 'billing_crm'
        attachments = super()._attach(rendered)
        # whoever only looks at a message need not wait for a PDF
        if self.level_id.attach_past_due and not self.env.context.get("billing_preview"):
            known = self.env.context.get("billing_statements", {})
            statement = known.get(self.id) or self._get_statement()
            if statement["is_overdue"]:
                attachments += self._make_past_due(statement)._make_attachment(self).ids
        return attachments

    def action_print_letters(self):
        # EXTENDS 'billing_crm': what follows the letter says the same as the letter
        letters = self._for_clerk()._choose_letters().filtered("level_id.attach_past_due")
        statements = letters._get_statements()
        for letter in letters:
            if statements[letter.id]["is_overdue"]:
                letter._make_past_due(statements[letter.id])
        return super().action_print_letters()

    def _get_letter_past_due(self):
        """Return the past due document that follows the letter; empty if none does."""
        self.ensure_one()
        documents = self.sudo().past_due_ids
        return documents[:1] if self.level_id.attach_past_due else documents[:0]
