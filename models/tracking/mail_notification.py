from textwrap import shorten

from odoo import models

# A bounce is a whole mail; its beginning says why.
REASON_LENGTH = 200


class MailNotification(models.Model):
    _inherit = "mail.notification"

    def write(self, vals):
        # EXTENDS 'mail': this is how Odoo says that a mail came back
        if vals.get("notification_status") == "bounce":
            for notification in self.filtered(lambda one: one.notification_status != "bounce"):
                notification._log_billing_bounce(vals.get("failure_reason") or "")
        return super().write(vals)

    def _log_billing_bounce(self, reason):
        """Record that a mail with a personal link came back."""
        message = self.mail_message_id.sudo()
        links = self.env["billing.link"].sudo()
        link = links.search(
            [
                ("mail_message_id", "=", message.id),
                ("recipient_id", "=", self.res_partner_id.id),
            ],
            limit=1,
        )
        if link:
            self.env[message.model].sudo().browse(message.res_id)._billing_log_mail(
                "bounced",
                self.res_partner_id,
                link,
                message,
                note=shorten(reason, REASON_LENGTH, placeholder="…"),
            )
