from odoo import api, fields, models
from odoo.exceptions import UserError

REASONS = [
    ("price", "Price"),
    ("quantity", "Quantity"),
    ("quality", "Quality"),
    ("order_number", "Missing order number"),
    ("paid", "Already paid"),
    ("duplicate", "Billed twice"),
    ("tax", "Tax"),
    ("other", "Other"),
]

RESOLUTIONS = [
    ("credit", "Credited"),
    ("debit", "Charged in addition"),
    ("mixed", "Adjusted"),
    ("replace", "Replaced by a new invoice"),
    ("linked", "Credited elsewhere"),
    ("none", "Settled without a document"),
    ("cancelled", "Invoice cancelled"),
]

# Only the buttons change these: they say what happened.
PROTECTED = ("state", "opened_on", "closed_on", "resolution", "move_id", "source", "is_elsewhere")


class BillingDispute(models.Model):
    """A customer contests an invoice, or a part of it. Until that is resolved, the part stays owed,
    but nobody asks for it."""

    _name = "billing.dispute"
    _inherit = ["mail.thread", "mail.activity.mixin", "billing.link.mixin"]
    _description = "Dispute"
    _order = "state, date_deadline, id"
    _check_company_auto = True
    _mail_post_access = "read"

    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        domain=[
            ("move_type", "in", ("out_invoice", "out_receipt")),
            ("state", "=", "posted"),
            ("payment_state", "in", ("not_paid", "partial")),
        ],
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_from_move",
        store=True,
        precompute=True,
        required=True,
        index=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_from_move",
        store=True,
        precompute=True,
        required=True,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_from_move",
        store=True,
        precompute=True,
        required=True,
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    scope = fields.Selection(
        selection=[
            ("whole", "Everything that is open"),
            ("lines", "Some lines"),
            ("amount", "An amount"),
        ],
        string="What Is Disputed",
        required=True,
        default="whole",
    )
    line_ids = fields.One2many("billing.dispute.line", "dispute_id", string="Lines")
    amount = fields.Monetary(
        string="Disputed",
        compute="_compute_amount",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="In the currency of the invoice, taxes included. It stays owed, but is not asked for.",
    )
    amount_company = fields.Monetary(
        string="Disputed in Company Currency",
        compute="_compute_amount_company",
        store=True,
        currency_field="company_currency_id",
        help="The same at the rate of the invoice.",
    )
    reason = fields.Selection(selection=REASONS, required=True, tracking=True)
    description = fields.Text(string="What the Customer Says")
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        check_company=True,
        domain="[('share', '=', False)]",
    )
    date_deadline = fields.Date(
        string="Answer by",
        compute="_compute_date_deadline",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    state = fields.Selection(
        selection=[
            ("open", "Open"),
            ("resolved", "Resolved"),
            ("rejected", "Rejected"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        readonly=True,
        default="open",
        copy=False,
        tracking=True,
        index=True,
    )
    resolution = fields.Selection(
        selection=RESOLUTIONS, readonly=True, copy=False, tracking=True, string="How It Ended"
    )
    answer = fields.Text(
        string="Answer to the Customer", copy=False, help="Shown on the page behind their link."
    )
    opened_on = fields.Date(required=True, readonly=True, default=fields.Date.context_today)
    closed_on = fields.Date(readonly=True, copy=False)
    days_open = fields.Integer(
        string="Age in Days", compute="_compute_days_open", help="Until it was closed, or today."
    )
    days_to_close = fields.Integer(
        readonly=True, copy=False, aggregator="avg", help="From the first day to the last."
    )
    is_overdue = fields.Boolean(compute="_compute_days_open")
    source = fields.Selection(
        selection=[("page", "Payment page"), ("clerk", "Entered here")],
        required=True,
        readonly=True,
        default="clerk",
        copy=False,
    )
    recipient_id = fields.Many2one(
        "res.partner",
        string="Raised with the Link of",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    raised_by = fields.Char(help="As they gave their name.", readonly=True, copy=False)
    is_elsewhere = fields.Boolean(
        string="From Elsewhere",
        readonly=True,
        copy=False,
        help="The link was used from another device or place than the first time. It may have been "
        "forwarded.",
    )
    document_ids = fields.One2many(
        "account.move",
        "billing_dispute_id",
        string="Documents",
        readonly=True,
        help="What resolves this dispute.",
    )
    document_count = fields.Integer(compute="_compute_document_count")
    has_draft = fields.Boolean(
        compute="_compute_document_count", help="A document that waits to be confirmed."
    )

    _open_idx = models.Index("(move_id) WHERE state = 'open'")

    @api.depends("move_id", "reason")
    def _compute_display_name(self):
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        for dispute in self:
            dispute.display_name = f"{dispute.move_id.name or ''}: {reasons.get(dispute.reason)}"

    @api.depends("move_id")
    def _compute_from_move(self):
        """They are those of the day the dispute was raised: an invoice that is reset to draft may
        be given to another customer."""
        for dispute in self:
            dispute.company_id = dispute.move_id.company_id
            dispute.partner_id = dispute.move_id.commercial_partner_id
            dispute.currency_id = dispute.move_id.currency_id

    @api.depends("opened_on", "closed_on", "date_deadline", "state")
    def _compute_days_open(self):
        today = fields.Date.context_today(self)
        for dispute in self:
            dispute.days_open = ((dispute.closed_on or today) - (dispute.opened_on or today)).days
            dispute.is_overdue = (
                dispute.state == "open"
                and bool(dispute.date_deadline)
                and dispute.date_deadline < today
            )

    @api.depends("document_ids.state")
    def _compute_document_count(self):
        for dispute in self:
            dispute.document_count = len(dispute.document_ids)
            dispute.has_draft = "draft" in dispute.document_ids.mapped("state")

    # -- Making and changing -----------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        rows = []
        for vals in vals_list:
            vals = {**self.default_get(["move_id", "source"]), **vals}
            if not self.env.su:
                vals = {**vals, "source": "clerk", "is_elsewhere": False}
            rows.append({
                **vals, "state": "open", "resolution": False, "closed_on": False,
                "opened_on": fields.Date.context_today(self),
            })  # fmt: skip
        # whoever disputes the same invoice at the same time has to see this one
        moves = self.env["account.move"].browse(
            {row.get("move_id") for row in rows} - {None, False}
        )
        moves._billing_claim()
        disputes = super().create(rows)
        disputes._opened()
        return disputes

    def write(self, vals):
        if not self.env.su and any(name in vals for name in PROTECTED):
            raise UserError(self.env._("Use the buttons: they say what became of a dispute."))
        if "amount" in vals or "line_ids" in vals or "scope" in vals:
            self.move_id._billing_claim()
        result = super().write(vals)
        if "user_id" in vals or "date_deadline" in vals:
            self.filtered(lambda dispute: dispute.state == "open")._reschedule()
        return result

    # -- Links in mails ----------------------------------------------------------------------------

    def _billing_link_scope(self):
        # IMPLEMENTS 'billing.link.mixin'
        self.ensure_one()
        return self.move_id._billing_link_scope()

    def _get_billing_documents(self):
        # EXTENDS 'billing.link.mixin': the journal speaks of invoices
        return self.move_id
