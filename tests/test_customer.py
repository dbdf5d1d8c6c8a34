from odoo.tests import tagged

from ..models.crm.billing_timeline_sources import SOURCES
from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestCustomer(BillingCommon):
    """The customer at a glance."""

    def test_what_is_owed_and_how_old_it_is(self):
        self.bill(amount=10.0, due=5)
        self.bill(amount=20.0, due=-10)
        self.bill(amount=30.0, due=-100)
        self._create_invoice_one_line(price_unit=4.0, tax_ids=[], move_type="out_refund", post=True)
        self.assertRecordValues(
            self.partner_a,
            [
                {
                    "billing_due": 56.0,
                    "billing_overdue": 50.0,
                    "billing_current": 10.0,
                    "billing_30": 20.0,
                    "billing_60": 0.0,
                    "billing_90": 0.0,
                    "billing_old": 30.0,
                    "billing_credit": -4.0,
                    "billing_overdue_days": 100,
                }
            ],
        )

    def test_what_is_owed_equals_odoos_own_figure(self):
        self.bill(due=-10)
        self.pay(self.bill(amount=60.0, due=-5), amount=25.0)
        self.partner_a.invalidate_recordset()
        self.assertEqual(self.partner_a.billing_due, self.partner_a.credit)

    def test_foreign_amounts_are_shown_in_the_companys_currency(self):
        euro = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        self.bill(amount=100.0, due=-10, currency_id=euro.id)
        self.assertEqual(self.partner_a.billing_overdue, 50.0)
        self.assertEqual(self.partner_a.billing_currency_id, self.company.currency_id)

    def test_a_contact_shows_its_company(self):
        contact = self.env["res.partner"].create({"name": "Bea", "parent_id": self.partner_a.id})
        self.bill(due=-10)
        self.assertEqual(contact.billing_overdue, 100.0)

    def test_another_company_is_another_figure(self):
        other = self.other_company_invoice(amount=999.0, due=-10)
        other.action_post()
        self.assertEqual(self.partner_a.billing_due, 0.0)
        partner = self.partner_a.with_company(other.company_id)
        self.assertEqual(partner.billing_due, 999.0)

    def test_score_and_reasons_are_shown_and_searched(self):
        self.assertFalse(self.partner_a.billing_score_id)
        for _i in range(3):
            self.bill(due=-100)
        for _i in range(5):
            self.pay(self.bill(due=0, partner=self.partner_b), on=0)
        self.env["billing.score"]._refresh(self.company)
        self.env.invalidate_all()
        self.assertIn("overdue now", self.partner_a.billing_score_reasons)
        poor = self.env["res.partner"].search([("billing_grade", "in", ("D", "E"))])
        self.assertIn(self.partner_a, poor)
        self.assertNotIn(self.partner_b, poor)
        self.assertIn(self.partner_b, self.env["res.partner"].search([("billing_score", ">", 60)]))

    def test_one_timeline(self):
        invoice = self.bill(due=-10)
        self.env["billing.event"]._log(
            invoice, "viewed", agent="human", recipient_id=self.partner_a.id
        )
        self.pay(invoice)
        self.env.invalidate_all()
        timeline = self.partner_a.billing_timeline_ids
        self.assertEqual(set(timeline.mapped("kind")), {"invoiced", "viewed", "received", "paid"})
        self.assertEqual(timeline.mapped("date"), sorted(timeline.mapped("date"), reverse=True))
        summaries = " / ".join(timeline.mapped("summary"))
        self.assertIn("Opened by partner_a · a person", summaries)
        self.assertIn("Payment received: $\xa0100.00", summaries)

    def test_a_reminder_of_many_invoices_is_one_line_of_the_timeline(self):
        self.company.billing_reminders_enabled = True
        self.bill(due=-10)
        self.bill(amount=50.0, due=-20)
        reminder = self.env["billing.reminder"].sudo()._plan(self.company)
        reminder._billing_log_delivery(self.partner_a, None, delivered=True, reason=False)
        self.env.invalidate_all()
        reminded = self.partner_a.billing_timeline_ids.filtered(lambda e: e.kind == "reminded")
        self.assertEqual(reminded.mapped("summary"), ["Reminded: $\xa0150.00 (Friendly reminder)"])

    def test_figures_of_a_past_date_are_not_todays(self):
        self.pay(self.bill(due=-60), on=-10)
        then = self.partner_a.with_context(billing_as_of=self.day(-11))
        self.assertEqual([self.partner_a.billing_due, then.billing_due], [0.0, 100.0])

    def test_another_company_is_another_opinion(self):
        for _i in range(5):
            self.pay(self.bill(due=0), on=0)
        other = self.other_company_invoice(due=-300)
        other.action_post()
        for _i in range(2):  # fewer than three are no reason for a poor grade
            again = other.copy({"invoice_date": other.invoice_date})
            again.invoice_date_due = other.invoice_date_due
            again.action_post()
        self.env.user.company_ids += other.company_id
        self.env["billing.score"].sudo()._refresh(self.company | other.company_id)
        both = self.env(context={"allowed_company_ids": (self.company | other.company_id).ids})
        here = self.partner_a.with_env(both)
        there = here.with_company(other.company_id)
        self.assertEqual((here.billing_grade, there.billing_grade), ("A", "D"))
        self.assertNotIn(here, here.search([("billing_grade", "=", "D")]))
        self.assertIn(here, there.search([("billing_grade", "=", "D")]))

    def test_the_timeline_tells_credits_and_bank_statements_but_no_drafts(self):
        contact = self.env["res.partner"].create({"name": "Bea", "parent_id": self.partner_a.id})
        self._create_invoice_one_line(price_unit=4.0, tax_ids=[])
        self.bill(partner=contact)
        self._create_invoice_one_line(price_unit=4.0, tax_ids=[], move_type="out_refund", post=True)
        self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": self.today,
                "payment_ref": "Thanks",
                "partner_id": self.partner_a.id,
                "amount": 70.0,
                "counterpart_account_id": self.company_data["default_account_receivable"].id,
            }
        )
        self.env.invalidate_all()
        timeline = self.partner_a.billing_timeline_ids
        self.assertEqual(
            sorted((entry.kind, entry.amount) for entry in timeline),
            [("credited", 4.0), ("invoiced", 100.0), ("received", 70.0)],
        )

    def test_the_timeline_tells_of_no_reminder_that_was_not_sent(self):
        self.company.billing_reminders_enabled = True
        self.bill(due=-10)
        self.env["billing.reminder"].sudo()._plan(self.company)
        self.env.invalidate_all()
        self.assertEqual(self.partner_a.billing_timeline_ids.mapped("kind"), ["invoiced"])

    def test_no_two_entries_of_the_timeline_share_an_id(self):
        """They come from five tables, whose own ids are the same sooner or later."""
        self.company.billing_reminders_enabled = True
        invoice = self.bill(due=-10)
        self.pay(self.bill(due=-10), amount=40.0)
        self.env["billing.event"]._log(invoice, "sent")
        invoice.message_post(body="Hello", message_type="comment", subtype_xmlid="mail.mt_comment")
        reminder = self.env["billing.reminder"].sudo()._plan(self.company)
        reminder._billing_log_delivery(self.partner_a, None, delivered=True, reason=False)
        self.env.invalidate_all()
        sources = {entry.kind: entry.id % SOURCES for entry in self.partner_a.billing_timeline_ids}
        self.assertEqual(set(sources), {"sent", "invoiced", "received", "reminded", "message_out"})
        self.assertEqual(len(set(sources.values())), 5)
