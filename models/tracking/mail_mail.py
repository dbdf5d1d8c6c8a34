from odoo import models

from .billing_link_mixin import LINK_PLACEHOLDER


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _carries_billing_link(self):
        """Whether this mail is about a document of ours and holds the placeholder of a link."""
        self.ensure_one()
        return (
            self.model in self.env
            and isinstance(self.env[self.model], self.env.registry["billing.link.mixin"])
            and LINK_PLACEHOLDER in (self.body_html or "")
        )

    def _personalize_outgoing_body(self, body, partner=False, doc_to_followers=None):
        # EXTENDS 'mail': this runs once for each recipient, in the moment of sending
        body = super()._personalize_outgoing_body(
            body, partner=partner, doc_to_followers=doc_to_followers
        )
        if not self._carries_billing_link():
            return body
        path = (
            self.env["billing.link"]
            .sudo()
            ._mint(
                self.env[self.model].sudo().browse(self.res_id),
                partner or self.env["res.partner"],
                self.mail_message_id,
            )
        )
        return body.replace(LINK_PLACEHOLDER, path)

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        # EXTENDS 'mail': before super, which may delete the mail
        for mail in self.filtered(MailMail._carries_billing_link):
            mail._log_billing_delivery(success_pids, failure_reason, failure_type)
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )

    def _log_billing_delivery(self, success_pids, failure_reason, failure_type):
        """Record for each recipient whether the mail server took the mail."""
        self.ensure_one()
        document = self.env[self.model].sudo().browse(self.res_id)
        links = (
            self.env["billing.link"]
            .sudo()
            .search([("mail_message_id", "=", self.mail_message_id.id)], order="id desc")
        )
        for partner in self.recipient_ids:
            document._billing_log_delivery(
                partner,
                links.filtered(lambda link, partner=partner: link.recipient_id == partner)[:1],
                delivered=partner in success_pids,
                reason=failure_reason or failure_type,
            )
