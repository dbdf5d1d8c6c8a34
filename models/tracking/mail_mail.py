import re

from markupsafe import Markup
from odoo import models
from odoo.tools import SQL

from .billing_link_mixin import LINK_PLACEHOLDER

# A recipient's own link, as it stands in the mail when it goes out.
PERSONAL_LINK = re.compile(r"(https?://[^\"'\s<>]*?)/billing/l/([\w-]+)")

# Nobody can see, hear or reach this link; only what follows every link does.
TRAP = Markup(
    '<a href="%s/billing/m/%s" rel="nofollow" aria-hidden="true" tabindex="-1"'
    ' style="display:none"></a>'
)
PIXEL = Markup('<img src="%s/billing/o/%s.gif" width="1" height="1" alt="" style="border:0"/>')


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

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        # EXTENDS 'mail': after super, which makes the text version, where hidden things would show
        emails = super()._prepare_outgoing_list(
            mail_server=mail_server, doc_to_followers=doc_to_followers
        )
        if self._carries_billing_link():
            traces = self._get_billing_traces()
            for email in emails:
                email["body"] = self._add_billing_traces(email["body"], traces)
        return emails

    def _get_billing_traces(self):
        """Return what to hide in this mail, to be formatted with address and key."""
        scope = self.env[self.model].sudo().browse(self.res_id)._billing_link_scope()
        if self.env["res.partner"].sudo().browse(scope["partner_id"]).billing_no_tracking:
            return []
        company = self.env["res.company"].sudo().browse(scope["company_id"])
        return [TRAP, PIXEL] if company.billing_pixel else [TRAP]

    def _add_billing_traces(self, body, traces):
        """Hide ``traces`` at the end of a recipient's body.

        Their key is the hash of the link's secret: it finds the link, and opens nothing.
        """
        link = PERSONAL_LINK.search(body)
        if not link or not traces:
            return body
        base, token = link.groups()
        key = self.env["billing.link"]._hash(token)
        hidden = Markup("").join(trace % (base, key) for trace in traces)
        head, end, tail = body.rpartition("</body>")
        return "".join((head, hidden, end, tail) if end else (body, hidden))

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
        """Record for each recipient whether the mail server took the mail, once.

        A mail of which one recipient was refused is sent to all of them again.
        """
        self.ensure_one()
        document = self.env[self.model].sudo().browse(self.res_id)
        known = self._find_billing_delivery()
        for partner in self.recipient_ids:
            link_id, kinds = known[partner.id]
            is_delivered = partner in success_pids
            if ("delivered" if is_delivered else "undelivered") in kinds:
                continue
            document._billing_log_delivery(
                partner,
                self.env["billing.link"].sudo().browse(link_id or []),
                delivered=is_delivered,
                reason=failure_reason or failure_type,
                mail_message=self.mail_message_id,
            )

    def _find_billing_delivery(self):
        """Return the newest link, and the kinds of events, of each recipient of this mail."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT recipient.id,
                       (SELECT max(id) FROM billing_link
                         WHERE mail_message_id = %(message)s AND recipient_id = recipient.id),
                       ARRAY(SELECT kind FROM billing_event
                              WHERE mail_message_id = %(message)s AND recipient_id = recipient.id)
                  FROM unnest(%(recipients)s) recipient(id)
                """,
                message=self.mail_message_id.id,
                recipients=self.recipient_ids.ids,
            )
        )
        return {partner_id: (link_id, kinds) for partner_id, link_id, kinds in rows}
