from odoo import models
from odoo.tools import groupby
from odoo.tools.misc import format_amount


class BillingReminder(models.Model):
    """What the ledger says now of what reminders speak of."""

    _inherit = "billing.reminder"

    def _get_statement(self):
        """Return what `_get_statements` says of this reminder."""
        self.ensure_one()
        return self._get_statements()[self.id]

    def _get_statements(self):
        """Read from the ledger, now, what these reminders speak of, with a few queries for all.

        A message asks for what it was decided for and nothing that fell due since: that may not
        have reached the first level, and it is not what was approved. One from before the due date
        takes credits into account after they have paid for what is overdue.

        :return: by reminder: what `_net` of `billing.receivable` says; ``items``, which are asked
            for; ``is_overdue``, whether they are overdue; and ``is_due``, whether the customer is
            still to be reminded
        :rtype: dict
        """
        statements = {}
        for company, reminders in groupby(self.sudo(), lambda reminder: reminder.company_id):
            receivables = self.env["billing.receivable"].with_context(
                tz=company._get_billing_zone()
            )
            due = receivables._get_due_now_of_many([one._get_customer_key() for one in reminders])
            for reminder in reminders:
                statements[reminder.id] = reminder._state(due[reminder._get_customer_key()])
        return statements

    def _get_customer_key(self):
        return self.company_id, self.partner_id, self.currency_id

    def _state(self, due):
        """Return the statement of this reminder from what its customer is to pay now."""
        told = {(item.line_id, item.share_id) for item in self.item_ids if item.is_advance}
        listed = {(item.line_id, item.share_id) for item in self.item_ids}
        credit = due["given"]
        items = due["items"].filtered(lambda item: (item.line_id, item.share_id) in listed)
        if not items:
            items = due["upcoming"].filtered(lambda item: (item.line_id, item.share_id) in listed)
            credit = max(credit - due["overdue"], 0)
        due = {**due, **items._net(items, credit, self.company_id, self.currency_id)}
        is_due = (
            any((item.line_id, item.share_id) in told for item in items)
            and self.currency_id.compare_amounts(due["net"], 0) > 0
            and due["net_company"] >= self.policy_id.minimum_amount
        )
        return {
            **due,
            "items": items,
            "is_due": is_due,
            "is_overdue": any(item.is_overdue for item in items),
        }

    def _get_recipient(self):
        """Return the person of this customer who is written to about invoices."""
        self.ensure_one()
        return self.env["res.partner"].browse(self.partner_id.address_get(["invoice"])["invoice"])

    def _render_statement(self):
        """Return the table of open items for the mail, in the language of the context."""
        self.ensure_one()
        known = self.env.context.get("billing_statements", {})
        return self.env["ir.qweb"]._render(
            "billing_crm.reminder_statement",
            {"reminder": self, "statement": known.get(self.id) or self._get_statement()},
            lang=self.env.lang,
        )

    def _format_net_amount(self):
        """Return what the customer is asked for, as text, for subject lines."""
        self.ensure_one()
        return format_amount(self.env, self.amount, self.currency_id)
