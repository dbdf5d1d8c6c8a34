from odoo import api, fields, models
from odoo.tools import format_date

# What needs a person comes first.
POSITIONS = {"failed": 1, "waiting": 2, "skipped": 3, "done": 4}


class BillingBatchLine(models.Model):
    """What became of one invoice of a batch."""

    _name = "billing.batch.line"
    _description = "Invoice of a Batch"
    _order = "position, id"
    _rec_name = "move_id"
    _check_company_auto = True

    batch_id = fields.Many2one(
        "billing.batch", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="batch_id.company_id", store=True, index=True)
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, index=True, ondelete="cascade"
    )
    amount = fields.Monetary(compute="_compute_amount", compute_sudo=True)
    currency_id = fields.Many2one(related="move_id.currency_id")
    state = fields.Selection(
        selection=[
            ("waiting", "Waiting"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("skipped", "Left Out"),
        ],
        required=True,
        readonly=True,
        default="waiting",
    )
    position = fields.Integer(compute="_compute_position", store=True)
    reason = fields.Text(readonly=True)

    # Also what makes two people with the same invoices wait for each other
    _waits_once = models.UniqueIndex(
        "(move_id) WHERE state = 'waiting'",
        "One of these invoices has just been put into another batch. Look there, then try again.",
    )
    _waiting_idx = models.Index("(batch_id, id) WHERE state = 'waiting'")

    @api.depends("state")
    def _compute_position(self):
        for line in self:
            line.position = POSITIONS[line.state]

    # Not `related`: a field that depends on the amount of an entry slows down every write to
    # every entry's lines.
    @api.depends("move_id")
    def _compute_amount(self):
        for line in self:
            line.amount = line.move_id.amount_total

    def action_open_move(self):
        self.ensure_one()
        return self.move_id._get_records_action()

    # -- What stands in the way --------------------------------------------------------------

    @api.model
    def _get_reason_to_skip(self, move, kind, *, starting=False):
        """Return why there is nothing to do for an invoice, in plain words; False if there is.

        :param bool starting: whether somebody is choosing invoices just now. One that was sent,
            corrected and posted anew has no PDF yet: it is sent again if it began as a draft.
        """
        if not move.is_sale_document(include_receipts=True):
            return self.env._("It is not a document to a customer.")
        if move.state == "cancel":
            return self.env._("It is cancelled.")
        if move.state == "draft":
            return False
        if kind == "post":
            return self.env._("It is posted already.")
        if move.is_move_sent and (starting or move.invoice_pdf_report_id):
            return self.env._("It was sent already. Open it to send it once more.")
        if move.is_being_sent:
            return self.env._("Odoo is sending it already.")
        if not self._get_sending_methods(move) - {"manual"}:
            return self.env._("Invoices of this customer are sent by hand.")
        return False

    @api.model
    def _get_sending_methods(self, move):
        return set(self.env["account.move.send"]._get_default_sending_methods(move))

    @api.model
    def _get_obstacle(self, move):
        """Return what a person must put right before an invoice is posted or sent; else False."""
        if move.state == "posted":
            if move.payment_state == "blocked":
                return self.env._("Its payment is blocked.")
            return False
        if not move.partner_id:
            return self.env._("It has no customer.")
        if not move.invoice_line_ids.filtered(lambda line: line.display_type == "product"):
            return self.env._("It has no lines.")
        day = move.invoice_date
        locks = day and move._get_violated_lock_dates(day, move._affect_tax_report())
        if locks:
            return self.env._(
                "The books are closed for its date, %(date)s: %(locks)s.",
                date=format_date(self.env, day),
                locks=move.company_id._format_lock_dates(locks),
            )
        return False
