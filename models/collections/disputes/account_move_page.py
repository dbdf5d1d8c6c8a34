from odoo import models

from . import share


class AccountMove(models.Model):
    """What the page behind a link says of disputes, and what it lets the customer dispute."""

    _inherit = "account.move"

    def _get_billing_page_disputes(self, link):
        """Return what the customer has contested of this invoice, and what they still may.

        :param link: the `billing.link` of the page, who may see it
        :return: ``disputes`` (`billing.dispute`, the latest first), ``lines`` (dictionaries with
            ``line``, ``text``, ``amount`` with taxes, and ``has_amount``) and ``disputable``, in
            the currency of the invoice; 0 if nothing can be disputed
        :rtype: dict
        """
        self.ensure_one()
        customer = link.partner_id.commercial_partner_id
        disputes = self.sudo().billing_dispute_ids.filtered(
            lambda dispute: dispute.partner_id == customer
        )
        disputes = disputes.sorted("id", reverse=True)
        can_dispute = (
            self.state == "posted"
            and self.move_type in ("out_invoice", "out_receipt")
            and self.payment_state in ("not_paid", "partial")
            and not self._billing_is_payment_underway()
        )
        disputable = can_dispute and disputes.new({"move_id": self.id})._get_disputable()
        return {
            "disputes": disputes,
            "disputable": disputable,
            "lines": self._get_billing_page_disputable() if disputable else [],
        }

    def _get_billing_page_disputable(self):
        disputable = self._get_billing_disputable_lines()
        if len(disputable) < 2:  # the one line is everything
            return []
        amounts = self._get_billing_line_amounts()
        return [
            {
                "line": row["line"],
                "text": row["line"]._get_billing_label(),
                "amount": self.currency_id.round(share.total_of(amounts[row["line"]])),
                "has_amount": row["has_amount"],
            }
            for row in self._get_billing_page_lines()
            if row["line"] in disputable
        ]

    def _get_billing_disputable_lines(self):
        """Return the lines that cost something and are not in an open dispute."""
        self.ensure_one()
        taken = self._get_billing_open_disputes().line_ids.move_line_id
        return self.invoice_line_ids.filtered(
            lambda line: (
                line.display_type == "product"
                and line not in taken
                and self.currency_id.compare_amounts(line.price_total, 0) > 0
            )
        )

    def _get_billing_choices(self, line=None):
        # EXTENDS: who contests a part may pay the rest
        choices = super()._get_billing_choices(line)
        due = choices.get("due")
        if not due or not due["lines"] or not self._get_billing_open_disputes():
            return choices
        rows = self.env["billing.receivable"].sudo().search([("line_id", "in", due["lines"].ids)])
        rest = self.currency_id.round(sum(rows.mapped("chased_currency")))
        if not 0 < rest < due["amount"]:
            return choices
        undisputed = {**due, "amount": rest, "discount": False, "state": False}
        return {"undisputed": undisputed, **choices}
