from odoo import api, fields, models
from odoo.exceptions import UserError


class BillingDisputeResolve(models.TransientModel):
    """Asks how a dispute ends, and makes what that takes."""

    _name = "billing.dispute.resolve"
    _description = "Resolve a Dispute"

    dispute_id = fields.Many2one("billing.dispute", required=True, readonly=True)
    company_id = fields.Many2one(related="dispute_id.company_id")
    currency_id = fields.Many2one(related="dispute_id.currency_id")
    move_id = fields.Many2one(related="dispute_id.move_id")
    resolution = fields.Selection(
        selection=[
            ("credit", "Credit note"),
            ("mixed", "Credit and charge anew, in one document"),
            ("replace", "Credit the whole invoice and draft a new one"),
            ("debit", "Debit note: charge more"),
            ("linked", "A credit note that exists already"),
            ("none", "Settled without a document"),
            ("rejected", "Reject: the customer owes it"),
        ],
        string="What Happens",
        required=True,
        default="credit",
    )
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        readonly=False,
        help="Taxes included, in the currency of the invoice.",
    )
    charge = fields.Monetary(
        string="Charge Instead", help="What the same is to cost, taxes included."
    )
    reason = fields.Char(
        string="Printed Reason",
        compute="_compute_reason",
        store=True,
        readonly=False,
        help="The customer reads it on the document.",
    )
    post = fields.Boolean(
        string="Confirm at Once",
        help="Otherwise a draft is opened, and the dispute stays open until it is confirmed.",
    )
    document_ids = fields.Many2many(
        "account.move",
        string="Credit Notes",
        domain="[('reversed_entry_id', '=', move_id), ('state', '=', 'posted'),"
        " ('billing_dispute_id', '=', False)]",
    )
    answer = fields.Text(
        string="Answer to the Customer", help="Shown on the page behind their link."
    )
    notify = fields.Boolean(
        string="Tell the Customer by E-mail",
        help="Otherwise the customer sees the answer on the page only.",
    )

    @api.depends("dispute_id")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.dispute_id.amount

    @api.depends("dispute_id")
    def _compute_reason(self):
        for wizard in self:
            wizard.reason = wizard.dispute_id and wizard.dispute_id._get_reason(False)

    def action_apply(self):
        """Do what was chosen, tell the customer if wanted, and open what was made."""
        self.ensure_one()
        dispute = self.dispute_id
        dispute.check_access("write")
        if not dispute.sudo().try_lock_for_update():
            raise UserError(
                self.env._("This dispute is being resolved by someone else at this moment.")
            )
        dispute.invalidate_recordset(["state"])
        dispute._check_open()
        dispute.answer = self.answer
        documents = getattr(self, f"_apply_{self.resolution}")()
        if self.notify:
            dispute._send_answer()
        if documents:
            return documents._get_records_action(name=self.env._("Documents"))
        return {"type": "ir.actions.act_window_close"}

    def _apply_credit(self):
        return self._confirm(self.dispute_id._create_credit(self.amount, self.reason))

    def _apply_debit(self):
        return self._confirm(self.dispute_id._create_debit(self.amount, self.reason))

    def _apply_mixed(self):
        return self._confirm(self.dispute_id._create_mixed(self.amount, self.charge, self.reason))

    def _apply_replace(self):
        return self.dispute_id._create_replacement(self.reason)

    def _apply_linked(self):
        documents = self.document_ids
        if not documents or any(
            document.reversed_entry_id != self.move_id or document.state != "posted"
            for document in documents
        ):
            raise UserError(self.env._("Choose a confirmed credit note to this invoice."))
        documents.billing_dispute_id = self.dispute_id
        self.dispute_id._close("resolved", "linked")
        return None

    def _apply_none(self):
        self.dispute_id._close("resolved", "none")

    def _apply_rejected(self):
        self.dispute_id._close("rejected")

    def _confirm(self, document):
        if self.post:
            document._post(soft=False)
        return document
