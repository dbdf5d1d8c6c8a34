import re

from lxml import html
from odoo.fields import Command
from odoo.tests import tagged

from .timesheet_common import TimesheetCommon


@tagged("post_install", "-at_install")
class TestTimesheetAnnex(TimesheetCommon):
    """The hours behind an invoice are printed with it, and add up to its lines."""

    def annex(self, move):
        """The printed table: a list of cells for each row, the sum last; empty if there is none."""
        document, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "account.account_invoices", move.ids
        )
        rows = html.fromstring(document).xpath("//div[@name='billing_hours_annex']//tbody/tr")
        return [
            [" ".join(cell.text_content().split()) for cell in row.xpath("./td")] for row in rows
        ]

    def amounts(self, move):
        return [row["amount"] for row in move._get_billing_hours_annex()]

    def test_it_says_who_did_what_for_how_much(self):
        self.company.billing_hours_rounding = "up_15"
        self.work(1.1, on="2026-03-03", user=self.bob, name="Build")
        self.work(0.5, on="2026-03-02")
        move = self.invoice_hours()
        self.assertEqual(
            self.annex(move),
            [
                ["03/02/2026", "Ann", "Design", "00:30", "0.50", "100.00", "$ 50.00"],
                ["03/03/2026", "Bob", "Build", "01:06", "1.25", "100.00", "$ 125.00"],
                ["Total", "01:36", "1.75", "", "$ 175.00"],
            ],
        )

    def test_in_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.partner_a.lang = "fr_FR"
        self.work(12.5, on="2026-03-02")
        [row, _total] = self.annex(self.invoice_hours())
        self.assertEqual(row[0], "02/03/2026")
        self.assertEqual((row[4], row[6]), ("12,50", "$ 1 250,00"))

    def test_an_invoice_without_hours_has_none(self):
        self.assertFalse(self.annex(self.bill()))

    def test_it_adds_up_to_the_lines_with_discount_and_tax(self):
        self.Rate.create({"user_id": self.ann.id, "rate": 33.33})
        tax = self.env["account.tax"].create(
            {"name": "In", "amount": 21.0, "price_include_override": "tax_included"}
        )
        for number in range(7):
            self.work(0.33 + number / 10, user=self.ann if number % 2 else self.bob)
        move = self.invoice_hours()
        move.invoice_line_ids[0].write({"discount": 7.0, "tax_ids": [Command.set(tax.ids)]})
        for line in move.invoice_line_ids:
            rows = [row for row in move._get_billing_hours_annex() if row["line"] == line]
            self.assertAlmostEqual(sum(r["amount"] for r in rows), line.price_subtotal, places=6)
        printed = [float(re.sub(r"[^\d.]", "", row[-1])) for row in self.annex(move)]
        self.assertAlmostEqual(sum(printed[:-1]), printed[-1])
        self.assertAlmostEqual(printed[-1], sum(move.invoice_line_ids.mapped("price_subtotal")))

    def test_it_is_kept_when_the_hours_are_free_again(self):
        self.work(2.0)
        move = self.invoice_hours(invoice_date=self.today)
        move.action_post()
        before = self.annex(move)
        move._reverse_moves(cancel=True)
        self.assertFalse(move.billing_hour_count)
        self.assertEqual(self.annex(move), before)

    def test_a_credit_note_has_none(self):
        self.work(2.0)
        move = self.invoice_hours(invoice_date=self.today)
        move.action_post()
        self.assertFalse(self.annex(move._reverse_moves(cancel=True)))

    def test_currencies_without_and_with_three_decimals(self):
        for code, rounding in (("JPY", 1.0), ("KWD", 0.001)):
            currency = self.setup_other_currency(code, rates=[("2026-01-01", 1.0)])
            currency.rounding = rounding
            rate = self.Rate.create(
                {"partner_id": self.partner_a.id, "rate": 33.337, "currency_id": currency.id}
            )
            for hours in (0.33, 0.33, 0.34, 1.01):
                self.work(hours)
            move = self.invoice_hours(grouping="one")
            self.assertEqual(move.currency_id, currency)
            total = currency.round(2.01 * rate.rate)
            self.assertAlmostEqual(move.amount_untaxed, total, places=6)
            self.assertAlmostEqual(sum(self.amounts(move)), total, places=6)
            rate.unlink()
