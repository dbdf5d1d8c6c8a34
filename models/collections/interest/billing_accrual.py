from decimal import Decimal

from odoo import api, models
from odoo.tools import groupby

from .accrual import Accrual
from .calculation import add_up, calculate, round_half_up
from .terms_book import MissingConversion, TermsBook, exact


class BillingAccrual(models.AbstractModel):
    """Interest and fees of installments that are or were paid late, as they accrue: no entry.

    Computed from the ledger whenever somebody asks, for any number of installments in a few
    queries. Whoever asks has checked that the user may see the installments.
    """

    _name = "billing.accrual"
    _description = "Accrued Late Charges"

    @api.model
    def _accrue(self, lines=None, companies=None, until=None):
        """Compute what installments of posted customer invoices cost for being paid late.

        :param lines: `account.move.line`; None: all that are or were late, of ``companies``
        :param companies: None: those of the lines, or else the current ones
        :param until: the last day of interest; None: today where the company is. In the future: as
            if nothing were paid until then
        :return: by id of line, those that a policy applies to; installments that are not late are
            left out unless ``lines`` names them or something was charged
        :rtype: dict[int, Accrual]
        """
        if companies is None:
            companies = lines.company_id if lines is not None else self.env.companies
        self.env.flush_all()
        accruals = {}
        for company in companies.sudo():
            last = until or company._get_billing_today()
            mine = None
            if lines is not None:
                mine = lines.filtered(lambda line, company=company: line.company_id == company).ids
            accruals.update(self.sudo()._accrue_company(company, mine, last))
        return accruals

    @api.model
    def _accrue_company(self, company, line_ids, until):
        rows = self._read_installments(company, line_ids, until)
        policies = self._get_policies(company, rows)
        rows = [row for row in rows if row.line_id in policies]
        book = TermsBook(company)
        for row in rows:
            row.policy = book.get_policy(policies[row.line_id])
            row.debt = book.make_debt(row)
        self._read_facts(rows)
        accruals = {}
        for _move_id, installments in groupby(rows, lambda row: row.move_id):
            accruals.update(self._accrue_document(book, installments, until))
        for line_id, amounts in self._get_charged(list(accruals)).items():
            accruals[line_id].charged_by_kind.update(amounts)
        if line_ids is not None:
            return {line_id: accruals[line_id] for line_id in line_ids if line_id in accruals}
        return {
            line_id: accrual
            for line_id, accrual in accruals.items()
            if accrual.base or accrual.problem or accrual.charged
        }

    @api.model
    def _accrue_document(self, book, rows, until):
        """Return what the installments of one document cost, by id of line."""
        accruals, has_fee = {}, False
        for row in sorted(rows, key=lambda row: (row.debt.due, row.line_id)):
            policy, currency = row.policy, book.get_currency(row.currency_id)
            result = calculate(row.debt, book.get_terms(policy, row.country_id), until)
            accrual = Accrual(
                self.env["account.move.line"].browse(row.line_id),
                policy,
                currency,
                row.debt.due,
                until,
            )
            accrual.first, accrual.segments = result.first, result.segments
            accrual.base = float(result.base)
            accruals[row.line_id] = accrual
            if result.missing:
                accrual.problem = book.explain(result.missing)
            elif result.base:
                try:
                    self._charge(accrual, row, result, book, has_fee)
                except MissingConversion as missing:
                    accrual.segments, accrual.problem = [], missing.args[0]
                has_fee = has_fee or policy.fee_per == "invoice"
        return accruals

    @api.model
    def _charge(self, accrual, row, result, book, has_fee):
        """Write down interest and fees, within the limits of the policy."""
        policy, currency = accrual.policy, accrual.currency
        rounding = Decimal(str(currency.rounding))
        day = result.first

        def round_once(amount):
            return float(round_half_up(amount, rounding))

        full = accrual.full_interest = round_once(add_up(result.segments))
        minimum = book.convert(policy, policy.minimum_interest, currency, day)
        if full and currency.compare_amounts(full, minimum) < 0:
            full = minimum if policy.minimum_rule == "raise" else 0.0
        percentage = round_once(result.base * exact(policy.percentage) / 100)
        fee = 0.0
        if not (has_fee and policy.fee_per == "invoice"):
            fee = book.get_fee(policy, result.base, currency, day)
        # what is beyond the cap is taken from the interest first, from the fixed fee last
        left = book.get_cap(policy, row.debt.amount, currency, day)
        accrual.fee = fee if left is None else min(fee, left)
        left = None if left is None else left - accrual.fee
        accrual.percentage_fee = percentage if left is None else min(percentage, left)
        left = None if left is None else left - accrual.percentage_fee
        accrual.interest = currency.round(full if left is None else min(full, left))
