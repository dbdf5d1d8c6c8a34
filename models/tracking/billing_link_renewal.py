import logging
from datetime import timedelta

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

# Whoever finds an old link can make us write to a customer, but not often.
PAUSE_PER_LINK = timedelta(hours=1)
MAILS_PER_DAY = 3


class BillingLink(models.Model):
    """A fresh link for the holder of an expired one, sent to the address on file.

    The page only notes that somebody asked; a job decides and writes the mail. So the answer says
    nothing, and takes about as long whether there was such a link or not. A link is therefore a
    document itself: the mail is about it, and the fresh link is made from it when that is sent.
    """

    _name = "billing.link"
    _inherit = ["billing.link", "billing.link.mixin"]

    recipient_customer_id = fields.Many2one(
        "res.partner",
        string="Recipient's Company",
        readonly=True,
        ondelete="set null",
        help="The company that the recipient belonged to when the link was given.",
    )
    renewal_asked_on = fields.Datetime(readonly=True, index="btree_not_null")

    @api.model
    def _ask_renewal(self, token):
        """Note that the holder of an expired link wants a fresh one. Says nothing to the caller."""
        link = self.sudo().search([("token_hash", "=", self._hash(token))], limit=1)
        if link and not link.is_valid and not link.revoked_on and not link.renewal_asked_on:
            link.renewal_asked_on = fields.Datetime.now()
            self.env.ref("billing_crm.ir_cron_renew_links").sudo()._trigger()

    @api.model
    def _cron_renew(self):
        """Send a fresh link for each one that was asked for, where that is right."""
        cron = self.env["ir.cron"]
        waiting = self.search([("renewal_asked_on", "!=", False)], order="id")
        cron._commit_progress(remaining=len(waiting))
        for link in waiting:
            try:
                with self.env.cr.savepoint():
                    link._renew()
            except Exception:
                _logger.exception("Link %s could not be renewed", link.id)
            link.renewal_asked_on = False
            if not cron._commit_progress(1):
                break

    def _renew(self):
        """Queue the mail with the fresh link, unless this link's holder is not to get one."""
        self.ensure_one()
        recipient = self._get_renewal_recipient()
        if not recipient or not self._is_still_theirs() or self._was_renewed_often(recipient):
            return
        template = self.env.ref("billing_crm.mail_template_link_renewal")
        template.with_company(self.company_id).send_mail(self.id)
        self._log("link_renewed", recipient_id=recipient.id, channel="page")
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _get_renewal_recipient(self):
        """Return the contact that a fresh link goes to, empty if there is nobody any more.

        A printed link was given to nobody in particular: its customer's contact gets it. Who has
        moved to another company, or has none of our mails any more, gets nothing.
        """
        self.ensure_one()
        contact = self.recipient_id or self._get_document_contact()
        former = self.recipient_customer_id or self.partner_id
        if (
            not contact.active
            or not contact.email_normalized
            or contact.commercial_partner_id != former
        ):
            return contact.browse()
        return contact

    def _get_document(self):
        """Return the record that this link opens: the customer for a statement."""
        return self.move_id or self.partner_id

    def _get_document_contact(self):
        document = self._get_document()
        return document if document._name == "res.partner" else document.partner_id

    def _is_still_theirs(self):
        """Whether what this link opened is still there, and still its customer's business."""
        self.ensure_one()
        if self.move_id:
            return bool(self._get_invoices())
        return self.partner_id.active and self.partner_id == self.partner_id.commercial_partner_id

    def _was_renewed_often(self, recipient):
        """Whether this link, or this recipient, has had their share of fresh links."""
        now = fields.Datetime.now()
        renewals = self.env["billing.event"].search_fetch(
            [
                ("kind", "=", "link_renewed"),
                ("recipient_id", "=", recipient.id),
                ("company_id", "=", self.company_id.id),
                ("date", ">", now - timedelta(days=1)),
            ],
            ["link_id", "date"],
        )
        return len(renewals) >= MAILS_PER_DAY or any(
            event.link_id == self and event.date > now - PAUSE_PER_LINK for event in renewals
        )

    def _log(self, kind, **values):
        """Record that ``kind`` happened to what this link opens."""
        return self.env["billing.event"]._log_rows(
            self._get_billing_rows(),
            kind,
            **{
                "recipient_id": self.recipient_id.id,
                "note": self._get_billing_note(False),
                **values,
            },
            link_id=self.id,
        )

    # -- The link as a document whose mail carries a link -----------------------------------------

    def _billing_link_scope(self):
        # IMPLEMENTS 'billing.link.mixin': the fresh link opens what the expired one opened
        self.ensure_one()
        document = self._get_document()
        scope = (
            self._get_statement_scope(self.company_id, self.partner_id, self.currency_id)
            if document == self.partner_id
            else document._billing_link_scope()
        )
        return {**scope, "line_id": self._get_installment().id, "channel": "renewal"}

    def _get_billing_rows(self):
        # EXTENDS 'billing.link.mixin': of what the fresh link opens
        document = self._get_document()
        if document != self.partner_id:
            return self.env["billing.event"]._prepare(document)
        return [{"partner_id": self.partner_id.id, "company_id": self.company_id.id}]

    def _get_billing_note(self, note):
        # EXTENDS 'billing.link.mixin'
        document = self._get_document()
        return note if document == self.partner_id else document._get_billing_note(note)
