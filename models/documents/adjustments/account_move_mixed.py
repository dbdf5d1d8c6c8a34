from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from .account_move_line import ADJUSTING_TYPES


class AccountMove(models.Model):
    """A mixed document has charges and credits; its net decides what it is to the ledger."""

    _inherit = "account.move"

    billing_adjustment_count = fields.Integer(
        string="Adjustments", compute="_compute_billing_adjustments"
    )
    billing_adjustment_amount = fields.Monetary(
        string="Adjusted by", compute="_compute_billing_adjustments"
    )
    billing_adjusted_move_count = fields.Integer(
        string="Adjusted Invoices", compute="_compute_billing_adjusted_move_count"
    )

    def _compute_billing_adjustments(self):
        lines = self.env["account.move.line"].sudo().search(self._get_billing_adjusting_domain())
        by_invoice = lines.grouped("billing_adjusted_move_id")
        for move in self:
            adjusting = by_invoice.get(move._origin, lines.browse())
            move.billing_adjustment_count = len(adjusting)
            move.billing_adjustment_amount = sum(adjusting.mapped("billing_adjustment"))

    @api.depends("invoice_line_ids.billing_adjusted_move_id")
    def _compute_billing_adjusted_move_count(self):
        for move in self:
            move.billing_adjusted_move_count = len(move._get_billing_adjusted_moves())

    def _get_billing_adjusting_domain(self):
        """Return the domain of lines that raise or lower these invoices now."""
        return [
            ("billing_adjusted_move_id", "in", self.ids),
            ("parent_state", "=", "posted"),
            ("move_id.billing_type", "in", ADJUSTING_TYPES),
        ]

    def _get_billing_adjusted_moves(self):
        """Return the invoices that this document raises or lowers."""
        self.ensure_one()
        if self.billing_type not in ADJUSTING_TYPES:
            return self.browse()
        return self.invoice_line_ids.billing_adjusted_move_id

    def action_billing_view_adjustments(self):
        """Open the lines that raise or lower this invoice."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "billing_crm.action_billing_adjustments"
        )
        return {**action, "domain": self._get_billing_adjusting_domain()}

    def action_billing_view_adjusted_moves(self):
        """Open the invoices that this document raises or lowers."""
        self.ensure_one()
        return self._get_billing_adjusted_moves()._get_billing_documents_action(
            name=self.env._("Adjusted Invoices")
        )

    @api.onchange("partner_id", "currency_id")
    def _onchange_billing_adjusted_moves(self):
        """Forget invoices that a line can no longer name."""
        for line in self.invoice_line_ids:
            invoice = line.billing_adjusted_move_id
            if invoice and (
                invoice.commercial_partner_id != self.commercial_partner_id._origin
                or invoice.currency_id != self.currency_id._origin
            ):
                line.billing_adjusted_move_id = False

    @api.constrains("partner_id", "currency_id")
    def _check_billing_adjusted_moves(self):
        for move in self:
            if move.billing_type in ADJUSTING_TYPES:
                move.invoice_line_ids._check_billing_adjusted_move_id()

    def _post(self, soft=True):
        # EXTENDS 'account': the net of a mixed document decides whether it is an invoice
        self.filtered(lambda move: move.billing_type == "mixed")._billing_settle_direction()
        posted = super()._post(soft)
        posted.filtered(lambda move: move.billing_type == "mixed")._billing_settle_zero()
        return posted

    def _billing_settle_zero(self):
        """Book what conversion leaves open on documents with nothing due, as Odoo books it.

        Amounts are converted line by line. Charges and credits that are equal in the document's
        currency may miss each other by a cent in the company's: an exchange difference.
        """
        lines = self.filtered(lambda move: move.currency_id.is_zero(move.amount_total)).line_ids
        for line in lines.filtered(
            lambda line: (
                line.account_type == "asset_receivable"
                and line.currency_id.is_zero(line.amount_residual_currency)
                and not line.company_currency_id.is_zero(line.amount_residual)
            )
        ):
            difference = line._prepare_exchange_difference_move_vals(
                [{"amount_residual": line.amount_residual}]
            )
            line._create_exchange_difference_moves([{**difference, "to_post": True}])

    def _billing_settle_direction(self):
        """Turn drafts with a negative total into their opposite; all amounts change their sign.

        :raise UserError: a document that was confirmed before keeps its number and its kind
        """
        for move in self.filtered(lambda move: move.state == "draft"):
            if move.currency_id.compare_amounts(move.amount_total, 0) >= 0:
                continue
            if move.posted_before:
                raise UserError(
                    self.env._(
                        "%s was confirmed before and has its number, but its total has changed its "
                        "sign since. Cancel it, and confirm a duplicate of it instead: the "
                        "duplicate becomes an invoice or a credit note by itself.",
                        move._get_move_display_name(),
                    )
                )
            move.action_switch_move_type()

    def _get_alerts(self):
        # EXTENDS 'account': what a mixed draft is going to be
        alerts = super()._get_alerts()
        if message := self._get_billing_direction_message():
            alerts["billing_mixed"] = {"level": "info", "message": message}
        return alerts

    def _get_billing_direction_message(self):
        """Return what confirming does to a mixed draft; False if it stays what it is."""
        self.ensure_one()
        if self.state != "draft" or self.billing_type != "mixed":
            return False
        # unlike the total, it is known before the lines are saved
        total = (self.tax_totals or {}).get("total_amount_currency", 0)
        sign = self.currency_id.compare_amounts(total, 0) if self.currency_id else 1
        if sign > 0 or not self.invoice_line_ids:
            return False
        if sign == 0:
            return self.env._("Charges and credits are equal: once confirmed, nothing is due.")
        amount = formatLang(self.env, -total, currency_obj=self.currency_id)
        if self.move_type == "out_refund":
            return self.env._("Once confirmed, this is an invoice of %s.", amount)
        return self.env._("Once confirmed, this is a credit note of %s.", amount)
