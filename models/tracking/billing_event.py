from odoo import api, fields, models
from odoo.exceptions import UserError


class BillingEvent(models.Model):
    """One thing that happened to a document. Inserted once, never changed.

    It lives beside the invoice rather than on it because writing to a posted invoice costs eleven
    queries and locks the row, and an insert here costs one and locks nothing.
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
        help="A keyed hash of the visitor's network address, which is not stored itself.",
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
        "someone scrolled, touched or typed on it, or acted on it.",
    )
    reason = fields.Char(readonly=True, help="Why this was taken for a person or a machine.")
    note = fields.Char(readonly=True)

    _move_kind_idx = models.Index("(move_id, kind)")

    def write(self, vals):
        if not self:
            return super().write(vals)
        raise UserError(
            self.env._("A billing event is a record of what happened and cannot be changed.")
        )

    @api.model
    def _log(self, moves, kind, link=None, **values):
        """Record that ``kind`` happened to each of ``moves``, with one insert.

        :param link: the `billing.link` it happened through, which names the recipient
        """
        return self.sudo().create(
            [
                {
                    "kind": kind,
                    "move_id": move.id,
                    "partner_id": move.commercial_partner_id.id,
                    "company_id": move.company_id.id,
                    "link_id": link.id if link else False,
                    "recipient_id": link.recipient_id.id if link else False,
                    **values,
                }
                for move in moves
            ]
        )
