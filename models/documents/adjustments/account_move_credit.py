from odoo import api, fields, models
from odoo.tools import SQL, formatLang


class AccountMove(models.Model):
    """A credit may be kept: the customer's next invoices offer it, and use it in one click."""

    _inherit = "account.move"

    billing_credit_use = fields.Selection(
        selection=[
            ("keep", "Keep as credit for the next invoice"),
            ("refund", "Refund the money"),
        ],
        string="Use of the Credit",
        copy=False,
        tracking=True,
        help="Kept credit is offered on the next invoices of the customer. "
        "Empty: it is set against open invoices by hand, as usual.",
    )
    billing_use_credit = fields.Boolean(
        string="Use Credit",
        copy=False,
        help="Kept credit of the customer is set against this invoice when it is confirmed.",
    )
    billing_credit_available = fields.Monetary(
        string="Available Credit",
        compute="_compute_billing_credit_available",
        help="Kept credit of the customer that can be set against this invoice.",
    )

    billing_paid_by_credit = fields.Boolean(
        compute="_compute_billing_paid_by_credit",
        help="Odoo calls an invoice reversed that was settled with credit notes alone. Whoever "
        "used credit from earlier has paid.",
    )

    @api.depends("payment_state")
    def _compute_billing_paid_by_credit(self):
        reversed_ids = self.filtered(lambda move: move.payment_state == "reversed").ids
        paid_ids = reversed_ids and self.env.execute_query(
            SQL(
                "SELECT move.id FROM account_move move WHERE move.id IN %s AND %s",
                tuple(reversed_ids),
                self._billing_paid_by_credit_to_sql("move"),
            )
        )
        paid = self.browse(move_id for (move_id,) in paid_ids)
        for move in self:
            move.billing_paid_by_credit = move._origin in paid

    @api.model
    def _billing_paid_by_credit_to_sql(self, alias):
        """Return the condition that kept credit was used on the moves in ``alias``."""
        return SQL(
            """
            EXISTS (
                SELECT FROM account_move_line debit
                  JOIN account_partial_reconcile partial ON partial.debit_move_id = debit.id
                  JOIN account_move_line credit ON credit.id = partial.credit_move_id
                  JOIN account_move credit_note ON credit_note.id = credit.move_id
                 WHERE debit.move_id = %s
                   AND credit_note.billing_credit_use = 'keep'
            )
            """,
            SQL.identifier(alias, "id"),
        )

    @api.depends("state", "payment_state", "amount_residual", "partner_id", "currency_id")
    def _compute_billing_credit_available(self):
        for move in self:
            lines = move._get_billing_kept_credit_lines()
            move.billing_credit_available = -sum(lines.mapped("amount_residual_currency"))

    def _get_billing_kept_credit_lines(self):
        """Return the open lines of kept credit notes that this invoice can use, the oldest first.

        Of the same customer and currency, on the same account. A branch shares the credits of the
        company it belongs to, as far as the user may see them.
        """
        self.ensure_one()
        lines = self.env["account.move.line"]
        may_use = self.move_type in ("out_invoice", "out_receipt") and (
            self.state == "draft"
            or (self.state == "posted" and self.payment_state in ("not_paid", "partial"))
        )
        customer = self.commercial_partner_id
        if not may_use or not customer or not lines.has_access("read"):
            return lines
        accounts = (
            self.line_ids.account_id.filtered(
                lambda account: account.account_type == "asset_receivable"
            )
            or customer.with_company(self.company_id).property_account_receivable_id
        )
        return lines.search(
            [
                ("move_id.billing_credit_use", "=", "keep"),
                ("move_id.move_type", "=", "out_refund"),
                ("parent_state", "=", "posted"),
                ("partner_id", "in", customer.ids),
                ("company_id", "child_of", self.company_id.root_id.ids),
                ("currency_id", "in", self.currency_id.ids),
                ("account_id", "in", accounts.ids),
                ("reconciled", "=", False),
                ("amount_residual_currency", "<", 0),
            ],
            order="date, move_id, id",
        )

    def action_billing_use_credit(self):
        """Set kept credit against these drafts when they are confirmed, or no longer."""
        self.check_access("write")
        for move in self.filtered(lambda move: move.state == "draft"):
            move.billing_use_credit = not move.billing_use_credit

    def action_billing_apply_credit(self):
        """Set kept credit of the customer against these invoices, as far as they are open."""
        self.check_access("write")
        for move in self.filtered(lambda move: move.state == "posted"):
            for line in move._get_billing_kept_credit_lines():
                if move.currency_id.is_zero(move.amount_residual):
                    break
                move.js_assign_outstanding_line(line.id)

    def _post(self, soft=True):
        # EXTENDS 'account'
        posted = super()._post(soft)
        posted.filtered("billing_use_credit").action_billing_apply_credit()
        return posted

    def _reconcile_reversed_moves(self, reverse_moves, move_reverse_cancel):
        # EXTENDS 'account': what is kept for the next invoice is not spent on this one
        kept = reverse_moves.filtered(lambda move: move.billing_credit_use == "keep")
        if not kept:
            return super()._reconcile_reversed_moves(reverse_moves, move_reverse_cancel)
        others = reverse_moves - kept
        super(AccountMove, others.reversed_entry_id)._reconcile_reversed_moves(
            others, move_reverse_cancel
        )
        return reverse_moves

    def _get_alerts(self):
        # EXTENDS 'account': a draft offers the customer's credit
        alerts = super()._get_alerts()
        if self.state != "draft" or not self.billing_credit_available:
            return alerts
        amount = formatLang(self.env, self.billing_credit_available, currency_obj=self.currency_id)
        customer = self.commercial_partner_id.display_name
        if self.billing_use_credit:
            message = self.env._(
                "Credit of %(customer)s, up to %(amount)s, is set against this invoice when it is "
                "confirmed.",
                customer=customer,
                amount=amount,
            )
            action_text = self.env._("Do not use credit")
        else:
            message = self.env._(
                "%(customer)s has a credit of %(amount)s.", customer=customer, amount=amount
            )
            action_text = self.env._("Use credit")
        alerts["billing_credit"] = {"level": "info", "message": message}
        if self._origin and self.has_access("write"):
            alerts["billing_credit"].update(
                action_text=action_text,
                action_call=("account.move", "action_billing_use_credit", self._origin.ids),
            )
        return alerts
