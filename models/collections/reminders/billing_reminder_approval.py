from odoo import models


class BillingReminder(models.Model):
    """What somebody has to agree to before it goes out."""

    _inherit = "billing.reminder"

    def action_approve(self):
        """Let proposed reminders go out, unless what they ask for is settled by now."""
        proposed = self._for_clerk().filtered(lambda reminder: reminder.state == "proposed")
        approved = proposed._approve()
        proposed.stop_id._close_if_settled()
        return self._tell_result(
            self.env._("Reminders approved: %s.", len(approved)), len(proposed - approved)
        )

    def action_reject(self):
        """Decide that these customers are not written to at this level.

        The level counts as done: it is not proposed again. The next one is, when it is due, but not
        before the customer has been left in peace as long as after a message.
        """
        rejected = self._for_clerk().filtered(lambda reminder: reminder.state == "proposed")
        rejected.write({"state": "rejected"})
        rejected.stop_id._close_if_settled()
        return self._tell_result(self.env._("Reminders rejected: %s.", len(rejected)))

    def _approve(self):
        """Plan proposed reminders that are still to be sent, and drop the others.

        One question to the ledger for all of them. Each is asked again just before it is sent.

        :return: the approved ones
        """
        owed = self._filter_owed()
        (self - owed)._drop()
        owed.write({"state": "planned"})
        for company in owed.company_id:
            self.with_company(company)._spread_over_days(company)
        self.env.ref("billing_crm.ir_cron_remind").sudo()._trigger()
        return owed

    def _filter_owed(self):
        """Return those of these reminders whose installments may still be asked for."""
        climbing = self.sudo().item_ids.filtered("is_advance")
        open_items = (
            self.env["billing.receivable"]
            .sudo()
            .search(
                [
                    ("line_id", "in", climbing.line_id.ids),
                    ("can_be_reminded", "=", True),
                    ("is_left_alone", "=", False),
                ]
            )
        )
        owed = {(item.line_id.id, item.share_id) for item in open_items}
        return climbing.filtered(lambda item: (item.line_id.id, item.share_id) in owed).reminder_id

    def _tell_result(self, message, settled=0):
        """Return a notification that says what a button did, and loads the list anew."""
        if settled:
            message += " " + self.env._("No longer needed, and dropped: %s.", settled)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
