from odoo.fields import Command
from odoo.tests import freeze_time
from odoo.tools import SQL

from .common import BillingCommon

NO_GUESSES = SQL("SELECT 0 AS id, 0 AS expected_days, 0 AS low_days, 0 AS high_days WHERE FALSE")


class ForecastCommon(BillingCommon):
    """The words to tell what is to come in and go out. A Wednesday, so that banks are open.

    Nothing is predicted unless a class says that it ``predicts``: everybody pays on the due date.
    """

    predicts = False
    now = "2026-03-11 12:00:00"

    @classmethod
    def setUpClass(cls):
        cls.enterClassContext(freeze_time(cls.now))
        super().setUpClass()
        cls.forecast = cls.env["billing.forecast"]
        if not cls.predicts:
            cls.classPatch(type(cls.forecast), "_select_guesses", lambda *_args: NO_GUESSES)

    def refresh(self, company=None):
        self.env.flush_all()
        self.forecast.sudo()._refresh(company or self.company)
        self.env.invalidate_all()

    def flows(self, company=None, **values):
        domain = [(name, "=", value) for name, value in values.items()]
        company = company or self.company
        return self.forecast.search([("company_id", "=", company.id), *domain])

    def periods(self, granularity, company=None):
        company = company or self.company
        return self.env["billing.forecast.period"].search(
            [("company_id", "=", company.id), ("granularity", "=", granularity)]
        )

    def outlook(self, company=None):
        company = company or self.company
        return self.env["billing.cash.outlook"].search([("company_id", "=", company.id)])

    @classmethod
    def vendor_bill(cls, amount, due, partner=None, **values):
        """Post a vendor bill that is due ``due`` days from today."""
        bill = cls.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": (partner or cls.partner_b).id,
                "invoice_date": cls.day(min(due, 0) - 30),
                "invoice_date_due": cls.day(due),
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create({"name": "Goods", "price_unit": amount, "tax_ids": []})
                ],
                **values,
            }
        )
        bill.action_post()
        return bill

    @classmethod
    def put_in_the_bank(cls, amount):
        """Enter an opening balance of the bank."""
        bank = cls.company_data["default_journal_bank"].default_account_id
        entry = cls.env["account.move"].create(
            {
                "date": cls.day(-60),
                "line_ids": [
                    Command.create({"account_id": bank.id, "balance": amount}),
                    Command.create(
                        {
                            "account_id": cls.company_data["default_account_revenue"].id,
                            "balance": -amount,
                        }
                    ),
                ],
            }
        )
        entry.action_post()

    def plan_cash(self, amount, day, direction="out", **values):
        return self.env["billing.planned.cash"].create(
            {
                "name": "Planned",
                "amount": amount,
                "date": self.day(day),
                "direction": direction,
                "company_id": self.company.id,
                **values,
            }
        )
