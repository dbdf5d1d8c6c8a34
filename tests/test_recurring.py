from datetime import date

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .common import RecurringCommon


@tagged("post_install", "-at_install")
class TestRecurring(RecurringCommon):
    """A series from the first click to its bills."""

    def test_from_the_form_to_the_posted_bill(self):
        with freeze_time("2027-01-31"):
            form = Form(self.env["billing.recurring"])
            form.name = "Hosting"
            form.partner_id = self.partner_a
            form.date_start = date(2027, 1, 31)
            with form.line_ids.new() as line:
                line.product_id = self.product_a
                line.name = "Hosting {month} {year}"
            series = form.save()
            self.assertEqual(series.billing_type_id.behavior, "recurring")
            self.assertEqual(series.next_date, date(2027, 1, 31))
            planned = series._get_next_bills()
            self.assertEqual(
                [bill["bill_date"].isoformat() for bill in planned[:3]],
                ["2027-01-31", "2027-02-28", "2027-03-31"],
            )
            self.assertIn("03/31/2027", series.preview)
            series.action_start()
            action = series.action_bill_now()
        bill = self.env["account.move"].browse(action["res_id"])
        self.assertEqual(bill.state, "posted")
        self.assertEqual(bill.billing_type, "recurring")
        self.assertEqual(bill.billing_recurring_id, series)
        self.assertEqual(bill.invoice_date, date(2027, 1, 31))
        self.assertEqual(bill.invoice_line_ids.name, "Hosting January 2027")
        self.assertEqual(bill.invoice_line_ids.tax_ids, self.tax_sale_a)
        self.assertAlmostEqual(bill.amount_total, planned[0]["total"])
        self.assertAlmostEqual(bill.amount_untaxed, planned[0]["untaxed"])
        self.assertEqual(series.next_date, date(2027, 2, 28))
        self.assertEqual(series.period_ids.status, "billed")
        self.assertEqual(bill.action_view_billing_recurring()["res_id"], series.id)
        self.assertEqual(self.partner_a.billing_recurring_count, 1)

    def test_each_day_of_a_year_of_month_ends(self):
        series = self.series(date_start="2027-12-31")
        days = []
        for month_end in ("2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31"):
            self.run_on(month_end)
            days.append(series.period_ids.sorted("number")[-1].move_id.invoice_date.isoformat())
        self.assertEqual(days, ["2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31"])

    def test_nothing_before_its_day_and_nothing_twice(self):
        series = self.series(date_start="2027-03-10")
        self.run_on("2027-03-09")
        self.assertFalse(self.bills(series))
        self.run_on("2027-03-10")
        self.run_on("2027-03-10")
        self.run_on("2027-03-11")
        self.assertEqual(len(self.bills(series)), 1)

    def test_today_is_the_date_where_the_company_is(self):
        self.company.partner_id.tz = "Pacific/Auckland"
        series = self.series(date_start="2027-03-10")
        self.run_on("2027-03-09 13:30:00")
        self.assertEqual(self.bills(series).invoice_date, date(2027, 3, 10))

    def test_ends_after_a_number_or_on_a_date(self):
        counted = self.series(date_start="2027-01-01", end_kind="count", period_count=2)
        dated = self.series(date_start="2027-01-01", end_kind="date", date_end="2027-02-28")
        self.run_on("2027-06-15")
        for series in (counted, dated):
            self.assertEqual(series.period_ids.mapped("number"), [2, 1])
            self.assertEqual(series.state, "ended")
            self.assertFalse(series.next_date)

    def test_arrears_bill_the_period_that_ends(self):
        series = self.series(date_start="2027-02-01", timing="arrears")
        self.run_on("2027-02-27")
        self.assertFalse(self.bills(series))
        self.run_on("2027-02-28")
        self.assertEqual(self.bills(series).invoice_line_ids.name, "Work February")

    def test_drafts_stay_drafts(self):
        series = self.series(date_start="2027-01-01", on_bill="draft")
        self.run_on("2027-01-01")
        self.assertEqual(self.bills(series).state, "draft")
        self.assertEqual(series.period_ids.status, "draft")

    def test_missed_periods_one_bill_each(self):
        series = self.series(date_start="2027-01-15", catch_up="each")
        self.run_on("2027-04-01")
        bills = self.bills(series).sorted("id")
        self.assertEqual(
            bills.invoice_line_ids.mapped("name"), ["Work January", "Work February", "Work March"]
        )
        self.assertEqual(set(bills.mapped("invoice_date")), {date(2027, 4, 1)})

    def test_missed_periods_one_bill_for_all(self):
        series = self.series(date_start="2027-01-15", catch_up="one")
        series.line_ids = [
            Command.create({"display_type": "line_section", "name": "Desk", "sequence": 1})
        ]
        self.run_on("2027-04-01")
        bill = self.bills(series)
        self.assertEqual(len(bill), 1)
        charges = bill.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        self.assertEqual(charges.mapped("name"), ["Work January", "Work February", "Work March"])
        self.assertEqual(bill.amount_untaxed, 300.0)
        sections = bill.invoice_line_ids.filtered(lambda line: line.display_type == "line_section")
        self.assertEqual(sections[0].name, "01/15/2027 – 02/14/2027")
        self.assertEqual(len(sections), 3)
        self.assertEqual(len(series.period_ids), 3)
        self.assertEqual(series.period_ids.move_id, bill)

    def test_missed_periods_skipped_but_the_latest(self):
        series = self.series(date_start="2027-01-15", catch_up="skip")
        self.run_on("2027-04-01")
        self.assertEqual(self.bills(series).invoice_line_ids.name, "Work March")
        self.assertEqual(series.period_ids.mapped("state"), ["billed", "skipped", "skipped"])

    def test_a_long_absence_is_caught_up_with_to_the_end(self):
        series = self.series(date_start="2027-01-01", interval_unit="day", on_bill="draft")
        self.run_on("2027-05-01")
        self.assertEqual(len(self.bills(series)), 121)
        self.assertEqual(series.next_number, 122)

    def test_texts_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.partner_a.lang = "fr_FR"
        series = self.series(
            date_start="2027-02-01",
            ref="{quarter} {year+1}",
            narration="<p>Du {period_start} au {period_end}, &amp; {{fin}}</p>",
            name_text="Loyer {month}, puis {month+1} ({number})",
        )
        self.run_on("2027-02-01")
        bill = self.bills(series)
        self.assertEqual(bill.invoice_line_ids.name, "Loyer février, puis mars (1)")
        self.assertEqual(bill.ref, "T1 2028")
        self.assertIn("Du 01/02/2027 au 28/02/2027, &amp; {fin}", bill.narration)

    def test_an_unknown_placeholder_is_told_at_once(self):
        series = self.series()
        with self.assertRaisesRegex(ValidationError, r"«\{moth\}».*\{month\}"):
            series.line_ids.name = "Work {moth}"
        with self.assertRaisesRegex(ValidationError, r"«\{»"):
            series.ref = "PO {"

    def test_a_products_braces_are_just_braces(self):
        self.product_a.description_sale = "Set {a, b}"
        series = self.series(date_start="2027-02-01")
        series.line_ids = [Command.clear(), Command.create({"product_id": self.product_a.id})]
        self.run_on("2027-02-01")
        self.assertIn(
            "Set {a, b}\n02/01/2027 – 02/28/2027", self.bills(series).invoice_line_ids.name
        )

    def test_bad_input_has_one_clear_message(self):
        for values, message in (
            ({"interval_number": 0}, "at least 1"),
            ({"interval_number": -3}, "at least 1"),
            ({"end_kind": "date", "date_end": "2026-01-01"}, "before the start"),
            ({"end_kind": "date", "date_end": False}, "missing"),
            ({"end_kind": "count", "period_count": 0}, "at least 1"),
        ):
            with self.assertRaisesRegex(ValidationError, message), self.env.cr.savepoint():
                self.series(date_start="2027-01-01", start=False, **values)

    def test_starting_what_cannot_be_billed(self):
        series = self.series(start=False)
        series.line_ids.unlink()
        with self.assertRaisesRegex(UserError, "no line"):
            series.action_start()
        self.assertEqual(series.state, "draft")

    def test_dates_stay_once_there_is_a_bill(self):
        series = self.series(date_start="2027-01-01")
        self.run_on("2027-01-01")
        with self.assertRaisesRegex(UserError, "First Period Starts"):
            series.date_start = "2027-01-05"
        series.date_start = fields.Date.to_date("2027-01-01")  # the same
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            series.unlink()

    def test_another_currency(self):
        euro = self.setup_other_currency("EUR", rates=[("2027-01-01", 0.5)])
        series = self.series(date_start="2027-01-01", currency_id=euro.id)
        self.run_on("2027-01-01")
        bill = self.bills(series)
        self.assertEqual(bill.currency_id, euro)
        self.assertEqual(bill.amount_untaxed, 100.0)
        self.assertEqual(bill.amount_untaxed_signed, 200.0)

    def test_a_type_of_ones_own_with_custom_fields(self):
        retainer = self.env["billing.invoice.type"].create(
            {
                "name": "Retainer",
                "behavior": "recurring",
                "properties_definition": [{"name": "po", "string": "PO", "type": "char"}],
            }
        )
        series = self.series(
            date_start="2027-01-01",
            billing_type_id=retainer.id,
            billing_properties={"po": "4711"},
        )
        self.run_on("2027-01-01")
        bill = self.bills(series)
        self.assertEqual(bill.billing_type_id, retainer)
        self.assertEqual(bill._get_billing_custom_fields(), [("PO", "4711")])
