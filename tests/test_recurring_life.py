from datetime import date

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import RecurringCommon


@tagged("post_install", "-at_install")
class TestRecurringLife(RecurringCommon):
    """Pausing, skipping, ending, and taking bills back."""

    # -- Start, pause, resume ------------------------------------------------------------------

    def test_starting_in_the_past_asks_what_to_do(self):
        with freeze_time("2027-04-15"):
            series = self.series(date_start="2027-01-15", start=False)
            action = series.action_start()
            self.assertEqual(action["res_model"], "billing.recurring.resume.wizard")
            self.assertEqual(series.state, "draft")
            self.assertEqual(series.missed_count, 3)
            self.wizard("resume", series, catch_up="skip")
        self.assertEqual(series.state, "running")
        self.assertEqual(series.period_ids.mapped("state"), ["skipped"] * 3)
        self.assertEqual(series.next_date, date(2027, 4, 15))

    def test_resuming_with_one_bill_for_all(self):
        series = self.series(date_start="2027-01-15")
        self.run_on("2027-01-15")
        with freeze_time("2027-01-16"):
            self.wizard("pause", series, reason="Winter")
        self.run_on("2027-04-20")
        self.assertEqual(len(self.bills(series)), 1)
        with freeze_time("2027-04-20"):
            self.assertEqual(series.action_resume()["res_model"], "billing.recurring.resume.wizard")
            self.wizard("resume", series, catch_up="one")
        bill = self.bills(series) - series.period_ids.filtered(lambda p: p.number == 1).move_id
        self.assertEqual(len(bill), 1)
        self.assertEqual(bill.amount_total, 300.0)
        self.assertEqual(series.state, "running")

    def test_a_pause_until_a_date_ends_by_itself(self):
        skipping = self.series(date_start="2027-01-15")
        catching_up = self.series(date_start="2027-01-15")
        with freeze_time("2027-01-10"):
            self.wizard("pause", skipping, until="2027-03-20", missed="skip")
            self.wizard("pause", catching_up, until="2027-03-20", missed="catch_up")
        self.run_on("2027-03-19")
        self.assertFalse(self.bills(skipping | catching_up))
        self.run_on("2027-03-20")
        self.assertFalse(self.bills(skipping))
        self.assertEqual(skipping.period_ids.mapped("state"), ["skipped"] * 3)
        self.assertEqual(len(self.bills(catching_up)), 3)
        self.run_on("2027-04-15")
        self.assertEqual(len(self.bills(skipping)), 1)

    def test_a_pause_that_outlasts_the_series_ends_it(self):
        series = self.series(date_start="2027-01-15", end_kind="count", period_count=2)
        with freeze_time("2027-01-10"):
            self.wizard("pause", series, until="2027-06-01", missed="skip")
        self.run_on("2027-06-01")
        self.assertEqual(series.state, "ended")
        self.assertFalse(self.bills(series))

    def test_skipping_the_next_period(self):
        series = self.series(date_start="2027-01-15")
        self.wizard("skip", series, reason="Compensation")
        self.assertEqual(series.next_date, date(2027, 2, 15))
        self.assertEqual(series.period_ids.error, "Compensation")
        self.run_on("2027-02-15")
        self.assertEqual(self.bills(series).invoice_line_ids.name, "Work February")

    def test_ending_and_reopening(self):
        series = self.series(date_start="2027-01-15")
        with self.assertRaisesRegex(UserError, "before you archive"), self.env.cr.savepoint():
            series.action_archive()
        series.action_end()
        self.run_on("2027-01-15")
        self.assertFalse(self.bills(series))
        with self.assertRaisesRegex(UserError, "no period left"):
            self.wizard("skip", series, reason="x")
        series.action_reopen()
        self.assertEqual(series.state, "paused")
        self.assertEqual(series.next_date, date(2027, 1, 15))

    def test_reopening_what_is_billed_to_its_end(self):
        series = self.series(date_start="2027-01-15", end_kind="count", period_count=1)
        self.run_on("2027-01-15")
        with self.assertRaisesRegex(UserError, "Change when it ends"), self.env.cr.savepoint():
            series.action_reopen()
        series.period_count = 2
        series.action_reopen()
        self.assertEqual(series.next_date, date(2027, 2, 15))

    # -- The way back --------------------------------------------------------------------------

    def test_a_deleted_draft_can_be_billed_again(self):
        series = self.series(date_start="2027-01-01", on_bill="draft")
        self.run_on("2027-01-01")
        self.bills(series).unlink()
        self.env.invalidate_all()
        self.assertEqual(series.period_ids.status, "deleted")
        self.run_on("2027-01-02")
        self.assertFalse(self.bills(series), "never by itself")
        with freeze_time("2027-01-03"):
            series.period_ids.action_bill_again()
        self.assertEqual(self.bills(series), series.period_ids.move_id)
        self.assertEqual(series.period_ids.status, "draft")

    def test_cancelled_and_credited_bills(self):
        series = self.series(date_start="2027-01-01")
        self.run_on("2027-02-01")
        cancelled, credited = series.period_ids.sorted("number")
        cancelled.move_id.button_draft()
        cancelled.move_id.button_cancel()
        self._reverse_invoice(credited.move_id, post=True)
        self.assertEqual(cancelled.status, "cancelled")
        self.assertEqual(credited.status, "credited")
        first = credited.move_id
        with freeze_time("2027-02-02"):
            credited.action_bill_again()
        self.assertEqual(credited.status, "billed")
        self.assertNotEqual(credited.move_id, first)
        self.assertEqual(self.bills(series), cancelled.move_id | first | credited.move_id)
        with self.assertRaisesRegex(UserError, "stands"):
            credited.action_bill_again()

    def test_a_bill_does_not_come_back_once_its_period_is_billed_again(self):
        series = self.series(date_start="2027-01-01")
        self.run_on("2027-02-01")
        periods = series.period_ids.sorted("number")
        cancelled, credited = periods.move_id.sorted("invoice_date")
        cancelled.button_draft()
        cancelled.button_cancel()
        credit_note = self._reverse_invoice(credited, post=True)
        with freeze_time("2027-02-02"):
            for period in periods:
                period.action_bill_again()
        for revived in (cancelled, credit_note):
            with self.assertRaises(UserError):
                revived.button_draft()
        self.assertEqual((cancelled.state, credit_note.state), ("cancel", "posted"))

    def test_a_cancelled_bill_comes_back_while_nothing_else_bills_its_period(self):
        series = self.series(date_start="2027-01-01")
        self.run_on("2027-01-01")
        bill = series.period_ids.move_id
        bill.button_draft()
        bill.button_cancel()
        bill.button_draft()
        self.assertEqual(series.period_ids.status, "draft")

    def test_a_duplicate_has_no_history(self):
        series = self.series(date_start="2027-01-01")
        self.wizard("price", series, percent=5, date_from="2027-01-01")
        self.run_on("2027-01-01")
        duplicate = series.copy()
        self.assertEqual(duplicate.state, "draft")
        self.assertEqual(duplicate.next_number, 1)
        self.assertFalse(duplicate.period_ids | duplicate.period_ids)
        self.assertFalse(duplicate.price_change_ids)
        self.assertEqual(duplicate.line_ids.price_unit, 105.0)
        copied_bill = self.bills(series).copy()
        self.assertFalse(copied_bill.billing_recurring_id)
