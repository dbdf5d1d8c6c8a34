from odoo import fields, models
from odoo.exceptions import UserError

from .arithmetic import spread


class AccountMove(models.Model):
    _inherit = "account.move"

    billing_hour_count = fields.Integer(
        string="Hours",
        compute="_compute_billing_hour_count",
        groups="billing_crm.group_billing_user",
    )

    def _compute_billing_hour_count(self):
        counts = dict(
            self.env["account.analytic.line"]._read_group(
                [("billing_move_line_id.move_id", "in", self.ids)],
                ["billing_move_line_id.move_id"],
                ["__count"],
            )
        )
        for move in self:
            move.billing_hour_count = counts.get(move, 0)

    def action_open_billing_hours(self):
        """List the hours that are on this invoice."""
        self.ensure_one()
        return self.env["account.analytic.line"]._get_billing_hours_action(
            self.env._("Hours of %s", self._get_move_display_name()),
            [("billing_move_line_id.move_id", "=", self.id)],
        )

    # -- The way back ------------------------------------------------------------------------

    def _get_lines_with_hours(self):
        return self.sudo().invoice_line_ids.filtered(lambda line: line._has_hours())

    def button_cancel(self):
        # EXTENDS 'account': the hours of a cancelled invoice can be billed anew
        result = super().button_cancel()
        self._get_lines_with_hours().billing_hour_ids._free_from_invoice()
        return result

    def button_draft(self):
        # EXTENDS 'account': what comes back to life takes its hours back, or stays as it is
        revived = self.filtered(lambda move: move.state == "cancel")
        revived |= self.filtered(lambda move: move.state == "posted").reversed_entry_id.filtered(
            lambda move: move.state == "posted"
        )
        result = super().button_draft()
        for move in revived:
            lines = move._get_lines_with_hours().filtered(lambda line: not line.billing_hour_ids)
            if lines and not move._is_credited_in_full():
                lines._take_hours_back(lambda line: line)
        return result

    def _post(self, soft=True):
        # EXTENDS 'account': hours are billed to the customer they were worked for, and an invoice
        # that is credited in full frees its hours
        for move in self:
            if move.is_sale_document(include_receipts=True):
                move.invoice_line_ids.filtered("billing_hours")._check_customer_of_hours()
        posted = super()._post(soft)
        credit_notes = posted.filtered(lambda move: move.move_type == "out_refund")
        for move in credit_notes.reversed_entry_id:
            lines = move._get_lines_with_hours()
            if lines.billing_hour_ids and move._is_credited_in_full():
                lines.billing_hour_ids._free_from_invoice()
        return posted

    def _is_credited_in_full(self):
        """Return whether posted credit notes of this invoice add up to it, however it was paid."""
        self.ensure_one()
        credit_notes = self.sudo().reversal_move_ids.filtered(
            lambda move: move.state == "posted" and move.currency_id == self.currency_id
        )
        credited = sum(credit_notes.mapped("amount_total"))
        return bool(credit_notes) and (
            self.currency_id.compare_amounts(credited, self.amount_total) >= 0
        )

    def _take_over_hours(self):
        """Take the hours of the credited invoices that these drafts replace."""
        lines = self.sudo().invoice_line_ids.filtered("billing_hours_source_id")
        lines._take_hours_back(lambda line: line.billing_hours_source_id)

    def action_switch_move_type(self):
        # EXTENDS 'account'
        if self._get_lines_with_hours():
            raise UserError(
                self.env._("An invoice with hours cannot become a credit note. Remove its hours.")
            )
        return super().action_switch_move_type()

    # -- On paper ----------------------------------------------------------------------------

    def _get_billing_hours_annex(self):
        """Return the rows of the annex, by date, with amounts that add up to the invoice lines'.

        Amounts are with or without tax as the amounts of the lines above them are.

        :return: list of dicts: hours (the record), line, amount (in the invoice's currency)
        """
        self.ensure_one()
        with_tax = self.company_price_include == "tax_included"
        rows = []
        for line in self._get_lines_with_hours():
            hours = line.billing_hour_ids or line.billing_past_hour_ids
            hours = hours.sorted(lambda entry: (entry.date, entry.id))
            amounts = spread(
                line.price_total if with_tax else line.price_subtotal,
                hours.mapped("billing_billed_hours"),
                self.currency_id.rounding,
            )
            rows += [
                {"hours": entry, "line": line, "amount": amount}
                for entry, amount in zip(hours, amounts, strict=True)
            ]
        return sorted(rows, key=lambda row: (row["hours"].date, row["hours"].id))
