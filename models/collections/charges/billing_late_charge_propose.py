from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .billing_late_charge import COUNTED


class BillingLateCharge(models.Model):
    """What may be charged now: what has accrued, less what was charged or waived before."""

    _inherit = "billing.late.charge"

    @api.model
    def _calculate(self, lines, until, problems=None):
        """Return what may be charged of installments until a day.

        :param lines: `account.move.line`
        :param problems: a dictionary that gets, by document, why it cannot be calculated; without
            it, that is an error
        :return: the values of a proposal by (id of the installment, kind); nothing where there is
            nothing to charge
        :rtype: dict
        :raise UserError: if a rate is missing, or nobody has checked it
        """
        covered = self._get_covered(lines)
        # the same lines as in the accruals, but read together
        line_of = {line.id: line for line in lines.sudo()}
        proposals = {}
        for line_id, accrual in self.env["billing.accrual"]._accrue(lines, until=until).items():
            increments = {
                kind: amount
                for kind, amount in accrual.increments.items()
                if accrual.currency.compare_amounts(amount, 0) > 0
            }
            if increments or accrual.problem:
                try:
                    accrual.ensure_chargeable()
                except UserError as error:
                    if problems is None:
                        raise
                    problems[accrual.line.move_id] = str(error)
                    continue
            for kind in increments:
                proposals[line_id, kind] = self._prepare_proposal(
                    line_of[line_id], accrual, kind, covered.get((line_id, kind))
                )
        return proposals

    @api.model
    def _get_covered(self, lines):
        """Return the last day charged or waived before, by (id of the installment, kind)."""
        rows = self.sudo()._read_group(
            [("line_id", "in", lines.ids), ("state", "in", COUNTED)],
            ["line_id", "kind"],
            ["date_to:max"],
        )
        return {(line.id, kind): until for line, kind, until in rows}

    @api.model
    def _prepare_proposal(self, line, accrual, kind, covered):
        """Return the values of a proposal of one kind.

        :param covered: the last day that was charged or waived before, or None
        """
        first, last = None, accrual.until
        if kind == "interest":
            first = accrual.segments[0].date_from
            last = accrual.segments[-1].date_to
            if covered and covered < last:
                first = max(first, covered + timedelta(days=1))
        return {
            "company_id": line.company_id.id,
            "partner_id": line.partner_id.commercial_partner_id.id,
            "line_id": line.id,
            "move_origin_id": line.move_id.id,
            "currency_id": accrual.currency.id,
            "kind": kind,
            "date_from": first,
            "date_to": last,
            "amount": accrual.increments[kind],
            "policy_id": accrual.policy.id,
            "calculation": {
                **self._freeze(line, accrual, kind),
                "until": fields.Date.to_string(accrual.until),
                "total": accrual.amounts[kind],
                "earlier": accrual.charged_by_kind[kind],
                "amount": accrual.increments[kind],
            },
        }

    @api.model
    def _freeze(self, line, accrual, kind):
        """Return what the annex shows of an accrual, as it stands now, in the customer's words."""
        lang = line.partner_id.lang or self.env.lang
        policy = accrual.policy.with_context(lang=lang)
        return {
            "invoice": line.move_id.name,
            "original": abs(line.amount_currency),
            "date_maturity": fields.Date.to_string(accrual.due),
            "base": accrual.base,
            "percentage": policy.percentage if kind == "percentage" else 0.0,
            "full": accrual.full_interest if kind == "interest" else accrual.amounts[kind],
            "policy": policy.name,
            "legal_basis": policy.legal_basis or "",
            "segments": [
                segment.to_json() for segment in (accrual.segments if kind == "interest" else [])
            ],
        }

    @api.model
    def _propose(self, lines, reminders=None, problems=None):
        """Propose what may be charged today of installments, in place of what was proposed before.

        :param lines: `account.move.line`, posted
        :param reminders: the `billing.reminder` with which an installment is proposed, by its id
        :param problems: see `_calculate`; what was proposed of these documents stays
        :return: the proposals there are now for these installments
        :raise UserError: if it cannot be calculated: a rate is missing, for example
        """
        charges = self.sudo().browse()
        # who proposes or approves the same at the same time has to see these
        lines.sudo().move_id._billing_claim()
        for company, company_lines in lines.sudo().grouped("company_id").items():
            charges |= charges._propose_of_company(
                company, company_lines, reminders or {}, problems
            )
        return charges.sudo(self.env.su)

    @api.model
    def _propose_of_company(self, company, lines, reminders, problems):
        wanted = self._calculate(lines, company._get_billing_today(), problems)
        lines = lines.filtered(lambda line: line.move_id not in (problems or {}))
        proposed = self.search([("line_id", "in", lines.ids), ("state", "=", "proposed")])
        kept = self.browse()
        for charge in proposed:
            vals = wanted.pop((charge.line_id.id, charge.kind), None)
            if vals:
                charge.write(vals)
                kept |= charge
        (proposed - kept).unlink()
        for (line_id, _kind), vals in wanted.items():
            vals["reminder_id"] = reminders.get(line_id)
        return kept | self.create(list(wanted.values()))

    def action_refresh(self):
        """Calculate proposals anew, until today."""
        proposed = self._for_clerk().filtered(lambda charge: charge.state == "proposed")
        self._propose(proposed.line_id)
