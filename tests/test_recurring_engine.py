from datetime import date

from odoo.addons.billing_crm.models.documents.recurring import (
    billing_recurring_engine,
    billing_recurring_send,
)
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .common import RecurringCommon

ENGINE = billing_recurring_engine.__name__
SENDER = billing_recurring_send.__name__


@tagged("post_install", "-at_install")
class TestRecurringEngine(RecurringCommon):
    """The job: many at once, and what goes wrong with one."""

    @mute_logger(ENGINE)
    def test_a_bad_series_does_not_stop_the_others(self):
        good = self.series(date_start="2027-01-01")
        negative = self.series(date_start="2027-01-01", price=-100.0)  # fails when posted
        also_good = self.series(date_start="2027-01-01")
        self.run_on("2027-01-01")
        self.assertEqual(len(self.bills(good | also_good)), 2)
        self.assertFalse(self.bills(negative))
        self.assertEqual(negative.period_ids.state, "failed")
        self.assertIn("negative total", negative.failure_reason)
        self.assertEqual(negative.activity_ids.user_id, negative.user_id)
        self.assertEqual(
            self.env["billing.recurring"].search([("period_ids.state", "=", "failed")]), negative
        )

        self.run_on("2027-01-02")
        self.assertEqual(len(negative.activity_ids), 1, "told once, tried again")
        negative.line_ids.price_unit = 100
        self.run_on("2027-01-03")
        self.assertEqual(self.bills(negative).invoice_date, date(2027, 1, 3))
        self.assertEqual(negative.period_ids.state, "billed")
        self.assertFalse(negative.failure_reason)
        self.assertFalse(negative.activity_ids)
        self.assertEqual(len(self.bills(good | also_good)), 2)

    def test_what_can_be_foreseen_is_told_in_plain_words(self):
        no_lines = self.series(date_start="2027-01-01")
        no_lines.line_ids.unlink()
        product = self.env["product.product"].create({"name": "Old"})
        archived_product = self.series(date_start="2027-01-01")
        archived_product.line_ids = [Command.create({"product_id": product.id})]
        product.action_archive()
        euro = self.setup_other_currency("EUR")
        closed_currency = self.series(date_start="2027-01-01", currency_id=euro.id)
        gone_customer = self.series(date_start="2027-01-01", partner_id=self.partner_b.id)
        good = self.series(date_start="2027-01-01")
        euro.active = False
        self.partner_b.active = False
        self.run_on("2027-01-01")
        self.assertEqual(len(self.bills(good)), 1)
        for series, reason in (
            (no_lines, "no line"),
            (archived_product, "product"),
            (closed_currency, "EUR"),
            (gone_customer, "customer"),
        ):
            self.assertIn(reason, series.failure_reason)
            self.assertFalse(self.bills(series))

    def test_a_responsible_who_left_does_not_stop_the_run(self):
        blind = new_test_user(self.env, "blind", groups="base.group_user")
        gone = blind.copy({"login": "gone", "active": False})
        for user in (blind, gone):
            series = self.series(date_start="2027-01-01", user_id=user.id)
            series.line_ids.unlink()
            self.run_on("2027-01-01")
            self.assertIn("no line", series.failure_reason)
            self.assertEqual(series.activity_ids.user_id, self.env.ref("base.user_root"))

    def test_a_failure_may_be_skipped(self):
        series = self.series(date_start="2027-01-01")
        series.line_ids.unlink()
        self.run_on("2027-01-01")
        series._skip_next("Given up")
        self.assertEqual(series.period_ids.state, "skipped")
        self.assertEqual(series.next_date, date(2027, 2, 1))

    def test_a_locked_period_waits(self):
        series = self.series(date_start="2027-01-01")
        self.company.fiscalyear_lock_date = "2027-01-31"
        self.run_on("2027-01-15")
        self.assertFalse(self.bills(series))
        self.assertIn("Lock Date", series.failure_reason)
        self.run_on("2027-02-01")
        self.assertEqual(
            self.bills(series).mapped("invoice_date"), [date(2027, 2, 1), date(2027, 2, 1)]
        )

    def test_more_series_than_a_batch(self):
        self.patch(billing_recurring_engine, "BATCH_SIZE", 2)
        series = self.env["billing.recurring"]
        for _i in range(5):
            series |= self.series(date_start="2027-01-01")
        self.run_on("2027-01-01")
        self.assertEqual(len(self.bills(series)), 5)

    def test_two_companies_bill_each_for_themselves(self):
        other = self.setup_other_company()
        mine = self.series(date_start="2027-01-01")
        theirs = (
            self.env["billing.recurring"]
            .with_company(other["company"])
            .create(
                {
                    "name": "Theirs",
                    "partner_id": self.partner_b.id,
                    "company_id": other["company"].id,
                    "date_start": "2027-01-01",
                    "line_ids": [Command.create({"name": "Work", "price_unit": 70})],
                }
            )
        )
        theirs.state = "running"
        self.run_on("2027-01-01")
        bill = self.bills(theirs)
        self.assertEqual(bill.company_id, other["company"])
        self.assertEqual(bill.invoice_line_ids.tax_ids, other["default_tax_sale"])
        self.assertEqual(bill.billing_type_id.company_id, other["company"])
        self.assertEqual(len(self.bills(mine)), 1)

    def test_a_bill_more_costs_no_query_of_ours(self):
        """Everything about series is read and written for the whole batch."""

        def ours(count):
            with freeze_time("2027-01-01"):
                series = self.env["billing.recurring"]
                for _i in range(count):
                    series |= self.series(date_start="2027-01-01")
                self.env.flush_all()
                self.env.invalidate_all()
                queries = []
                execute = self.env.cr.execute

                def recorder(query, params=None, log_exceptions=True):
                    queries.append(str(query.code if hasattr(query, "code") else query))
                    return execute(query, params, log_exceptions)

                self.patch(self.env.cr, "execute", recorder)
                series._bill(date(2027, 1, 1))
                self.env.flush_all()
                self.patch(self.env.cr, "execute", execute)
            # Odoo reads and writes invoices as often as it likes; they have a column of ours too
            odoos = ('FROM "account_move"', 'INTO "account_move"', 'UPDATE "account_move"')
            return [
                query
                for query in queries
                if "billing_recurring" in query and not any(part in query for part in odoos)
            ]

        ours(2)  # fills Odoo's own caches
        few, many = ours(2), ours(12)
        self.assertLessEqual(len(many), len(few), "\n".join(many))

    # -- Sending -------------------------------------------------------------------------------

    def send(self, moment):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref("billing_crm.ir_cron_recurring_send").method_direct_trigger()
        self.env.invalidate_all()

    def mails(self, move):
        return self.env["mail.mail"].search(
            [("model", "=", "account.move"), ("res_id", "in", move.ids)]
        )

    def test_bills_are_sent_once_after_they_are_posted(self):
        series = self.series(date_start="2027-01-01", on_bill="send")
        self.partner_a.invoice_sending_method = "manual"
        self.run_on("2027-01-01")
        bill = self.bills(series)
        self.assertEqual(bill.state, "posted")
        self.assertFalse(self.mails(bill))
        self.assertEqual(series.period_ids.send_state, "queued")
        self.send("2027-01-01")
        self.send("2027-01-01")
        self.assertEqual(len(self.mails(bill)), 1)
        self.assertEqual(self.mails(bill).recipient_ids, self.partner_a)
        self.assertIn(
            bill.name.replace("/", "_"), self.mails(bill).attachment_ids.mapped("name")[0]
        )
        self.assertEqual(series.period_ids.send_state, "sent")

    @mute_logger(SENDER)
    def test_what_cannot_be_sent_is_told_and_stops_nobody(self):
        silent = self.env["res.partner"].create({"name": "No address"})
        stuck = self.series(date_start="2027-01-01", on_bill="send", partner_id=silent.id)
        fine = self.series(date_start="2027-01-01", on_bill="send")
        self.run_on("2027-01-01")
        self.send("2027-01-01")
        self.assertEqual(fine.period_ids.send_state, "sent")
        self.assertEqual(len(self.mails(self.bills(fine))), 1)
        self.assertEqual(stuck.period_ids.send_state, "failed")
        self.assertIn("No address", stuck.period_ids.send_error)
        self.assertTrue(stuck.activity_ids)
        silent.email = "now@customers.example"
        stuck.period_ids.action_retry_sending()
        self.send("2027-01-02")
        self.assertEqual(stuck.period_ids.send_state, "sent")
        self.assertEqual(len(self.mails(self.bills(stuck))), 1)

    def test_a_bill_taken_back_before_it_was_sent_is_not_sent(self):
        series = self.series(date_start="2027-01-01", on_bill="send")
        self.run_on("2027-01-01")
        bill = self.bills(series)
        bill.button_draft()
        self.send("2027-01-01")
        self.assertEqual(series.period_ids.send_state, "queued", "it may be posted again")
        bill.button_cancel()
        self.send("2027-01-01")
        self.assertEqual(series.period_ids.send_state, "cancelled")
        self.assertFalse(self.mails(bill))
