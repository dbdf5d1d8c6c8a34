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

    def _billing_log_delivery(self, recipient, link, *, delivered, reason):
        """Record that the mail server took, or refused, the mail to ``recipient``.

        :param link: the recipient's `billing.link`; empty if sending failed before it was made
        :param reason: what the mail server said, if it refused
        """
        raise NotImplementedError

    @api.model
    def _get_billing_link_placeholder(self):
        """Address to put into a mail where the recipient's own link shall stand."""
        return self.get_base_url() + LINK_PLACEHOLDER
