from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from . import split


class AccountMove(models.Model):
    """An interim invoice: it bills one milestone, and prints how far the contract has come."""

    _inherit = "account.move"

    # Not copied: a duplicate bills nothing of the contract. Odoo's «reverse and create invoice»
    # hands the milestone over, see `account.move.reversal`.
    billing_milestone_id = fields.Many2one(
        "billing.milestone",
        string="Milestone",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    billing_plan_id = fields.Many2one(
        related="billing_milestone_id.plan_id", string="Milestone Plan"
    )
    billing_interim_figures = fields.Json(
        copy=False,
        readonly=True,
        help="Contract, invoiced so far, this bill, remaining: as they were when it was posted.",
    )

    def action_view_billing_plan(self):
        """Open the plan this invoice is a portion of."""
        self.ensure_one()
        return self.billing_plan_id._get_records_action()

    def _post(self, soft=True):
        # EXTENDS 'account'
        for move in self.filtered("billing_milestone_id"):
            move._claim_billing_milestone()
        posted = super()._post(soft)
        posted._get_billing_plans()._update_state()
        return posted

    def button_draft(self):
        # EXTENDS 'account'
        self._check_stays_credited()
        result = super().button_draft()
        self._get_billing_plans()._update_state()
        return result

    def _check_stays_credited(self):
        """Raise if a credit note would go whose milestone is billed anew: both would stand."""
        credits = self.filtered(
            lambda move: move.state == "posted" and move.move_type == "out_refund"
        )
        for invoice in credits.reversed_entry_id.filtered("billing_milestone_id"):
            milestone = invoice.sudo().billing_milestone_id
            if milestone.is_billed and milestone.invoice_id != invoice:
                raise UserError(
                    self.env._(
                        "%(invoice)s was credited, and «%(milestone)s» is invoiced anew by "
                        "%(other)s. Cancel or credit that invoice first.",
                        invoice=invoice.display_name,
                        milestone=milestone.name,
                        other=milestone.invoice_id.display_name,
                    )
                )

    def _get_billing_plans(self):
        """Return the plans that these documents bill, or take back from."""
        if not self:  # Odoo resets no documents to draft at every turn
            return self.env["billing.milestone.plan"]
        refunds = self.filtered(lambda move: move.move_type == "out_refund")
        milestones = (self | refunds.reversed_entry_id).filtered("billing_milestone_id")
        return milestones.sudo().billing_milestone_id.plan_id

    def _get_billing_credit_notes(self):
        """Return the posted credit notes of these invoices."""
        return self.reversal_move_ids.filtered(
            lambda credit: credit.state == "posted" and credit.move_type == "out_refund"
        )

    def _is_billing_void(self):
        """Whether this invoice bills nothing any more: cancelled, or credited in full."""
        self.ensure_one()
        if self.state != "posted":
            return self.state == "cancel"
        credited = sum(self._get_billing_credit_notes().mapped("amount_total"))
        return bool(
            self.amount_total and self.currency_id.compare_amounts(credited, self.amount_total) >= 0
        )

    def _claim_billing_milestone(self):
        """Before it is posted: its milestone is billed by it alone, and to the cent."""
        self.ensure_one()
        milestone = self.sudo().billing_milestone_id
        milestone.lock_for_update()
        milestone.invalidate_recordset(["invoice_id"])
        self._check_bills_nothing_else(milestone.plan_id)
        if milestone.invoice_id != self:
            if milestone.is_billed:
                raise UserError(
                    self.env._(
                        "«%(milestone)s» of %(plan)s is invoiced already, by %(invoice)s.",
                        milestone=milestone.name,
                        plan=milestone.plan_id.name,
                        invoice=milestone.invoice_id.display_name,
                    )
                )
            milestone.invoice_id = self
        self._check_billing_milestone_amounts(milestone)
        self.with_context(
            skip_is_manually_modified=True
        ).billing_interim_figures = self._compute_billing_interim_figures()

    def _check_bills_nothing_else(self, plan):
        """Raise if lines were added to the portion of the contract: more needs a change order.

        Hours and expenses for the customer, which wait for any of their invoices, are no part of
        the contract.
        """
        extra = self.invoice_line_ids.filtered(
            lambda line: (
                line.display_type == "product"
                and not line.billing_plan_line_id
                and not line.billing_hours
                and not line.billing_expense_id
                and line.currency_id.compare_amounts(line.price_subtotal, 0.0) > 0
            )
        )
        if extra:
            raise UserError(
                self.env._(
                    "«%(line)s» is not part of the contract %(plan)s. To invoice more than the "
                    "contract, use a change order; what has nothing to do with it belongs on "
                    "another invoice.",
                    line=extra[0].name or extra[0].product_id.display_name,
                    plan=plan.name,
                )
            )

    def _check_billing_milestone_amounts(self, milestone):
        """Raise if someone changed the lines: the bills would not add up to the contract."""
        plan = milestone.plan_id
        lines = self.invoice_line_ids.filtered("billing_plan_line_id")
        actual = [sum(lines.mapped("price_subtotal")), sum(lines.mapped("price_total"))]
        planned = self._get_billing_milestone_amounts(milestone)
        if self.currency_id != plan.currency_id or any(
            self.currency_id.compare_amounts(is_, should)
            for is_, should in zip(actual, planned, strict=True)
        ):
            raise UserError(
                self.env._(
                    "This invoice bills %(actual)s (%(actual_total)s with taxes) of "
                    "«%(milestone)s», "
                    "the plan %(plan)s says %(planned)s (%(planned_total)s). Change the plan, not "
                    "the lines: delete this draft, and invoice the milestone again.",
                    actual=formatLang(self.env, actual[0], currency_obj=self.currency_id),
                    actual_total=formatLang(self.env, actual[1], currency_obj=self.currency_id),
                    milestone=milestone.name,
                    plan=plan.name,
                    planned=plan._format(planned[0]),
                    planned_total=plan._format(planned[1]),
                )
            )

    # -- How far the contract has come -----------------------------------------------------------

    def _get_billing_milestone_amounts(self, milestone):
        """Return what the invoice of a milestone comes to, without and with taxes."""
        parts = (milestone.allocation or {}).values()
        kept = milestone.plan_id._get_withheld(milestone).values()
        whole, withheld = _sum_parts(parts), _sum_parts(kept)
        return [milestone.currency_id.round(a - b) for a, b in zip(whole, withheld, strict=True)]

    def _get_billing_interim_figures(self):
        """Return the figures to print: those of the day it was posted; on a draft, today's.

        Each is a pair: without and with taxes, in the currency of the document.
        """
        self.ensure_one()
        if not self.billing_milestone_id:
            return {}
        if self.state == "posted" and self.billing_interim_figures:
            return self.billing_interim_figures
        return self._compute_billing_interim_figures()

    def _compute_billing_interim_figures(self):
        self.ensure_one()
        milestone = self.sudo().billing_milestone_id
        plan = milestone.plan_id
        amounts = plan._get_line_amounts()
        earlier = self._get_billing_earlier_invoices(plan)
        credits = earlier._get_billing_credit_notes().filtered(
            lambda credit: credit._get_billing_order() < self._get_billing_order()
        )
        figures = {
            "original": _sum_parts(
                part for line, part in amounts.items() if not line.change_order_id
            ),
            "changes": _sum_parts(part for line, part in amounts.items() if line.change_order_id),
            "this": self._get_billing_milestone_amounts(milestone),
            "retention": _sum_parts(plan._get_withheld(milestone).values()),
        }
        before, retained = [0.0, 0.0], figures["retention"]
        for invoice in earlier:
            printed = invoice.billing_interim_figures
            before = _add(before, printed["this"])
            retained = _add(retained, printed["retention"])
            if invoice.billing_milestone_id.is_release:
                retained = _add(retained, printed["this"], -1)
        if milestone.is_release:
            retained = _add(retained, figures["this"], -1)
        for credit in credits:
            before = _add(before, [credit.amount_untaxed, credit.amount_total], -1)
        figures["before"] = before
        figures["retained"] = retained
        figures["contract"] = _add(figures["original"], figures["changes"])
        figures["remaining"] = _add(_add(figures["contract"], before, -1), figures["this"], -1)
        return {
            name: [self.currency_id.round(amount) for amount in pair]
            for name, pair in figures.items()
        }

    def _get_billing_order(self):
        """Return what says which of two bills of a contract comes first."""
        self.ensure_one()
        return (self.invoice_date or fields.Date.context_today(self), self._origin.id or self.id)

    def _get_billing_earlier_invoices(self, plan):
        """Return the posted invoices of a plan that come before this one."""
        invoices = plan.invoice_ids.filtered(
            lambda invoice: invoice.state == "posted" and invoice != self
        )
        order = self._get_billing_order()
        return invoices.filtered(lambda invoice: invoice._get_billing_order() < order)


def _add(pair, other, sign=1):
    return [a + sign * b for a, b in zip(pair, other, strict=True)]


def _sum_parts(parts):
    """Return the sum of parts of lines, without and with taxes."""
    parts = list(parts)
    untaxed = sum(part["base"] for part in parts)
    return [untaxed, untaxed + sum(map(split.tax_of, parts))]
