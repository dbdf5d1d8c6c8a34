from odoo.tests import tagged

from .common import ReminderCommon


@tagged("post_install", "-at_install")
class TestReminderLadder(ReminderCommon):
    """A ladder that changes while customers stand on it, and the pauses between its rungs."""

    def test_a_rung_added_below_repeats_nothing(self):
        self.bill(due=-7)
        self.assertEqual(self.remind().level_id.name, "Friendly reminder")
        policy = self.env.ref("billing_crm.reminder_policy_default")
        policy.level_ids[0].copy({"name": "Early word", "delay_days": 3})
        self.assertFalse(self.remind(as_of=7))
        self.assertEqual(self.remind(as_of=14).level_id.name, "Second reminder")

    def test_a_rung_taken_away_skips_nothing(self):
        self.bill(due=-7)
        self.remind()
        self.env.ref("billing_crm.reminder_level_1").unlink()
        self.assertEqual(self.remind(as_of=14).level_id.name, "Second reminder")

    def test_a_shorter_ladder_still_reminds(self):
        self.bill(due=-7)
        for day in (0, 14, 28):
            self.remind(as_of=day)
        self.env.ref("billing_crm.reminder_level_3").unlink()
        self.bill(due=21)
        reminder = self.remind(as_of=36)
        self.assertEqual(reminder.level_id.name, "Friendly reminder", "what the new invoice climbs")
        self.assertEqual(len(reminder.item_ids), 2)

    def test_a_new_invoice_does_not_repeat_the_final_reminder(self):
        """The old invoice has had its last word; the newer one climbs the ladder from its start."""
        self.bill(due=-7)
        for day in (0, 14, 28):
            last = self.remind(as_of=day)
        self.assertEqual(last.level_id.name, "Final reminder")
        self.bill(due=21)
        levels = [self.remind(as_of=day).level_id.name for day in (36, 50, 64)]
        self.assertEqual(levels, ["Friendly reminder", "Second reminder", "Final reminder"])

    def test_the_pause_counts_from_the_sending(self):
        """Decided today, but sent ten days later after a failure: the next one waits from then."""
        self.bill(due=-20)
        reminder = self.plan()
        reminder.write({"state": "sent", "sent_on": self.day(10)})
        self.assertFalse(self.plan(as_of=11))
        self.assertTrue(self.plan(as_of=17))

    def test_never_twice_a_day_whatever_the_policy_says(self):
        self.company._get_billing_reminder_policy().minimum_days_between = 0
        self.bill(due=-100)
        self.assertEqual(len(self.remind()), 1)
        self.assertFalse(self.remind())

    def test_two_currencies_keep_the_same_pause(self):
        euro = self.setup_other_currency("EUR")
        self.bill(due=-10)
        self.remind()
        self.bill(due=-6, currency_id=euro.id)
        self.assertFalse(self.remind(as_of=2), "the customer heard from us two days ago")
        self.assertEqual(self.remind(as_of=7).currency_id, euro)

    def test_what_is_left_after_credits_must_reach_the_minimum(self):
        self.company._get_billing_reminder_policy().minimum_amount = 50.0
        self.bill(due=-10)
        credit_note = self._create_invoice_one_line(
            price_unit=99.0, tax_ids=[], move_type="out_refund", post=True
        )
        self.assertFalse(self.plan())
        credit_note.button_draft()
        reminder = self.plan()
        credit_note.action_post()
        reminder._send()
        self.assertEqual(reminder.state, "cancelled")

    def test_a_branch_climbs_its_parents_ladder(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        default = self.env.ref("billing_crm.reminder_policy_default")
        ours = default.copy({"company_id": self.company.id, "name": "Ours"})
        self.assertEqual(branch._get_billing_reminder_policy(), ours)
        theirs = default.copy({"company_id": branch.id, "name": "Theirs"})
        self.assertEqual(branch._get_billing_reminder_policy(), theirs)
        self.assertEqual(self.company._get_billing_reminder_policy(), ours)

    def test_two_companies_of_one_customer_are_not_mixed(self):
        self.bill(amount=40.0, due=-10)
        other = self.other_company_invoice(amount=900.0, due=-10)
        other.action_post()
        reminder = self.plan()
        self.assertEqual(reminder.amount, 40.0)
        reminder._send()
        self.assertEqual(reminder.amount, 40.0)
        self.assertNotIn("900.00", reminder.message_ids[0].body)
        link = self.env["billing.link"].sudo()
        link._mint(reminder, self.partner_a)
        invoices = link.search([], limit=1)._get_invoices()
        self.assertEqual(invoices.company_id, self.company)
