from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import BillingCommon
from .common_payment_plan import PaymentPlanCommon


@tagged("post_install", "-at_install")
class TestAging(BillingCommon):
    def row(self, invoice, **context):
        return (
            self.env["billing.receivable"]
            .with_context(**context)
            .search([("move_id", "=", invoice.id)])
        )

    def bucket(self, due, **context):
        return self.row(self.bill(due=due), **context).bucket

    def test_the_buckets_are_those_of_the_company(self):
        self.company.billing_aging_days = "15,45"
        self.assertEqual(
            self.env["billing.receivable"]._get_aging_buckets(),
            {"current": "Current", "30": "1-15", "60": "16-45", "old": "Over 45",
             "credit": "Credits"},
        )  # fmt: skip
        expected = {0: "current", -1: "30", -15: "30", -16: "60", -45: "60", -46: "old"}
        for due, bucket in expected.items():
            row = self.row(self.bill(due=due))
            self.assertEqual((row.bucket, row[f"amount_{bucket}"]), (bucket, 100.0), due)
            self.assertEqual(row.amount_90 + row.amount_120 + row.amount_150, 0.0)

    def test_five_bounds_are_seven_buckets_that_add_up(self):
        self.company.billing_aging_days = "15, 30, 60, 90, 120"
        expected = {0: "current", -15: "30", -16: "60", -60: "90", -61: "120", -120: "150",
                    -121: "old"}  # fmt: skip
        for due, bucket in expected.items():
            self.assertEqual(self.bucket(due), bucket, due)
        rows = self.env["billing.receivable"].search([("company_id", "=", self.company.id)])
        of_buckets = sum(sum(rows.mapped(f"amount_{key}")) for key in rows._get_aging_buckets())
        self.assertEqual(of_buckets, sum(rows.mapped("residual")))

    def test_days_that_are_none_are_refused(self):
        for days in ("", "a", "30,30", "60,30", "0,30", "-5", "1,2,3,4,5,6", "30;60", "99999"):
            with self.assertRaises(ValidationError, msg=days), self.cr.savepoint():
                self.company.billing_aging_days = days

    def test_another_company_has_its_own_buckets(self):
        other = self.setup_other_company()["company"]
        other.billing_aging_days = "10"
        invoice = self.bill(due=-20)
        self.assertEqual(self.row(invoice).bucket, "30")
        rows = self.env["billing.receivable"].sudo().with_company(other)
        self.assertEqual(rows.search([("move_id", "=", invoice.id)]).bucket, "old")
        self.assertEqual(self.row(invoice).bucket, "30", "not what the other company cached")

    def test_age_may_be_counted_from_the_invoice_date(self):
        invoice = self.bill(due=-10, invoice_date=self.day(-40))
        self.assertEqual(self.row(invoice).bucket, "30")
        by_invoice = self.row(invoice, billing_aging_by="invoice")
        self.assertEqual((by_invoice.bucket, by_invoice.age), ("60", 40))
        self.assertEqual(by_invoice.days_overdue, 10, "late is late, however age is counted")
        self.company.billing_aging_by = "invoice"
        self.env.invalidate_all()
        self.assertEqual(self.row(invoice).bucket, "60", "the company's choice")
        self.assertEqual(self.row(invoice, billing_aging_by="due").bucket, "30")
        today = self.bill(due=30, invoice_date=self.day(0))
        self.assertEqual(self.row(today).bucket, "current")

    def test_groups_of_buckets_are_from_the_youngest_to_the_oldest(self):
        for due in (-100, 3, -70, -5, -40):
            self.bill(due=due)
        groups = self.env["billing.receivable"]._read_group(
            [("company_id", "=", self.company.id)], ["bucket"], ["residual:sum"]
        )
        self.assertEqual([bucket for bucket, _sum in groups], ["current", "30", "60", "90", "old"])
        groups = self.env["billing.receivable"].formatted_read_group(
            [("company_id", "=", self.company.id)], ["bucket"], ["residual:sum"],
            order="bucket desc",
        )  # fmt: skip
        self.assertEqual(groups[0]["bucket"], "old")

    def test_disputed_promised_planned_and_paused_items_are_marked(self):
        due = {"disputed": -10, "promised": -30, "plan": -40, "paused": -50, False: -20}
        bills = {standing: self.bill(due=days) for standing, days in due.items()}
        self.env["billing.dispute"].create(
            {"move_id": bills["disputed"].id, "scope": "amount", "amount": 40.0, "reason": "price"}
        )
        self.env["billing.promise"]._record(self.row(bills["promised"]), 100.0, self.day(5))
        self.env["billing.pause"].create(
            {"move_id": bills["paused"].id, "partner_id": self.partner_a.id,
             "date_end": self.day(5), "reason": "agreed"}
        )  # fmt: skip
        PaymentPlanCommon.agree.__func__(type(self), bills["plan"], [(5, 60.0), (35, 40.0)])
        self.env.invalidate_all()
        for standing, invoice in bills.items():
            rows = self.row(invoice)
            self.assertEqual(set(rows.mapped("standing")), {standing})
            self.assertEqual(sum(rows.mapped("residual")), 100.0, "owed like any other")

    def test_any_date_can_be_chosen(self):
        invoice = self.bill(due=-60)
        self.pay(invoice, on=-10)
        form = Form(self.env["billing.aging"])
        form.date = self.day(-11)
        form.aging_by = "invoice"
        action = form.save().action_show()
        self.assertEqual(action["res_model"], "billing.receivable")
        row = self.row(invoice, **action["context"])
        self.assertEqual((row.residual, row.bucket), (100.0, "90"))
        again = row.action_choose_date()["context"]
        self.assertEqual(again["default_date"], str(self.day(-11)))
        self.assertEqual(again["default_aging_by"], "invoice")

    def test_today_is_the_ledger_as_it_stands(self):
        action = self.env["billing.aging"].create({}).action_show()
        self.assertFalse(action["context"]["billing_as_of"])

    def test_nothing_is_done_about_items_of_another_date(self):
        invoice = self.bill(due=-60)
        past = self.row(invoice, billing_as_of=self.day(-11), billing_aging_is_past=True)
        for act in (past.action_dispute, past.action_promise):
            with self.assertRaisesRegex(UserError, "Go back to those of today"):
                act()
        with self.assertRaisesRegex(UserError, "Go back to those of today"):
            self.env["billing.payment.plan.wizard"].with_context(
                **past.env.context, active_model=past._name, active_ids=past.ids
            ).default_get(["line_ids"])
        self.assertFalse(past.action_open_document()["context"]["billing_as_of"])

    def test_the_customers_figures_bear_the_companys_buckets(self):
        self.company.billing_aging_days = "20"
        self.bill(due=-25)
        self.env.invalidate_all()
        self.assertEqual(self.partner_a.billing_old, 100.0)
        labels = self.env["res.partner"].fields_get(["billing_old", "billing_30"], ["string"])
        self.assertEqual(labels["billing_old"]["string"], "Over 20 Days")
        self.assertEqual(labels["billing_30"]["string"], "1-20 Days")
