from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .common_worklist import WorklistCommon


@tagged("post_install", "-at_install")
class TestWorklist(WorklistCommon):
    """Who is on the list, with which figures."""

    def test_a_customer_with_something_overdue_is_on_the_list_once(self):
        self.bill(100.0, due=-45)
        self.bill(50.5, due=-10)
        self.bill(7.0, due=10)
        row = self.row()
        self.assertEqual(len(row), 1)
        self.assertEqual((row.amount, row.overdue), (150.5, 150.5))
        self.assertEqual((row.oldest_days, row.item_count), (45, 2))
        self.assertEqual(row.stage, "to_contact")

    def test_who_owes_nothing_overdue_is_not_on_the_list(self):
        self.bill(100.0, due=5)
        self.pay(self.bill(100.0, due=-5, partner=self.partner_b))
        self.assertFalse(self.row())
        self.assertFalse(self.row(self.partner_b))

    def test_contacts_are_one_customer(self):
        child = self.env["res.partner"].create({"name": "Branch", "parent_id": self.partner_a.id})
        self.bill(100.0, due=-5)
        self.bill(30.0, due=-5, partner=child)
        self.assertEqual(self.row().overdue, 130.0)

    def test_credits_are_netted_as_in_reminders(self):
        invoice = self.bill(100.0, due=-5)
        self.pay(self.bill(40.0, due=-5), 15.0)
        self.bill(30.25, due=-5, move_type="out_refund")
        row = self.row()
        self.assertEqual((row.overdue, row.amount), (125.0, 94.75))
        self.bill(100.0, due=-5, move_type="out_refund")
        row = self.row()
        self.assertEqual((row.stage, row.amount), ("done", 0.0), "more credit than debt")
        self.assertTrue(invoice.amount_residual)

    def test_two_currencies_are_netted_apart_and_summed_in_the_companys(self):
        """A credit in one currency takes nothing from a debt in another."""
        self.bill(100.0, due=-5)
        invoice = self.bill(90.0, due=-5, currency_id=self.foreign.id)
        self.bill(200.0, due=-5, move_type="out_refund")
        line = invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")
        self.assertNotEqual(line.balance, 90.0)
        self.assertEqual(self.row().amount, line.amount_residual)

    def test_the_sum_is_the_ledgers_to_the_cent(self):
        for amount, currency in ((33.33, None), (0.01, None), (77.77, self.foreign)):
            values = {"currency_id": currency.id} if currency else {}
            self.bill(amount, due=-3, **values)
            self.bill(amount, due=-3, partner=self.partner_b, **values)
        rows = self.refresh()
        overdue = self.env["billing.receivable"].search(
            [("company_id", "=", self.company.id), ("is_overdue", "=", True)]
        )
        self.assertEqual(
            self.company.currency_id.round(sum(rows.mapped("overdue"))),
            self.company.currency_id.round(sum(overdue.mapped("residual"))),
        )

    def test_no_follow_up_is_not_collected(self):
        self.bill(100.0, due=-5).line_ids.no_followup = True
        self.assertFalse(self.row())

    def test_a_row_whose_debt_is_gone_is_closed_and_opens_again(self):
        invoice = self.bill(100.0, due=-5)
        row = self.row()
        row.write({"user_id": self.clerk.id, "notes": "Ask for Anna"})
        self.pay(invoice)
        self.assertEqual(self.row(), row)
        self.assertEqual((row.stage, row.closed_on, row.points), ("done", self.today, 0))
        self.assertIn("Nothing to collect since", row.reasons)
        self.bill(60.0, due=-2)
        self.refresh()
        self.assertEqual((row.stage, row.closed_on, row.amount), ("to_contact", False, 60.0))
        self.assertEqual(row.user_id, self.clerk)
        self.assertIn("Ask for Anna", row.notes)

    def test_a_refresh_changes_nothing_that_has_not_changed(self):
        self.bill(100.0, due=-5)
        row = self.row()
        before = row.read()
        with freeze_time(self.day(0)):
            self.refresh()
        self.assertEqual(row.read(), before)

    def test_contacted_comes_back_on_the_day_of_the_next_step(self):
        self.bill(100.0, due=-5)
        row = self.row()
        row.stage = "contacted"
        self.assertEqual(row.next_contact_on, self.day(7))
        self.refresh()
        self.assertEqual(row.stage, "contacted")
        row.next_contact_on = self.today
        self.refresh()
        self.assertEqual(row.stage, "to_contact")

    def test_escalated_stays_until_the_debt_is_gone(self):
        invoice = self.bill(100.0, due=-5)
        row = self.row()
        row.stage = "escalated"
        self.assertEqual(self.row().stage, "escalated")
        self.pay(invoice)
        self.assertEqual(self.row().stage, "done")

    def test_facts_decide_who_has_promised_and_who_is_done(self):
        self.bill(100.0, due=-5)
        row = self.row().with_user(self.clerk)
        for stage in ("promised", "disputed", "done"):
            with self.assertRaises(UserError, msg=stage):
                row.stage = stage
        row.stage = "contacted"

    def test_figures_are_not_entered(self):
        self.bill(100.0, due=-5)
        row = self.row().with_user(self.clerk)
        for name, value in (("amount", 0.0), ("points", 99), ("last_contact_on", False)):
            with self.assertRaises(AccessError, msg=name):
                row.write({name: value})

    def test_the_reasons_have_numbers(self):
        self.bill(1200.0, due=-45)
        row = self.row()
        self.assertEqual(row.reasons.replace("\xa0", " "), "$ 1,200.00 overdue for 45 days")

    def test_the_unread_count_is_of_those_sent_and_never_read_by_a_person(self):
        read, scanned, unread, unsent = (self.bill(10.0, due=-5) for _i in range(4))
        event = self.env["billing.event"]
        event._log(read | scanned | unread, "sent")
        event._log(read, "viewed", agent="human")
        event._log(scanned, "viewed", agent="machine")
        row = self.row()
        self.assertEqual(row.unread_count, 2)
        self.assertIn("has not read 2 overdue invoices", row.reasons)
        self.partner_a.billing_no_tracking = True
        self.assertEqual(self.row().unread_count, 0, "nobody looks whether they read")
        self.assertTrue(unsent)

    def test_the_credit_limit_is_odoos(self):
        self.bill(450.0, due=-5)
        self.bill(500.0, due=20)
        self.company.account_use_credit_limit = True
        self.partner_a.credit_limit = 1000.0
        row = self.row()
        self.assertEqual(row.limit_used, 95)
        self.assertIn("has used 95 % of the credit limit", row.reasons)
        self.company.account_use_credit_limit = False
        self.assertEqual(self.row().limit_used, 0)
