from datetime import date, datetime

from odoo.tests import tagged

from .common import BillingCommon

MONDAY = date(2025, 3, 3)


@tagged("post_install", "-at_install")
class TestSalesTimes(BillingCommon):
    """When customers buy, on the company's clock."""

    def sell(self, on, entered, by=None, amount=100.0):
        """Bill an invoice dated ``on`` that was entered at ``entered``, in UTC."""
        invoice = self._create_invoice_one_line(
            price_unit=amount, tax_ids=[], partner_id=self.partner_a.id, invoice_date=on, post=True
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move SET create_date = %s, create_uid = %s WHERE id = %s",
            [entered, (by or self.env.user).id, invoice.id],
        )
        return invoice

    def when(self, invoice, *names):
        row = self.env["billing.sales.analysis"].search([("move_id", "=", invoice.id)])
        row.invalidate_recordset()
        return tuple(row[name] for name in names)

    def test_days_are_those_of_the_invoice(self):
        invoice = self.sell(MONDAY, datetime(2025, 3, 3, 9, 30))
        self.assertEqual(
            self.when(invoice, "weekday", "day_of_month", "month_of_year", "bought_on"),
            ("1", "03", "03", MONDAY),
        )
        weekday = self.env["billing.sales.analysis"]._fields["weekday"]
        for day, (key, _label) in enumerate(weekday.selection):
            on = date(2025, 3, 3 + day)
            invoice = self.sell(on, datetime(2025, 1, 1))
            self.assertEqual(self.when(invoice, "weekday"), (key,), on)

    def test_the_hour_is_on_the_companys_clock(self):
        invoice = self.sell(MONDAY, datetime(2025, 3, 3, 23, 30))
        for zone, hour in (
            ("UTC", "23:00"),
            ("America/New_York", "18:00"),
            ("Europe/Berlin", False),  # it was tomorrow there
        ):
            self.company.partner_id.tz = zone
            self.assertEqual(self.when(invoice, "hour"), (hour,), zone)
        self.company.partner_id.tz = False
        self.env.user.tz = "America/Los_Angeles"
        self.assertEqual(self.when(invoice, "hour"), ("15:00",), "the user's, if it has none")

    def test_summer_time_counts(self):
        self.company.partner_id.tz = "Europe/Berlin"
        winter = self.sell(date(2025, 1, 15), datetime(2025, 1, 15, 10, 5))
        summer = self.sell(date(2025, 7, 15), datetime(2025, 7, 15, 10, 5))
        self.assertEqual(self.when(winter, "hour"), ("11:00",))
        self.assertEqual(self.when(summer, "hour"), ("12:00",))

    def test_what_a_job_made_or_was_entered_later_has_no_hour(self):
        self.company.partner_id.tz = "UTC"
        by_job = self.sell(MONDAY, datetime(2025, 3, 3, 2), by=self.env.ref("base.user_root"))
        later = self.sell(MONDAY, datetime(2025, 3, 4, 9))
        self.assertEqual(self.when(by_job, "hour", "weekday"), (False, "1"))
        self.assertEqual(self.when(later, "hour", "weekday"), (False, "1"))
