from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import RecurringCommon

MODELS = (
    "billing.recurring",
    "billing.recurring.line",
    "billing.recurring.period",
    "billing.recurring.price.change",
)


@tagged("post_install", "-at_install")
class TestRecurringAccess(RecurringCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_people()
        cls.public = cls.env.ref("base.public_user")
        cls.partner_a.user_id = cls.salesperson
        cls.mine = cls.with_history(cls.partner_a, cls.company)
        cls.colleagues = cls.with_history(cls.partner_b, cls.company)
        cls.theirs = cls.with_history(cls.partner_b, cls.setup_other_company()["company"])

    @classmethod
    def with_history(cls, partner, company):
        """A series of which a period is billed and whose price was raised."""
        series = (
            cls.env["billing.recurring"]
            .with_company(company)
            .create(
                {
                    "name": "Series",
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "date_start": cls.today,
                    "line_ids": [
                        Command.create({"name": "Work", "price_unit": 10.0, "tax_ids": []})
                    ],
                }
            )
        )
        series.action_start()
        series.action_bill_now()
        cls.env["billing.recurring.price.wizard"].with_context(active_ids=series.ids).create(
            {"percent": 5.0, "date_from": cls.today}
        ).action_apply()
        return series

    def seen(self, user, model):
        """Return whose rows of a model a user finds."""
        records = self.env[model].with_user(user).search([]).sudo()
        series = records if model == "billing.recurring" else records.recurring_id
        return series.sudo(False).with_user(self.env.user) & (
            self.mine | self.colleagues | self.theirs
        )

    def test_who_sees_what(self):
        for model in MODELS:
            self.assertEqual(self.seen(self.clerk, model), self.mine | self.colleagues, model)
            self.assertEqual(self.seen(self.salesperson, model), self.mine, model)
            for nobody in (self.accountant, self.portal, self.public):
                with self.assertRaises(AccessError, msg=f"{nobody.id} {model}"):
                    self.env[model].with_user(nobody).search([])

    def test_a_salesperson_only_reads(self):
        series = self.mine.with_user(self.salesperson)
        self.mine.line_ids.tax_ids = self.tax_sale_a
        self.env.invalidate_all()
        self.assertIn("12.08", series.preview)  # 10.50 and 15 percent
        form = series.get_view(view_type="form")
        fields = {name: {} for name in form["models"]["billing.recurring"]}
        self.assertTrue(series.web_read(fields))
        for do in (
            lambda: series.write({"name": "x"}),
            series.action_end,
            series.action_bill_now,
            series.period_ids.action_bill_again,
            series.period_ids.action_retry_sending,
        ):
            with self.assertRaises(AccessError):
                do()

    def test_facts_are_written_by_nobody(self):
        period = self.mine.period_ids.with_user(self.clerk)
        with self.assertRaises(AccessError):
            period.write({"state": "skipped"})
        with self.assertRaises(AccessError):
            period.unlink()

    def test_a_clerk_does_it_all(self):
        series = self.mine.with_user(self.clerk)
        duplicate = series.copy()
        duplicate.action_start()
        duplicate.action_bill_now()
        bill = duplicate.period_ids.move_id
        self.assertEqual(bill.state, "posted")
        self.assertEqual(bill.create_uid, self.clerk)
        bill.button_draft()
        bill.button_cancel()
        duplicate.period_ids.action_bill_again()
        self.assertEqual(duplicate.period_ids.status, "billed")

    def test_an_accountant_opens_a_recurring_bill(self):
        bill = self.mine.period_ids.move_id.with_user(self.accountant)
        view = bill.get_view(view_type="form")
        self.assertNotIn("action_view_billing_recurring", view["arch"])
        self.assertTrue(bill.web_read({"name": {}, "billing_recurring_id": {}}))
        copied = bill.copy()
        self.assertFalse(copied.billing_recurring_id)

    def test_another_companys_series_stays_closed(self):
        with self.assertRaises(AccessError):
            self.theirs.with_user(self.clerk).action_end()
