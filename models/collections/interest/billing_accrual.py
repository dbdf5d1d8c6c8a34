from odoo import api, models
from odoo.tools import groupby

from .accrual import Accrual
from .calculation import calculate
from .terms_book import MissingConversion, TermsBook
from .totals import add_up, round_half_up


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
        line_ids = lines.ids if lines is not None else None
        if companies is None:
            companies = self._get_companies(line_ids) if line_ids else self.env.companies
        self.env.flush_all()
        accruals = {}
        for company in companies.sudo():
            last = until or company._get_billing_today()
            accruals.update(self.sudo()._accrue_company(company, line_ids, last))
        return accruals

    @api.model
    def _get_companies(self, line_ids):
        """Return the companies of installments, without reading each of them."""
        lines = self.env["account.move.line"].sudo()
        groups = lines._read_group([("id", "in", line_ids)], ["company_id"])
        return self.env["res.company"].union(*(company for (company,) in groups))

    @api.model
    def _accrue_company(self, company, line_ids, until):
        rows = self._read_installments(company, line_ids, until)
        policies = self._get_policies(company, rows)
        rows = [row for row in rows if row.line_id in policies]
        book = TermsBook(company)
        for row in rows:
            row.rules = book.get_rules(policies[row.line_id])
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
        if len(rows) > 1:
            rows = sorted(rows, key=lambda row: (row.debt.due, row.line_id))
        for row in rows:
            rules = row.rules
            currency, rounding = book.get_currency(row.currency_id)
            result = calculate(row.debt, book.get_terms(rules, row.country_id), until)
            line = self.env["account.move.line"].browse(row.line_id)
            accrual = Accrual(line, rules.policy, currency, row.debt.due, until)
            accrual.first, accrual.segments = result.first, result.segments
            accrual.base = float(result.base)
            accruals[row.line_id] = accrual
            if result.missing:
                accrual.problem = book.explain(result.missing)
            elif result.base:
                bears_fee = not (has_fee and rules.once_per_invoice)
                try:
                    self._charge(accrual, row, result, book, rounding, bears_fee)
                except MissingConversion as missing:
                    accrual.segments, accrual.problem = [], missing.args[0]
                has_fee = True
        return accruals

    @api.model
    def _charge(self, accrual, row, result, book, rounding, bears_fee):
        """Write down interest and fees, within the limits of the policy."""
        rules, currency, day = row.rules, accrual.currency, result.first
        full = float(round_half_up(add_up(result.segments), rounding))
        accrual.full_interest = full
        if full and rules.minimum_interest:
            minimum = book.convert(rules, rules.minimum_interest, currency, day)
            if full < minimum:
                full = minimum if rules.is_raised_to_minimum else 0.0
        percentage = 0.0
        if rules.percentage:
            percentage = float(round_half_up(result.base * rules.percentage / 100, rounding))
        fee = book.get_fee(rules, result.base, currency, day) if bears_fee else 0.0
        accrual.interest, accrual.percentage_fee, accrual.fee = full, percentage, fee
        cap = book.get_cap(rules, row.debt.amount, currency, day)
        if cap is not None:
            accrual.limit(cap)
