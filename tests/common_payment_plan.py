from odoo import fields

from .common import BillingCommon


class PaymentPlanCommon(BillingCommon):
    """The words to tell of payment plans: dates are days from today."""

    @classmethod
    def agree(cls, invoices, schedule, *, confirm=True, plan_from=None, **values):
        """Make a plan over what is open of ``invoices``.

        :param schedule: pairs of day and amount
        :param plan_from: the day on which it was agreed, in the past; today by default
        """
        lines = invoices.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        )
        plan = cls.env["billing.payment.plan"].create(
            {
                "partner_id": lines.partner_id.commercial_partner_id.id,
                "company_id": lines.company_id.id,
                "currency_id": lines.currency_id.id,
                "item_ids": [fields.Command.create({"line_id": line.id}) for line in lines],
                "line_ids": [
                    fields.Command.create({"date": cls.day(day), "amount": amount})
                    for day, amount in schedule
                ],
                **values,
            }
        )
        if confirm:
            plan.action_confirm()
        return plan

    def rows(self, as_of=None, **filters):
        """Return rows of `billing.receivable` of the company, the earliest due first."""
        self.env.flush_all()
        model = self.env["billing.receivable"]
        if as_of is not None:
            model = model.with_context(billing_as_of=self.day(as_of))
        model.invalidate_model()
        return model.search(
            [("company_id", "=", self.company.id)]
            + [(fname, "=", value) for fname, value in filters.items()]
        )

    def open_by_day(self, invoice=None, as_of=None):
        """Return what is open, as (day, amount in currency), the earliest due first."""
        rows = self.rows(as_of, **({"move_id": invoice.id} if invoice else {}))
        return [
            ((row.date_maturity - self.today).days, row.residual_currency)
            for row in rows
            if row.residual_currency > 0
        ]

    def judge(self, days=0):
        """Judge as the job does at night, ``days`` from today; return new states by plan."""
        model = self.env["billing.payment.plan"].with_context(billing_as_of=self.day(days))
        verdicts = model._judge(self.company)
        for plan, state in verdicts:
            plan._apply_verdict(state)
        self.env.invalidate_all()
        return dict(verdicts)
