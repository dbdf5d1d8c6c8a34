from odoo.tests import tagged

from .common_charge import ChargeCommon


@tagged("post_install", "-at_install")
class TestLateChargeReminder(ChargeCommon):
    """The level that says so proposes late charges, and the message tells of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.levels = cls.company._get_billing_reminder_policy().level_ids
        cls.levels[0].charge_fees = True

    def body(self, reminder):
        mail = self.env["mail.mail"].search(
            [("model", "=", "billing.reminder"), ("res_id", "=", reminder.id)]
        )
        return mail.body_html.replace("\u00a0", " ")

    def test_the_level_proposes_and_the_message_says_so(self):
        invoice = self.bill(amount=3650.0, due=-10)
        reminder = self.plan()
        self.assertFalse(invoice.billing_late_charge_ids)
        reminder._send()
        proposals = invoice.billing_late_charge_ids
        self.assertEqual(
            self.charges(invoice), [("fee", "proposed", 40.0), ("interest", "proposed", 10.0)]
        )
        self.assertEqual(proposals.reminder_id, reminder)
        self.assertIn("50.00", self.body(reminder))
        self.assertIn("3,650.00", self.body(reminder), "what is to be paid stays what it was")
        self.assertFalse(proposals.move_id)

    def test_another_level_does_not(self):
        self.levels[0].charge_fees = False
        invoice = self.bill(amount=3650.0, due=-10)
        reminder = self.plan()
        reminder._send()
        self.assertFalse(invoice.billing_late_charge_ids)
        self.assertNotIn("interest and fees", self.body(reminder))

    def test_a_preview_shows_it_and_proposes_nothing(self):
        invoice = self.bill(amount=3650.0, due=-10)
        values = self.plan()._render_message()
        self.assertIn("50.00", values["body"])
        self.assertFalse(self.env["billing.late.charge"].search([]))
        self.assertFalse(invoice.billing_late_charge_ids)

    def test_the_letter_says_it(self):
        self.levels[0].write({"send_mail": False, "send_letter": True})
        self.bill(amount=3650.0, due=-10)
        reminder = self.plan()
        reminder._send()
        html = self.env["ir.actions.report"]._render_qweb_html(
            "billing_crm.report_reminder_letter_pages", reminder.ids
        )[0]
        self.assertIn("50.00", html.decode().replace("\u00a0", " "))

    def test_without_a_rate_the_reminder_goes_out_nevertheless(self):
        reference = self.env["billing.interest.reference"].create({"name": "Unknown"})
        self.policy.write({"reference_id": reference.id, "tier_ids": [(5,)]})
        self.bill(amount=3650.0, due=-10)
        reminder = self.plan()
        reminder._send()
        self.assertEqual(reminder.state, "queued")
        self.assertFalse(self.env["billing.late.charge"].search([]))
        self.assertIn("could not be proposed", reminder.message_ids.mapped("body")[-1])

    def test_one_customer_without_a_rate_does_not_stop_the_others(self):
        self.levels[0].charge_fees = True
        self.bill(due=-10)
        good = self.bill(amount=3650.0, due=-10, partner=self.partner_b)
        reference = self.env["billing.interest.reference"].create({"name": "Unknown"})
        self.partner_a.billing_late_fee_policy_id = self.make_policy(
            applies="chosen", reference_id=reference.id
        )
        reminders = self.plan()
        reminders._send()
        self.assertEqual(set(reminders.mapped("state")), {"queued"})
        self.assertEqual(self.env["billing.late.charge"].search([]).move_origin_id, good)

    def test_a_hundred_customers_cost_as_many_questions_as_ten(self):
        def reminders(count):
            partners = self.env["res.partner"].create(
                [{"name": f"P{i}", "email": f"p{i}@x.example"} for i in range(count)]
            )
            for partner in partners:
                self.bill(due=-10, partner=partner)
            return self.plan()

        few, many = reminders(3), reminders(12)
        (few | many)._get_statements()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        few._get_statements()
        first = self.cr.sql_log_count - before
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        many._get_statements()
        self.assertLessEqual(self.cr.sql_log_count - before, first + 2)
