from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools.misc import format_amount, format_date

NOT_KEPT = ("partly", "broken", "withdrawn")


class BillingPromise(models.Model):
    """A customer's word: so much, in one currency, by a day, for these installments.

    A fact that nobody edits. Its state is an opinion formed from the ledger (`_judge`), except that
    somebody may withdraw it. While it is open, and for the days of grace, nobody asks for any part
    of its installments; whatever of them is more than was promised is due again afterwards.
    """

    _name = "billing.promise"
    _description = "Promise to Pay"
    _order = "date_promised desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
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
        string="Promised by",
        readonly=True,
        ondelete="set null",
        help="The person who gave this promise.",
    )
    salesperson_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
    amount_paid = fields.Monetary(
        string="Paid since",
        readonly=True,
        help="Payments entered after the promise and dated up to the end of the days of grace.",
    )
    date_promised = fields.Date(string="Promised for", required=True, readonly=True, index=True)
    date_until = fields.Date(
        string="Waiting until",
        required=True,
        readonly=True,
        help="The promised day and the days of grace. Nobody asks again before this day is over.",
    )
    promised_on = fields.Date(required=True, readonly=True)
    closed_on = fields.Date(
        string="Decided on", readonly=True, help="When it was found kept or not, or withdrawn."
    )
    state = fields.Selection(
        selection=[
            ("open", "Open"),
            ("kept", "Kept"),
            ("partly", "Partly kept"),
            ("broken", "Broken"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        readonly=True,
        default="open",
        index=True,
        help="Judged every night from what was paid. Only payments keep a promise; what a credit "
        "note settles need not be paid any more.",
    )
    is_moot = fields.Boolean(
        string="Not Needed",
        readonly=True,
        help="Withdrawn because nothing was left to pay, such as after a credit note. It does not "
        "count against the customer.",
    )
    kept_rate = fields.Float(
        string="Kept", readonly=True, aggregator="avg", help="How many promises were kept in full."
    )
    rank = fields.Integer(
        string="In a Row",
        required=True,
        readonly=True,
        default=1,
        aggregator="max",
        help="Which promise this is since the last one that was kept: 1 is the first.",
    )
    source = fields.Selection(
        selection=[
            ("page", "Customer page"),
            ("clerk", "Told us"),
            ("reply", "Reply by e-mail"),
        ],
        required=True,
        readonly=True,
        default="clerk",
    )
    user_id = fields.Many2one(
        "res.users", string="Recorded by", readonly=True, help="Empty: by the customer themselves."
    )
    note = fields.Char(readonly=True)
    reply_id = fields.Many2one("mail.message", readonly=True, ondelete="set null")
    last_line_id = fields.Integer(
        readonly=True,
        help="The id of the last journal item in the books when this was promised. What is younger "
        "may keep the promise, whatever date the bank gave it.",
    )
    item_ids = fields.One2many("billing.promise.item", "promise_id", readonly=True)
    line_ids = fields.Many2many(
        "account.move.line",
        string="Installments",
        compute="_compute_line_ids",
        search=lambda self, operator, value: [("item_ids.line_id", operator, value)],
    )
    move_ids = fields.Many2many(
        "account.move",
        string="Invoices",
        compute="_compute_line_ids",
        search=lambda self, operator, value: [("item_ids.move_id", operator, value)],
    )

    _amount_positive = models.Constraint("CHECK (amount > 0)", "Promise more than nothing.")

    @api.depends("amount", "currency_id", "date_promised")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for promise in self:
            promise.display_name = self.env._(
                "%(amount)s for %(day)s",
                amount=format_amount(self.env, promise.amount, promise.currency_id),
                day=format_date(self.env, promise.date_promised),
            )

    @api.depends("item_ids")
    def _compute_line_ids(self):
        for promise in self:
            promise.line_ids = promise.item_ids.line_id
            promise.move_ids = promise.item_ids.move_id

    def action_withdraw(self):
        """Take back open promises: their installments may be asked for again at once."""
        self._for_clerk().filtered(lambda promise: promise.state == "open")._withdraw()

    def _for_clerk(self):
        """Return these promises with the right to change them, for those who may press a button.

        Nobody may write on a promise otherwise: it is a record of what was said.
        """
        self.check_access("read")
        if not self.env.user.has_group("billing_crm.group_billing_user"):
            raise AccessError(self.env._("Only billing users may do this."))
        return self.sudo()
