import hashlib
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

# 32 random bytes: 256 bits, far beyond guessing.
TOKEN_BYTES = 32


class BillingLink(models.Model):
    """A secret, expiring, revocable address given to one recipient for one purpose.

    Only a hash of the secret is stored: whoever reads the database cannot open a single page.
    Earlier links of a recipient keep working when a document is sent anew: people pay from the
    mail they find first. What must stop working is revoked (`action_revoke`).
    """

    _name = "billing.link"
    _description = "Payment Link"
    _order = "id desc"
    _rec_name = "recipient_id"

    token_hash = fields.Char(required=True, readonly=True, copy=False, groups="base.group_system")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
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
        index="btree_not_null",
        ondelete="cascade",
        help="The person this link was given to.",
    )
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        help="Empty if the link opens everything the customer owes.",
    )
    line_id = fields.Many2one(
        "account.move.line",
        string="Installment",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The installment this link was given out for, if not for the whole invoice.",
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    purpose = fields.Selection(
        selection=[
            ("invoice", "Invoice"),
            ("installment", "Installment"),
            ("statement", "Everything open"),
        ],
        string="Opens",
        compute="_compute_purpose",
    )
    channel = fields.Selection(
        selection=[
            ("mail", "E-mail"),
            ("copy", "Copied"),
            ("print", "Printed"),
            ("renewal", "Asked for"),
        ],
        string="Given by",
        required=True,
        readonly=True,
        default="mail",
    )
    mail_message_id = fields.Many2one(
        "mail.message",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    expires_on = fields.Datetime(required=True, readonly=True)
    revoked_on = fields.Datetime(readonly=True)
    is_valid = fields.Boolean(
        string="Working", compute="_compute_is_valid", search="_search_is_valid"
    )

    _token_hash_uniq = models.UniqueIndex("(token_hash)")

    @api.depends("move_id", "line_id")
    def _compute_purpose(self):
        for link in self:
            if link.line_id:
                link.purpose = "installment"
            else:
                link.purpose = "invoice" if link.move_id else "statement"

    @api.depends("expires_on", "revoked_on")
    def _compute_is_valid(self):
        now = fields.Datetime.now()
        for link in self:
            link.is_valid = not link.revoked_on and link.expires_on > now

    def _search_is_valid(self, operator, value):
        if operator != "in" or list(value) != [True]:
            return NotImplemented
        return Domain("revoked_on", "=", False) & Domain("expires_on", ">", fields.Datetime.now())

    @api.model
    def _hash(self, token):
        return hashlib.sha256(token.encode()).hexdigest()

    # -- Making ----------------------------------------------------------------

    @api.model
    def _mint(self, document, recipient, mail_message=None, **values):
        """Make the link of one recipient and return its path. The secret exists only there.

        :param document: record of a model with `billing.link.mixin`
        :param recipient: `res.partner`, or an empty one for an address that is no contact
        :param values: further values of the link, such as its ``channel``, or the ``line_id`` of
            the installment that it is about
        """
        paths = self._mint_each(
            document,
            recipient_id=recipient.id,
            recipient_customer_id=recipient.commercial_partner_id.id,
            mail_message_id=mail_message.id if mail_message else False,
            **values,
        )
        return paths[document.id]

    @api.model
    def _mint_each(self, documents, **values):
        """Make a link to each document, with one insert.

        :return: the path of each link, by the id of its document
        :rtype: dict
        """
        minted = self._mint_rows([self._prepare_link(one, **values) for one in documents])
        return {one.id: path for one, (_link, path) in zip(documents, minted, strict=True)}

    @api.model
    def _mint_rows(self, rows):
        """Make links of these `_prepare_link`, with one insert. Return (link, path) of each."""
        tokens = [secrets.token_urlsafe(TOKEN_BYTES) for _row in rows]
        hashes = [{"token_hash": self._hash(token)} for token in tokens]
        links = self.create([{**row, **one} for row, one in zip(rows, hashes, strict=True)])
        return [(link, f"/billing/l/{token}") for link, token in zip(links, tokens, strict=True)]

    @api.model
    def _prepare_link(self, document, **values):
        """Return the values of a link to ``document``, all but its secret."""
        row = {**document._billing_link_scope(), **values}
        date_due = row.pop("date_due")
        if row.get("line_id"):
            date_due = self.env["account.move.line"].browse(row["line_id"]).date_maturity
        company = self.env["res.company"].browse(row["company_id"])
        return {"expires_on": self._get_expiry(company, date_due), **row}

    @api.model
    def _get_expiry(self, company, date_due):
        """Return until when a link that is made now works, by the company's policy.

        :param date_due: when what it opens is due; empty for what has no date
        """
        now = fields.Datetime.now()
        last_day = date_due or fields.Date.to_date(now)
        by_due_date = company._get_billing_end_of_day(last_day) + timedelta(
            days=company.billing_link_days
        )
        return min(
            max(by_due_date, now + timedelta(days=company.billing_link_minimum_days)),
            now + timedelta(days=company.billing_link_maximum_days),
        )

    @api.model
    def _get_statement_scope(self, company, partner, currency):
        """Return the values of a link to all that ``partner`` owes, asked for in ``currency``."""
        domain = self._get_open_domain(company, partner.commercial_partner_id)
        [(date_due,)] = self.env["account.move"]._read_group(domain, [], ["invoice_date_due:max"])
        return {
            "company_id": company.id,
            "partner_id": partner.commercial_partner_id.id,
            "currency_id": currency.id,
            "date_due": date_due,
        }

    # -- Opening ---------------------------------------------------------------

    @api.model
    def _find(self, token):
        """Return the working link with this secret, as superuser, else an empty recordset."""
        # with what its validity is read from, so that a dead link takes no query more than none
        link = self.sudo().search_fetch(
            [("token_hash", "=", self._hash(token))], ["expires_on", "revoked_on"], limit=1
        )
        return link.filtered("is_valid")

    def _get_invoices(self):
        """Return the invoices that this link may show, those to be paid first."""
        self.ensure_one()
        if self.move_id:
            return self._covers(self.move_id)
        return self.env["account.move"].search(
            self._get_open_domain(self.company_id, self.partner_id), order="invoice_date_due, id"
        )

    @api.model
    def _get_open_domain(self, company, partner):
        """Return the domain of the invoices that a customer (commercial partner) has to pay."""
        return [
            ("company_id", "=", company.id),
            ("commercial_partner_id", "=", partner.id),
            ("state", "=", "posted"),
            ("move_type", "in", ("out_invoice", "out_receipt")),
            ("payment_state", "in", ("not_paid", "partial")),
        ]

    def _get_installment(self):
        """Return the installment that this link asks for, as long as something is open on it.

        :return: `account.move.line`, empty if the link is about all of what it opens
        """
        self.ensure_one()
        return self.line_id.filtered(
            lambda line: (
                line.move_id == self.move_id
                and line.display_type == "payment_term"
                and not line.reconciled
            )
        )

    def _covers(self, moves):
        """Return those of ``moves`` that are this customer's business.

        An invoice sent to the wrong customer may have been given to another since.
        """
        self.ensure_one()
        return moves.filtered(
            lambda move: (
                move.state == "posted"
                and move.is_sale_document(include_receipts=True)
                and move.company_id == self.company_id
                and move.commercial_partner_id == self.partner_id.commercial_partner_id
                and (not self.move_id or move.currency_id == self.currency_id)
            )
        )
