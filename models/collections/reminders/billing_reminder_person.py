from odoo import fields, models
from odoo.tools import format_amount, groupby


class BillingReminder(models.Model):
    """What a person does at a level: a call, for example, that the ladder may wait for."""

    _inherit = "billing.reminder"

    activity_id = fields.Many2one(
        "mail.activity", string="Task", readonly=True, index="btree_not_null", ondelete="set null"
    )

    def _ask_people(self, level):
        """Give everybody the activities that a level wants done."""
        assigned = groupby(self, lambda reminder: reminder._get_assignee(level))
        for user, reminders in assigned:
            words = level.with_context(lang=user.lang or self.env.lang)
            for reminder in reminders:
                reminder.activity_id = reminder.activity_schedule(
                    activity_type_id=level.activity_type_id.id,
                    summary=words.activity_summary or words.activity_type_id.name,
                    note=words.env._(
                        "%(customer)s owes %(amount)s that is due (%(level)s).",
                        customer=reminder.partner_id.name,
                        amount=format_amount(words.env, reminder.amount, reminder.currency_id),
                        level=words.name,
                    ),
                    user_id=user.id,
                )

    def _get_assignee(self, level):
        """Return the user who does what a level wants done for this customer."""
        users = {
            "fixed": level.activity_user_id,
            "salesperson": self.partner_id.user_id,
            "responsible": self.policy_id.user_id,
        }
        user = users[level.activity_user]
        return user if user.active else self._get_bookkeeper()

    def _is_held_by_person(self):
        """Return whether the ladder waits for somebody to do something."""
        self.ensure_one()
        if self.activity_id and self.activity_id.active and self.level_id.activity_holds:
            return True
        return self.letter_state == "to_print" and not self.level_id.send_mail

    def _go_on(self):
        """Close waiting reminders for which everything is done: the ladder goes on."""
        done = self.filtered(lambda one: one.state == "waiting" and not one._is_held_by_person())
        for reminder in done:
            reminder.write({"state": "sent", "sent_on": reminder.sent_on or fields.Datetime.now()})
            if not reminder.level_id.send_mail:
                reminder._log_contact()

    def _log_contact(self):
        """Record in the journal of each invoice that its customer was reminded otherwise."""
        self.env["billing.event"]._log(
            self._get_billing_documents(),
            "reminded",
            recipient_id=self._get_recipient().id,
            note=self.level_id.name,
        )

    def _person_gave_up(self):
        """Close waiting reminders whose activity was cancelled: nobody spoke to the customer.

        The level counts as done, or it would come again tomorrow.
        """
        self.filtered(lambda one: one.state == "waiting").write({"state": "cancelled"})

    def action_done(self):
        """Say that what these reminders wait for is done."""
        waiting = self._for_clerk().filtered(lambda one: one.state == "waiting")
        waiting.activity_id.with_user(self.env.user).action_feedback()
        waiting.filtered(lambda one: one.letter_state == "to_print").letter_state = "printed"
        waiting._go_on()
