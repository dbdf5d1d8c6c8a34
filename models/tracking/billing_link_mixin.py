from odoo import api, models

# What a mail template or a button carries until the mail goes out. The address of the one recipient
# replaces it in the moment of sending (see mail_mail.py), so that no secret is ever stored.
LINK_PLACEHOLDER = "/billing/l/your-personal-link"


class BillingLinkMixin(models.AbstractModel):
    """A document whose mails carry a personal link for each recipient."""

    _name = "billing.link.mixin"
    _description = "Document with Personal Links"

    def _billing_link_scope(self):
        """Say what a link in a mail about this document opens.

        :return: values of `billing.link`: `company_id`, `partner_id` (commercial partner) and
            either `move_id` (one invoice) or `currency_id` (everything open in that currency),
            and `date_due`, the latest date on which any of it is due
        :rtype: dict
        """
        raise NotImplementedError

    def _billing_log_sent(self, mail_message):
        """Record that the mails of a message were handed to the mail queue."""
        if mail_message.partner_ids:
            self.env["billing.event"]._log(
                self, "sent", channel="mail", mail_message_id=mail_message.id
            )

    def _billing_log_delivery(self, recipient, link, *, delivered, reason, mail_message=None):
        """Record that the mail server took, or refused, the mail to ``recipient``.

        :param link: the recipient's `billing.link`; empty if sending failed before it was made
        :param reason: what the mail server said, if it refused
        """
        self._billing_log_mail(
            "delivered" if delivered else "undelivered",
            recipient,
            link,
            mail_message,
            note=False if delivered else reason,
        )

    def _billing_log_mail(self, kind, recipient, link, mail_message, note=False):
        """Record what became of a mail to ``recipient`` about this document."""
        self.env["billing.event"]._log(
            self._get_billing_documents(),
            kind,
            link=link,
            recipient_id=recipient.id,
            channel="mail",
            mail_message_id=mail_message.id if mail_message else False,
            note=note,
        )

    def _get_billing_documents(self):
        """Return the documents of the journal that a mail about this one speaks of."""
        return self

    @api.model
    def _get_billing_link_placeholder(self):
        """Address to put into a mail where the recipient's own link shall stand."""
        return self.get_base_url() + LINK_PLACEHOLDER
