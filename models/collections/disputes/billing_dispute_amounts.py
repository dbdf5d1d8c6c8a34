from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import formatLang

from . import share


class BillingDispute(models.Model):
    """How much is disputed. Nothing here follows payments: what is open is looked up when it
    matters, because depending on it would slow down every accounting entry."""

    _inherit = "billing.dispute"

    @api.depends("scope", "line_ids.amount", "move_id")
    def _compute_amount(self):
        for dispute in self:
            if dispute.scope == "whole":
                dispute.amount = dispute._get_disputable()
            elif dispute.scope == "lines":
                chosen = sum(dispute.line_ids.mapped("amount"))
                dispute.amount = min(chosen, dispute._get_disputable())
            else:
                dispute.amount = dispute.amount

    @api.depends("amount", "move_id")
    def _compute_amount_company(self):
        for dispute in self:
            move = dispute.move_id.sudo()
            rate = abs(move.amount_total_signed) / move.amount_total if move.amount_total else 0
            currency = dispute.company_currency_id or self.env.company.currency_id
            dispute.amount_company = currency.round(dispute.amount * rate)

    def _get_disputable(self):
        """Return what may still be disputed of the invoice, besides the other open disputes."""
        self.ensure_one()
        move = self.move_id.sudo()
        if not move:  # not chosen yet
            return 0.0
        others = move._get_billing_open_disputes() - self._origin
        return max(move.currency_id.round(move.amount_residual - sum(others.mapped("amount"))), 0)

    @api.constrains("amount", "move_id", "scope", "line_ids")
    def _check_amount(self):
        for dispute in self.filtered(lambda dispute: dispute.state == "open"):
            move, currency = dispute.move_id.sudo(), dispute.currency_id
            if move.state != "posted" or move.move_type not in ("out_invoice", "out_receipt"):
                raise ValidationError(
                    self.env._("Only a confirmed invoice to a customer can be disputed.")
                )
            if dispute.scope == "lines" and not dispute.line_ids:
                raise ValidationError(self.env._("Choose the lines that are disputed."))
            if currency.compare_amounts(dispute.amount, 0) <= 0:
                raise ValidationError(
                    self.env._("Nothing of %s is open that could be disputed.", move.name)
                    if not dispute._get_disputable()
                    else self.env._("Say how much is disputed.")
                )
            disputable = dispute._get_disputable()
            if currency.compare_amounts(dispute.amount, disputable) > 0:
                raise ValidationError(
                    self.env._(
                        "Only %(amount)s of %(invoice)s is open and not disputed yet.",
                        amount=formatLang(self.env, disputable, currency_obj=currency),
                        invoice=move.name,
                    )
                )

    def _get_parts(self, amount):
        """Return what of each line of the invoice an amount is, to the cent.

        :param amount: taxes included, in the currency of the invoice
        :return: ``{account.move.line: part}``, see `share`; the parts add up to ``amount``
        :raise ValidationError: if the disputed lines do not come to that much
        """
        self.ensure_one()
        rounding = self.currency_id.rounding
        whole = self.move_id._get_billing_line_amounts()
        chosen = self._get_chosen(whole)
        most = self.currency_id.round(sum(map(share.total_of, chosen.values())))
        if self.currency_id.compare_amounts(amount, 0) <= 0:
            raise ValidationError(self.env._("The amount has to be more than zero."))
        if self.currency_id.compare_amounts(amount, most) > 0:
            raise ValidationError(
                self.env._(
                    "What is disputed comes to %s; more than that has to be made by hand.",
                    formatLang(self.env, most, currency_obj=self.currency_id),
                )
            )
        parts = share.take(list(chosen.values()), amount, rounding)
        return {
            line: part
            for line, part in zip(chosen, parts, strict=True)
            if not share.is_empty(part, rounding)
        }

    def _get_chosen(self, whole):
        """Return the lines that are disputed, each as far as it is.

        Of an invoice whose lines were replaced since, all of them.
        """
        lines = self.line_ids
        if self.scope != "lines" or any(line.move_line_id not in whole for line in lines):
            return whole
        rounding = self.currency_id.rounding
        return {
            line.move_line_id: share.take([whole[line.move_line_id]], line.amount, rounding)[0]
            for line in lines
        }
