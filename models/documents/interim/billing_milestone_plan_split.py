from odoo import models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from . import split
from .billing_milestone_plan import same


class BillingMilestonePlan(models.Model):
    """The amounts of the milestones: their sum, and what each of them bills of each line."""

    _inherit = "billing.milestone.plan"

    def _format(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    def _check_sum(self, allow_less=False):
        """Raise unless the milestones add up to the contract."""
        for plan in self:
            missing = plan.amount_missing
            compared = plan.currency_id.compare_amounts(missing, 0.0)
            if compared < 0 and plan._is_cents(missing):
                continue
            values = {
                "sum": plan._format(plan.amount - missing),
                "plan": plan.display_name,
                "total": plan._format(plan.amount),
                "difference": plan._format(abs(missing)),
                "percent": formatLang(
                    self.env, 100 * (1 - missing / plan.amount) if plan.amount else 0, digits=2
                ),
            }
            if compared < 0:
                raise UserError(
                    self.env._(
                        "The milestones add up to %(sum)s (%(percent)s %%), %(difference)s more "
                        "than the total of %(plan)s, %(total)s. To invoice more, use a change "
                        "order.",
                        **values,
                    )
                )
            if compared > 0 and not allow_less:
                raise UserError(
                    self.env._(
                        "The milestones add up to %(sum)s (%(percent)s %%) of %(total)s. "
                        "%(difference)s is missing: «Add the Rest» makes it the last milestone.",
                        **values,
                    )
                )

    def _is_cents(self, difference):
        """Whether a difference comes from rounding percentages that add up to a hundred."""
        self.ensure_one()
        shares = self.milestone_ids.filtered(lambda milestone: not milestone.is_release)
        slack = max(len(shares), 1) * self.currency_id.rounding
        return (
            self.state == "draft"
            and abs(difference) <= slack + 1e-9
            and same(sum(shares.mapped("percentage")), 100)
        )

    def _absorb_cents(self):
        """Let the last milestone take the cents that rounding percentages left over."""
        self.ensure_one()
        shares = self.milestone_ids.filtered(lambda milestone: not milestone.is_release)
        missing = self.amount_missing
        if shares and not self.currency_id.is_zero(missing) and self._is_cents(missing):
            last = shares.sorted(lambda milestone: (milestone.sequence, milestone.id))[-1]
            last.with_context(billing_plan_in_writing=True).write(
                {"amount": last.amount + missing, "by_percentage": last.by_percentage}
            )

    def _milestones_changed(self):
        """Milestones of a confirmed contract changed: they still add up, and share anew."""
        for plan in self.filtered(lambda plan: plan.state in ("confirmed", "done")):
            plan._check_sum()
            plan._check_complete()
            plan._allocate()
            plan._update_state()

    def _allocate(self):
        """Say what each milestone that is not billed bills of each line.

        What is billed stays; the open milestones share the rest, in their order, rounded
        cumulatively. So all bills together are the contract, base by base and tax by tax.
        """
        self.ensure_one()
        rounding = self.currency_id.rounding
        amounts = self._get_line_amounts()
        shared = [line for line in self.line_ids if not line.milestone_id]
        own = self.line_ids.milestone_id
        shares = self.milestone_ids.filtered(
            lambda milestone: not milestone.is_release and milestone not in own
        ).sorted(lambda milestone: (milestone.sequence, milestone.id))
        billed = shares.filtered("is_billed")
        waiting = shares - billed
        for milestone in own.filtered(lambda milestone: not milestone.is_billed):
            milestone.allocation = {
                str(line.id): amounts[line]
                for line in self.line_ids
                if line.milestone_id == milestone
            }
        rest = []
        for line in shared:
            left = amounts[line]
            for milestone in billed:
                part = (milestone.allocation or {}).get(str(line.id))
                left = split.add(left, part, -1) if part else left
            rest.append(split.rounded(left, rounding))
        if not waiting:
            return
        table = split.split_lines(rest, waiting.mapped("amount"), rounding)
        for index, milestone in enumerate(waiting):
            milestone.allocation = {
                str(line.id): parts[index] for line, parts in zip(shared, table, strict=True)
            }

    def _update_state(self):
        """A contract whose milestones are all invoiced is done; it is not when one comes back."""
        for plan in self.filtered(lambda plan: plan.state in ("confirmed", "done")):
            milestones = plan.milestone_ids
            is_done = all(
                milestone.is_billed and milestone.sudo().invoice_id.state == "posted"
                for milestone in milestones
            )
            state = "done" if is_done else "confirmed"
            if plan.state != state:
                plan.state = state

    # -- What is withheld --------------------------------------------------------------------------

    def _get_withheld(self, milestones):
        """Return what milestones withhold of each line: ``{line id: part}``."""
        self.ensure_one()
        rounding = self.currency_id.rounding
        withheld = {}
        for milestone in milestones:
            rate = milestone._get_retention_rate()
            for line_id, part in (milestone.allocation or {}).items():
                kept = split.rounded(part, rounding, rate / 100.0)
                known = withheld.get(line_id)
                withheld[line_id] = split.add(known, kept) if known else kept
        return {line_id: split.rounded(part, rounding) for line_id, part in withheld.items()}

    def _call_cron(self):
        """Milestones that are reached are invoiced soon, not only at night."""
        self.env.ref("billing_crm.ir_cron_bill_milestones").sudo()._trigger()
