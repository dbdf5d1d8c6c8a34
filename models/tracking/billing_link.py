import hashlib
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

# Stripe's rule for hosted invoice pages (docs: "hosted invoice page"): never longer than 120 days,
# and a link that was just shown works for at least 10.
MAXIMUM_DAYS = 120
MINIMUM_DAYS = 10

# 32 random bytes: 256 bits, far beyond guessing.
TOKEN_BYTES = 32


class BillingLink(models.Model):
    """A secret, expiring, revocable address given to one recipient for one purpose.

    Only a hash of the secret is stored: whoever reads the database cannot open a single page.
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

    @api.model
    def _mint(self, document, recipient, mail_message=None, **values):
        """Make the link of one recipient and return its path. The secret exists only there.

        :param document: record of a model with `billing.link.mixin`
        :param recipient: `res.partner`, or an empty one for an address that is no contact
        :param values: further values of the link, such as its ``channel``
        """
        scope = document._billing_link_scope()
        now = fields.Datetime.now()
        company = self.env["res.company"].browse(scope["company_id"])
        last_day = scope.pop("date_due") or fields.Date.to_date(now)
        expires_on = company._get_billing_end_of_day(last_day) + timedelta(
            days=company.billing_link_days
        )
        token = secrets.token_urlsafe(TOKEN_BYTES)
        self.create(
            {
                **scope,
                "token_hash": self._hash(token),
                "recipient_id": recipient.id,
                "mail_message_id": mail_message.id if mail_message else False,
                "expires_on": min(
                    max(expires_on, now + timedelta(days=MINIMUM_DAYS)),
                    now + timedelta(days=MAXIMUM_DAYS),
                ),
                **values,
            }
        )
        return f"/billing/l/{token}"

    @api.model
    def _find(self, token):
        """Return the working link with this secret, as superuser, else an empty recordset."""
        link = self.sudo().search([("token_hash", "=", self._hash(token))], limit=1)
        return link.filtered("is_valid")

    def action_revoke(self):
        """Make these links stop working at once."""
        self.check_access("read")
        self.filtered("is_valid").sudo().revoked_on = fields.Datetime.now()

    def _get_invoices(self):
        """Return the invoices that this link may show, those to be paid first."""
        self.ensure_one()
        if self.move_id:
            return self._covers(self.move_id)
        return self.env["account.move"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("commercial_partner_id", "=", self.partner_id.id),
                ("state", "=", "posted"),
                ("move_type", "in", ("out_invoice", "out_receipt")),
                ("payment_state", "in", ("not_paid", "partial")),
            ],
            order="invoice_date_due, id",
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
