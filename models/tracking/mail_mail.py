import re
from dataclasses import dataclass, field

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


@dataclass(eq=False)
class MailPlan:
    """What is needed for one mail while it is sent, read for the whole batch before.

    Odoo forgets all it has read after each mail that it deletes; one by one, this would cost
    several queries a mail.

    :param document: what the mail is about, as superuser
    :param rows: values of `billing.event` that say to what something happened
    :param traces: what to hide in the mail, to be formatted with address and key
    :param links: (`billing.link`, path) of each recipient, by id
    :param known: (recipient id, kind) of what the journal says about this mail already
    """

    document: models.BaseModel
    rows: list
    traces: list
    links: dict = field(default_factory=dict)
    known: set = field(default_factory=set)


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

    # -- Before ----------------------------------------------------------------------------------

    def _send(self, *args, **kwargs):
        # EXTENDS 'mail': what every mail of the batch needs is read and made at once
        mails = self.filtered(
            lambda mail: mail.state == "outgoing" and mail._carries_billing_link()
        )
        plans = mails._plan_billing()
        mails._mint_billing_links(plans)
        if kwargs.get("auto_commit"):
            # a mail may be out before its own transaction ends: its link must work then
            self.env.cr.commit()
        return super(MailMail, self.with_context(billing_mail_plans=plans))._send(*args, **kwargs)

    def _get_billing_plan(self):
        plans = self.env.context.get("billing_mail_plans", {})
        return plans.get(self.id) or self._plan_billing()[self.id]

    def _plan_billing(self):
        """Return the plan of each mail, still without links, by the id of the mail."""
        documents = {}
        for model, mails in self.grouped("model").items():
            records = self.env[model].sudo().browse(mails.mapped("res_id"))
            documents.update(zip(mails, records, strict=True))
        plans = {
            mail.id: MailPlan(
                document,
                document._get_billing_rows(),
                document._get_billing_traces([TRAP], [PIXEL]),
            )
            for mail, document in documents.items()
        }
        messages = self.grouped("mail_message_id")
        rows = self.env.execute_query(
            SQL(
                """
                SELECT mail_message_id, recipient_id, kind FROM billing_event
                 WHERE mail_message_id IN %s
                """,
                tuple(self.mail_message_id.ids) or (0,),
            )
        )
        for message, recipient, kind in rows:
            for mail in messages[self.env["mail.message"].browse(message)]:
                plans[mail.id].known.add((recipient, kind))
        return plans

    def _mint_billing_links(self, plans):
        """Make the links of all recipients, with one insert, and put them into the plans."""
        links = self.env["billing.link"].sudo()
        places, rows = [], []
        for mail in self:
            recipients = list(mail.recipient_ids)
            if mail.email_to or mail.email_cc:
                recipients.append(mail.recipient_ids.browse())
            for partner in recipients:
                places.append((plans[mail.id].links, partner.id))
                rows.append(
                    links._prepare_link(
                        plans[mail.id].document,
                        recipient_id=partner.id,
                        recipient_customer_id=partner.commercial_partner_id.id,
                        mail_message_id=mail.mail_message_id.id,
                    )
                )
        for (place, partner_id), minted in zip(places, links._mint_rows(rows), strict=True):
            place[partner_id] = minted

    # -- In the moment of sending ----------------------------------------------------------------

    def _personalize_outgoing_body(self, body, partner=False, doc_to_followers=None):
        # EXTENDS 'mail': this runs once for each recipient
        body = super()._personalize_outgoing_body(
            body, partner=partner, doc_to_followers=doc_to_followers
        )
        if not self._carries_billing_link():
            return body
        plan = self._get_billing_plan()
        recipient = partner or self.env["res.partner"]
        if recipient.id not in plan.links:  # not on the way out of the queue
            self._mint_billing_links({self.id: plan})
        _link, path = plan.links[recipient.id]
        return body.replace(LINK_PLACEHOLDER, path)

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        # EXTENDS 'mail': after super, which makes the text version, where hidden things would show
        emails = super()._prepare_outgoing_list(
            mail_server=mail_server, doc_to_followers=doc_to_followers
        )
        if self._carries_billing_link():
            traces = self._get_billing_plan().traces
            for email in emails:
                email["body"] = self._add_billing_traces(email["body"], traces)
        return emails

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

    # -- After -----------------------------------------------------------------------------------

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
        plan = self._get_billing_plan()
        for partner in self.recipient_ids:
            is_delivered = partner in success_pids
            if (partner.id, "delivered" if is_delivered else "undelivered") in plan.known:
                continue
            link, _path = plan.links.get(partner.id, (self.env["billing.link"], None))
            plan.document._billing_log_delivery(
                partner,
                link,
                delivered=is_delivered,
                reason=failure_reason or failure_type,
                mail_message=self.mail_message_id,
                rows=plan.rows,
            )
