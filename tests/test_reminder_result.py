from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestReminderResult(BillingCommon):
    """What was collected within seven days of a reminder, to the cent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign = cls.setup_other_currency("EUR", rates=[("2020-01-01", 3.0)])
        cls.levels = cls.env.ref("billing_crm.reminder_policy_default").level_ids

    def reminded(self, invoices, on=-10, level=0, state="sent"):
        """Put down that a customer was reminded of invoices, ``on`` days from today, at noon."""
        lines = invoices.line_ids.filtered(lambda line: line.display_type == "payment_term")
        day = self.day(on)
        reminder = (
            self.env["billing.reminder"]
            .sudo()
            .create(
                {
                    "company_id": self.company.id,
                    "partner_id": invoices.partner_id.id,
                    "currency_id": invoices.currency_id.id,
                    "level_id": self.levels[level].id,
                    "policy_id": self.levels[level].policy_id.id,
                    "decided_on": day,
                    "state": state,
                    "sent_on": state == "sent"
                    and fields.Datetime.to_datetime(day) + timedelta(hours=12),
                    "amount": sum(lines.mapped("amount_residual_currency")),
                }
            )
        )
        self.env["billing.reminder.item"].sudo().create(
            [
                {
                    "reminder_id": reminder.id,
                    "company_id": self.company.id,
                    "line_id": line.id,
                    "currency_id": line.currency_id.id,
                    "amount": line.amount_residual_currency,
                    "delay_days": self.levels[level].delay_days,
                }
                for line in lines
            ]
        )
        return reminder

    def get_result(self, reminder):
        self.env.flush_all()
        self.env["billing.reminder.result"].invalidate_model()
        return self.env["billing.reminder.result"].browse(reminder.id)

    def test_from_the_day_itself_to_the_seventh_after(self):
        for on, collected in ((-11, 0.0), (-10, 33.33), (-3, 33.33), (-2, 0.0)):
            invoice = self.bill(100.0, due=-30)
            reminder = self.reminded(invoice)
            self.pay(invoice, 33.33, on=on)
            result = self.get_result(reminder)
            self.assertEqual((result.asked, result.collected), (100.0, collected), f"day {on}")
            self.assertAlmostEqual(result.rate, collected / 100.0)

    def test_partial_payments_add_up_and_credit_notes_and_write_offs_do_not_count(self):
        first, second = self.bill(100.0, due=-30), self.bill(50.5, due=-20)
        reminder = self.reminded(first | second)
        self.pay(first, 60.01, on=-8)
        self.pay(first, 0.99, on=-4)
        self.pay(second, 20.0, on=-5)
        credit = self.bill(30.5, due=-6, move_type="out_refund")
        (credit | second).line_ids.filtered(
            lambda line: line.display_type == "payment_term"
        ).reconcile()
        result = self.get_result(reminder)
        self.assertEqual((result.asked, result.collected), (150.5, 81.0))
        self.assertEqual((result.reminder_count, result.paid_count), (1, 1))

    def test_a_foreign_currency_is_told_in_the_companys(self):
        """EUR 90 at 3 for a dollar is $ 30; what was paid of it counts at the same rate."""
        invoice = self.bill(90.0, due=-30, currency_id=self.foreign.id)
        reminder = self.reminded(invoice)
        self.pay(invoice, 45.0, on=-5)
        result = self.get_result(reminder)
        self.assertEqual((result.asked, result.collected), (30.0, 15.0))
        self.assertEqual(result.company_currency_id, self.company.currency_id)

    def test_after_two_reminders_a_payment_counts_for_the_later(self):
        invoice = self.bill(100.0, due=-30)
        first = self.reminded(invoice, on=-12)
        second = self.reminded(invoice, on=-9, level=1)
        self.pay(invoice, 10.0, on=-11)
        self.pay(invoice, 40.0, on=-8)
        self.assertEqual(self.get_result(first).collected, 10.0)
        self.assertEqual(self.get_result(second).collected, 40.0)

    def test_two_reminders_of_one_day_do_not_count_a_payment_twice(self):
        invoice = self.bill(100.0, due=-30)
        first, second = self.reminded(invoice), self.reminded(invoice, level=1)
        self.pay(invoice, 40.0, on=-8)
        total = self.get_result(first).collected + self.get_result(second).collected
        self.assertEqual(total, 40.0)

    def test_what_failed_or_waits_is_not_told(self):
        invoice = self.bill(100.0, due=-30)
        for state in ("planned", "failed", "cancelled"):
            self.assertFalse(
                self.env["billing.reminder.result"].search(
                    [("reminder_id", "=", self.reminded(invoice, state=state).id)]
                ),
                state,
            )

    def test_the_uplift_is_the_difference_of_the_groups(self):
        """Written to: 60 of 200. Left out: 10 of 100."""
        for amount, paid, state in (
            (100.0, 60.0, "sent"),
            (100.0, 0, "sent"),
            (100.0, 10.0, "withheld"),
        ):
            invoice = self.bill(amount, due=-30)
            self.reminded(invoice, state=state)
            if paid:
                self.pay(invoice, paid, on=-9)
        results = self.env["billing.reminder.result"]
        domain = [("company_id", "=", self.company.id)]
        [(rate, uplift)] = results._read_group(domain, [], ["rate:avg", "uplift:avg"])
        self.assertAlmostEqual(rate, 70.0 / 300.0)
        self.assertAlmostEqual(uplift, 0.3 - 0.1)
        groups = dict(results._read_group(domain, ["was_sent"], ["rate:avg"]))
        self.assertAlmostEqual(groups["sent"], 0.3)
        self.assertAlmostEqual(groups["withheld"], 0.1)
        [(level, uplift)] = results._read_group(domain, ["level_id"], ["uplift:avg"])
        self.assertEqual(level, self.levels[0])
        groups = results._read_group(domain, ["was_sent"], ["uplift:avg"])
        self.assertFalse(any(uplift for _group, uplift in groups), "one group alone tells nothing")

    def test_by_level_tone_channel_and_template(self):
        reminder = self.reminded(self.bill(100.0, due=-30))
        level = self.levels[0]
        result = self.get_result(reminder)
        self.assertEqual(
            (result.level_id, result.tone, result.channel, result.mail_template_id),
            (level, level.tone, "mail", level.mail_template_id),
        )
        self.assertEqual(result.weekday, str(self.day(-10).isoweekday()))
        level.write({"send_mail": False, "send_letter": True})
        result = self.get_result(reminder)
        self.assertEqual((result.channel, result.mail_template_id.ids), ("letter", []))

    def test_figures_are_final_after_seven_days(self):
        invoice = self.bill(100.0, due=-30)
        self.assertTrue(self.get_result(self.reminded(invoice, on=-8)).is_complete)
        self.assertFalse(self.get_result(self.reminded(invoice, on=-7)).is_complete)
