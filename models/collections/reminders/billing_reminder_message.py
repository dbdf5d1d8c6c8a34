from contextlib import closing

from odoo import SUPERUSER_ID, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...tracking.billing_link_mixin import LINK_PLACEHOLDER


class BillingReminder(models.Model):
    """A reminder's message, to be looked at before it goes out."""

    _inherit = "billing.reminder"

    def action_show_message(self):
        """Open the message as the customer would get it now."""
        self.ensure_one()
        self.check_access("read")
        message = self.env["billing.reminder.message"].create(self._render_message())
        return message._get_records_action(
            name=self.display_name, target="new", context={"dialog_size": "large"}
        )

    def _render_message(self):
        """Make the mail of this reminder in the way that sends it, and take it back.

        :return: values of `billing.reminder.message`
        """
        self.ensure_one()
        with closing(self.env.cr.savepoint()):
            # whoever looks at it: the cron's user is the one who sends
            reminder = self.with_user(SUPERUSER_ID).with_company(self.company_id)
            try:
                return reminder.with_context(billing_preview=True)._render_message_once()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except Exception as error:
                # just what would happen to the reminder: it would fail, for this reason
                return {"note": str(error), "is_problem": True}

    def _render_message_once(self):
        self.ensure_one()
        if not self.level_id.send_mail:
            return {"note": self.env._("No e-mail belongs to this level.")}
        statement = self._get_statement()
        if not statement["is_due"]:
            return {"note": self.env._("By now there is nothing to be paid, so nothing is sent.")}
        self._check_addresses()
        self.amount = statement["net"]
        messages = self._queue_mails(self.level_id.mail_template_id)
        mail = self.env["mail.mail"].sudo().search([("mail_message_id", "in", messages.ids)])
        return {
            "subject": mail.subject,
            "email_from": mail.email_from,
            "email_to": self._get_recipient().email_formatted,
            # whoever looks at it has no business on the customer's page
            "body": mail.body_html.replace(self.get_base_url() + LINK_PLACEHOLDER, "#"),
        }

    def _get_invoice_attachments(self):
        # EXTENDS 'billing_crm': electronic invoicing may commit while it makes a PDF, and looking
        # at a message must change nothing; so it goes without them
        if self.env.context.get("billing_preview"):
            return []
        return super()._get_invoice_attachments()
