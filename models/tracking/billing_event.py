from odoo import api, fields, models
from odoo.exceptions import UserError

# Why a visitor is taken for a person or a machine; `visitor.py` decides.
REASONS = [
    ("acted", "Acted on the page"),
    ("gesture", "Looked at the page and moved, touched or typed"),
    ("read_before", "Had read the page before"),
    ("signed_in", "Signed in to the portal"),
    ("navigated", "Followed the link in a browser"),
    ("mail_shown", "Shown by a mail program"),
    ("browser", "A browser, without a sign of a person"),
    ("image_proxy", "Pictures fetched by the mail provider"),
    ("privacy_proxy", "Pictures fetched in advance by Apple Mail"),
    ("trap", "Opened a link that no person can see"),
    ("too_soon", "Within seconds of delivery"),
    ("at_once", "Every link of the mail at the same time"),
    ("many_recipients", "Links of several recipients at the same time"),
    ("head", "Asked only whether the page is there"),
    ("no_agent", "Did not say what program it is"),
    ("preview", "Link preview of a messenger or mailbox"),
    ("scanner", "Mail security scanner"),
    ("bot", "A robot"),
    ("program", "A program, not a browser"),
    ("headless", "A browser without a screen"),
    ("scripted", "A browser steered by a program"),
    ("prefetch", "Fetched in advance"),
    ("odd", "Calls itself a browser, but does not ask like one"),
]


class BillingEvent(models.Model):
    """One thing that happened to a document. Inserted once, never changed.

    Only what we think of it, `agent` and `reason`, may change: `_reclassify` does when a visitor is
    found out later. It lives beside the invoice rather than on it because writing to a posted
    invoice costs eleven queries and locks the row, and an insert here costs one and locks nothing.
    """

    _name = "billing.event"
    _description = "Billing Event"
    _order = "date desc, id desc"
    _rec_name = "kind"
    _log_access = False

    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now, index=True)
    kind = fields.Selection(
        selection=[
            ("sent", "Sent"),
            ("delivered", "Delivered"),
            ("undelivered", "Not delivered"),
            ("bounced", "Bounced"),
            ("opened", "Mail opened"),
            ("link_clicked", "Link opened"),
            ("trapped", "Hidden link opened"),
            ("viewed", "Viewed"),
            ("downloaded", "Downloaded"),
            ("payment_started", "Payment started"),
            ("paid", "Paid"),
            ("link_renewed", "New link asked for"),
            ("reminded", "Reminded"),
        ],
        required=True,
        readonly=True,
        help="Sent: handed to the mail queue. Delivered: taken by the recipient's or your own mail "
        "server, which may still send it back (bounced).",
    )
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    recipient_id = fields.Many2one(
        "res.partner",
        readonly=True,
        ondelete="set null",
        help="The person whose link or mail this was.",
    )
    link_id = fields.Many2one(
        "billing.link", readonly=True, index="btree_not_null", ondelete="set null"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    channel = fields.Selection(
        selection=[
            ("mail", "E-mail"),
            ("page", "Payment Page"),
            ("portal", "Customer Portal"),
            ("print", "Printed"),
        ],
        readonly=True,
    )
    mail_message_id = fields.Many2one(
        "mail.message",
        string="Message",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    device = fields.Selection(
        selection=[("phone", "Phone"), ("tablet", "Tablet"), ("computer", "Computer")],
        readonly=True,
    )
    user_agent = fields.Char(readonly=True, groups="billing_crm.group_billing_manager")
    network = fields.Char(
        readonly=True,
        groups="billing_crm.group_billing_manager",
        help="A keyed hash of the visitor's network address, which is not stored itself. It is "
        "removed after 30 days, as is the program's name.",
    )
    agent = fields.Selection(
        selection=[
            ("human", "A person"),
            ("likely_human", "Likely a person"),
            ("machine", "A machine"),
            ("unknown", "Not known"),
        ],
        readonly=True,
        help="Mail scanners and previews open links too. A page counts as viewed only when "
        "someone moved, touched or typed on it, or acted on it.",
    )
    reason = fields.Selection(
        selection=REASONS,
        readonly=True,
        help="Why this was taken for a person or a machine.",
    )
    is_elsewhere = fields.Boolean(
        string="From Elsewhere",
        readonly=True,
        help="The recipient's link was used from another device or place than the first time. It "
        "may have been forwarded.",
    )
    note = fields.Char(readonly=True)

    _move_kind_idx = models.Index("(move_id, kind)")
    _network_idx = models.Index("(network, date) WHERE network IS NOT NULL")

    def write(self, vals):
        if not self:
            return super().write(vals)
        raise UserError(
            self.env._("A billing event is a record of what happened and cannot be changed.")
        )

    @api.model
    def _get_document_field(self, documents):
        """Return the name of the field that says to which of such documents something happened."""
        return "move_id"

    @api.model
    def _prepare(self, documents):
        """Return the values that say to what, and to whom, something happened.

        :param documents: invoices, or one pro forma
        :rtype: list[dict]
        """
        document_field = self._get_document_field(documents)
        return [
            {
                document_field: document.id,
                "partner_id": document.commercial_partner_id.id,
                "company_id": document.company_id.id,
            }
            for document in documents
        ]

    @api.model
    def _log(self, documents, kind, link=None, **values):
        """Record that ``kind`` happened to each of ``documents``, with one insert.

        :param link: the `billing.link` it happened through, which names the recipient
        """
        return self._log_rows(
            self._prepare(documents),
            kind,
            **{"recipient_id": link.recipient_id.id if link else False, **values},
            link_id=link.id if link else False,
        )

    @api.model
    def _log_rows(self, rows, kind, **values):
        """Record that ``kind`` happened to what each of ``rows`` says; see `_prepare`."""
        return self.sudo().create([{"kind": kind, **row, **values} for row in rows])
