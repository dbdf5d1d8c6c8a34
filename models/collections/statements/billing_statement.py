from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_date

from .ask import Ask
from .billing_statement_reader import KINDS

SCOPES = [
    ("customer", "The customer with all contacts"),
    ("contact", "This contact or address alone"),
    ("group", "The customer and the companies below it"),
]
# It is on its way to the customer, or arrived.
WRITTEN = ("planned", "queued", "sent")


class BillingStatement(models.Model):
    """One statement of account that was given to a customer: what was asked, and what became of it.

    The figures are read from the ledger whenever somebody looks: they are those of its date, then
    as now. What was sent stays in the chatter as a PDF.
    """

    _name = "billing.statement"
    _inherit = ["mail.thread", "billing.link.mixin"]
    _description = "Statement of Account"
    _order = "id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    contact_id = fields.Many2one(
        "res.partner",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
        help="The address whose documents alone are on the statement.",
    )
    salesperson_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    kind = fields.Selection(KINDS, required=True, readonly=True)
    scope = fields.Selection(SCOPES, required=True, readonly=True, default="customer")
    date_from = fields.Date(string="From", readonly=True)
    date_to = fields.Date(string="As of", required=True, readonly=True)
    skips_zero = fields.Boolean(
        readonly=True, help="It is not sent if nothing is open by the time it goes out."
    )
    number = fields.Integer(
        string="Copy",
        readonly=True,
        help="0 for the first time this statement was sent, 1 for the next.",
    )
    schedule_id = fields.Many2one(
        "billing.statement.schedule", readonly=True, index="btree_not_null", ondelete="set null"
    )
    channel = fields.Selection(
        [("mail", "E-mail"), ("print", "Printed")],
        string="Given by",
        required=True,
        readonly=True,
        default="print",
    )
    state = fields.Selection(
        [
            ("planned", "To be sent"),
            ("queued", "Being sent"),
            ("sent", "Sent"),
            ("failed", "Failed"),
            ("cancelled", "Not needed"),
            ("printed", "Printed"),
        ],
        required=True,
        readonly=True,
        default="printed",
        index=True,
    )
    template_id = fields.Many2one(
        "mail.template", string="E-mail Template", readonly=True, ondelete="set null"
    )
    sent_on = fields.Datetime(readonly=True)
    failure_reason = fields.Char(readonly=True)
    balance = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="What was open, credits deducted, when the statement was made; of all currencies, at "
        "the rates of the documents.",
    )
    past_due = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="What of it was past its due date, before credits.",
    )

    # one statement of one account is sent once, whoever asks for it at the same time
    _sent_once = models.UniqueIndex(
        "(company_id, partner_id, COALESCE(contact_id, 0), kind, scope, date_to,"
        " COALESCE(date_from, '-infinity'), number) WHERE channel = 'mail'"
    )

    @api.depends("partner_id", "contact_id", "date_to")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for statement in self:
            statement.display_name = self.env._(
                "Statement of account: %(customer)s, %(date)s",
                customer=(statement.contact_id or statement.partner_id).name or "",
                date=format_date(self.env, statement.date_to),
            )

    def _to_ask(self):
        """Return what this statement is about, for `billing.statement.reader`."""
        self.ensure_one()
        return Ask(
            company_id=self.company_id.id,
            partner_id=self.partner_id.id,
            kind=self.kind,
            date_to=self.date_to,
            date_from=self.date_from if self.kind == "activity" else None,
            scope=self.scope,
            contact_id=self.contact_id.id or None,
        )

    def _read_many(self):
        """Return the blocks of each of these statements, as of now, with a few queries for all.

        :rtype: dict[billing.statement, list[dict]]
        """
        asks = {statement: statement._to_ask() for statement in self.sudo()}
        blocks = self.env["billing.statement.reader"].sudo()._read(list(asks.values()))
        return {statement: blocks[asks[statement]] for statement in self.sudo()}

    def _get_blocks(self):
        """Return the blocks of this statement; see `billing.statement.reader`.

        Whoever reads many puts what `_read_many` says into the context, as ``billing_blocks``.
        """
        self.ensure_one()
        known = self.env.context.get("billing_blocks", {})
        return known[self] if self in known else self._read_many()[self.sudo()]

    def _with_blocks(self):
        """Return these statements with the figures of all of them at hand."""
        if all(one in self.env.context.get("billing_blocks", {}) for one in self):
            return self
        return self.with_context(billing_blocks=self._read_many())

    def _get_recipient(self):
        """Return the person who is written to: the contact asked for, else the one for invoices."""
        self.ensure_one()
        partner = self.partner_id
        return self.contact_id or partner.browse(partner.address_get(["invoice"])["invoice"])

    # -- Links -----------------------------------------------------------------------------------

    def _can_be_paid(self):
        """Whether a link opens just what this statement shows, and there is something to pay."""
        self.ensure_one()
        return self.scope == "customer" and any(
            block["closing"] > 0 for block in self._get_blocks()
        )

    def _get_payable_block(self):
        """Return the block whose currency a link to this statement offers for payment."""
        blocks = self._get_blocks()
        return next((block for block in blocks if block["closing"] > 0), blocks[0])

    def _billing_link_scope(self):
        # IMPLEMENTS 'billing.link.mixin': the link opens everything open, all of it ticked
        self.ensure_one()
        currency = self._get_payable_block()["currency"]
        dues = [
            row["date_maturity"]
            for block in self._get_blocks()
            for row in block["rows"]
            if row["date_maturity"]
        ]
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "currency_id": currency.id,
            "date_due": max(dues, default=False),
            "offers_all": True,
        }

    def _get_billing_print_scope(self):
        # EXTENDS 'billing.link.mixin'
        return self.filtered(
            lambda statement: statement.company_id.billing_link_print and statement._can_be_paid()
        )

    def _get_billing_documents(self):
        # EXTENDS 'billing.link.mixin': a statement is about the account. That it arrived says
        # nothing of whether an invoice did.
        return self.env["account.move"]

    def _billing_log_delivery(
        self, recipient, link, *, delivered, reason, mail_message=None, rows=None
    ):
        # EXTENDS 'billing.link.mixin'
        self.ensure_one()
        if delivered:
            self.write({"state": "sent", "sent_on": fields.Datetime.now(), "failure_reason": False})
        else:
            self.write({"state": "failed", "failure_reason": reason})

    def _billing_log_mail(self, kind, recipient, link, mail_message, *, note=False, rows=None):
        # EXTENDS 'billing.link.mixin': a mail may come back after days
        if kind == "bounced" and self.state in WRITTEN:
            self.write(
                {
                    "state": "failed",
                    "failure_reason": self.env._(
                        "The mail to %(address)s came back. %(reason)s",
                        address=recipient.email,
                        reason=note or "",
                    ),
                }
            )
        return super()._billing_log_mail(kind, recipient, link, mail_message, note=note, rows=rows)

    def _for_clerk(self):
        """Return these statements with the right to change them, for those who press a button.

        Nobody may write on a statement otherwise: it is a record of what was sent.
        """
        self.check_access("read")
        if not self.env.user.has_group("billing_crm.group_billing_user"):
            raise AccessError(self.env._("Only billing users may do this."))
        return self.sudo()
