from datetime import date

from odoo import fields
from odoo.fields import Command

from .common import BillingCommon


class InterestCommon(BillingCommon):
    """Invoices of days in the past, and policies that say what they cost."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ecb = cls.env.ref("billing_crm.interest_reference_ecb")
        cls.env["billing.late.fee.policy"].search([]).active = False
        cls.partner_a.write({"is_company": True, "country_id": False})

    @classmethod
    def policy(cls, tiers=(), **values):
        """Make the policy of all customers: 12 % a year unless ``values`` say otherwise.

        :param tiers: (amount from, fee)
        """
        values = {
            "name": "Late",
            "applies": "default",
            "margin": 12.0,
            "tier_ids": [
                Command.create({"amount_from": amount_from, "fee": fee})
                for amount_from, fee in tiers
            ],
            **values,
        }
        return cls.env["billing.late.fee.policy"].create(values)

    @classmethod
    def reference(cls, *rates, **values):
        """Make a reference rate of (from, percent)."""
        return cls.env["billing.interest.reference"].create(
            {
                "name": "Reference",
                "rate_ids": [
                    Command.create({"date_from": day, "rate": rate}) for day, rate in rates
                ],
                **values,
            }
        )

    @classmethod
    def bill_due(cls, amount, due, **values):
        """Post an invoice that is due on a date (``YYYY-MM-DD``)."""
        return cls.bill(amount=amount, due=cls.offset(due), **values)

    @classmethod
    def pay_on(cls, invoice, day, amount=None):
        """Pay an invoice, or a part of it, on a date."""
        return cls.pay(invoice, amount=amount, on=cls.offset(day))

    @classmethod
    def offset(cls, day):
        return (fields.Date.to_date(day) - cls.today).days

    @staticmethod
    def installments(invoice):
        """The installments of an invoice, the earliest due first."""
        return invoice.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).sorted(lambda line: (line.date_maturity, line.id))

    def accrue(self, invoice, until=None):
        """What the only installment of an invoice costs; None if no policy applies."""
        (line,) = self.installments(invoice)
        until = until and date.fromisoformat(until)
        return self.env["billing.accrual"]._accrue(line, until=until).get(line.id)
