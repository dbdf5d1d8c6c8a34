from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date, formatLang


class BillingRecurring(models.Model):
    """What follows from a change of prices."""

    _inherit = "billing.recurring"

    def _get_first_date_to_reprice(self, wanted):
        """Return ``wanted``, or the day after the start of the last period that is billed."""
        self.ensure_one()
        if self.next_number == 1:
            return wanted
        schedule = self._get_schedule()
        if wanted > schedule.start(self.next_number - 1):
            return wanted
        return schedule.start(self.next_number)

    def _post_price_changes(self, changes):
        """Say in the chatter what changes."""
        self.ensure_one()
        change = changes[0]
        self.message_post(
            body=self.env._(
                "Prices change by %(percent)s %% from %(date)s (lines: %(count)s). %(reason)s",
                count=len(changes),
                percent=formatLang(self.env, change.percent, digits=2),
                date=format_date(self.env, change.date_from),
                reason=change.note or "",
            )
        )

    def _announce_price_changes(self, changes, text):
        """Write to the customer, in the customer's language, what will be charged."""
        self.ensure_one()
        customer = self.partner_id
        if not customer.email:
            raise UserError(self.env._("%s has no e-mail address.", customer.display_name))
        series = self.with_context(
            lang=customer.lang or self.env.lang, mail_notify_force_send=False
        )
        body = series.env["ir.qweb"]._render(
            "billing_crm.recurring_price_message",
            {"series": series, "changes": changes.with_env(series.env), "text": text},
        )
        series.message_post(
            body=body,
            subject=series.env._(
                "New prices from %s", format_date(series.env, changes[0].date_from)
            ),
            partner_ids=customer.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            email_layout_xmlid="mail.mail_notification_light",
        )
