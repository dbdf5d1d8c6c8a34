from odoo import models
from odoo.tools import format_amount


class Placeholders(dict):
    """What a text does not know stays as it was written."""

    def __missing__(self, key):
        return f"{{{key}}}"


class BillingReminder(models.Model):
    """Text messages, where Odoo's `sms` is installed."""

    _inherit = "billing.reminder"

    def _send_texts(self, level):
        """Put a text message to each customer who has a phone into the queue of Odoo's `sms`."""
        if "sms.sms" not in self.env:
            return
        for reminder in self:
            recipient = reminder._get_recipient()
            if not recipient.phone:
                continue
            words = reminder.with_context(lang=recipient.lang or self.env.lang)
            words._message_sms(
                words._write_text(level.with_context(lang=words.env.lang).sms_text, recipient),
                partner_ids=recipient.ids,
                put_in_queue=True,
            )

    def _write_text(self, text, recipient):
        """Fill in a text: {customer}, {amount}, {company} and the customer's {link}."""
        values = {
            "customer": recipient.name,
            "amount": format_amount(self.env, self.amount, self.currency_id),
            "company": self.company_id.name,
        }
        if "{link}" in text:
            path = self.env["billing.link"].sudo()._mint(self, recipient)
            values["link"] = self.get_base_url() + path
        return text.format_map(Placeholders(values))
