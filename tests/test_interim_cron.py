from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .test_interim import InterimCommon


@tagged("post_install", "-at_install")
class TestInterimCron(InterimCommon):
    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("billing_crm.ir_cron_bill_milestones").method_direct_trigger()
        self.env.invalidate_all()

    def dated(self, *offsets, **values):
        """Return a plan with one milestone due on each day, counted from today."""
        plan = self.plan(100.0 * len(offsets), [100.0] * len(offsets), confirm=False, **values)
        for milestone, offset in zip(plan.milestone_ids, offsets, strict=True):
            milestone.write({"trigger": "date", "date": self.day(offset)})
        plan.action_confirm()
        return plan

    def test_what_is_reached_is_invoiced(self):
        plan = self.dated(-3, 0, 1)
        work = self.plan(50.0, (50.0,), confirm=False)
        work.milestone_ids.trigger = "done"
        work.action_confirm()
        found = self.env["billing.milestone"].search(
            [("state", "=", "due"), ("plan_id", "in", (plan | work).ids)]
        )
        self.assertEqual(found, plan.milestone_ids[:2])
        self.run_cron()
        self.assertEqual(plan.milestone_ids.mapped("state"), ["draft", "draft", "planned"])
        self.assertEqual(work.milestone_ids.state, "planned")
        work.milestone_ids.done = True
        self.assertEqual(work.milestone_ids.state, "due")
        self.run_cron()
        self.assertEqual(work.milestone_ids.state, "draft")
        before = plan.invoice_count
        self.run_cron()
        self.assertEqual(plan.invoice_count, before, "once")

    def test_done_at_once(self):
        plan = self.plan(confirm=False, invoicing_mode="post")
        plan.milestone_ids.trigger = "done"
        plan.action_confirm()
        plan.milestone_ids[0].action_done()
        self.assertEqual(plan.milestone_ids[0].state, "invoiced")
        self.assertEqual(plan.milestone_ids[1].state, "planned")

    def test_leap_day(self):
        plan = self.plan(10.0, (10.0,), confirm=False)
        plan.milestone_ids.write({"trigger": "date", "date": "2028-02-29"})
        plan.action_confirm()
        with freeze_time("2028-02-28 12:00:00"):
            self.run_cron()
            self.assertFalse(plan.milestone_ids.invoice_id)
        with freeze_time("2028-02-29 12:00:00"):
            self.run_cron()
            self.assertEqual(
                plan.milestone_ids.invoice_id.invoice_date, fields.Date.to_date("2028-02-29")
            )

    def test_post_and_send(self):
        posted, sent = self.dated(0, invoicing_mode="post"), self.dated(0, invoicing_mode="send")
        self.run_cron()
        self.assertEqual(posted.milestone_ids.invoice_id.state, "posted")
        self.assertFalse(posted.milestone_ids.invoice_id.sending_data)
        self.assertEqual(sent.milestone_ids.invoice_id.state, "posted")
        self.assertTrue(sent.milestone_ids.invoice_id.sending_data)

    def test_one_bad_contract_does_not_stop_the_others(self):
        euro = self.setup_other_currency("EUR")
        bad = self.dated(-1, currency_id=euro.id)
        good = self.dated(0, invoicing_mode="post")
        euro.active = False
        with self.assertLogs("odoo.addons.billing_crm", "WARNING"):
            self.run_cron()
        self.assertEqual(good.milestone_ids.state, "invoiced")
        self.assertEqual(bad.milestone_ids.state, "due")
        self.assertIn("archived", bad.milestone_ids.error)
        notes = len(bad.message_ids)
        with self.assertLogs("odoo.addons.billing_crm", "WARNING"):
            self.run_cron()
        self.assertEqual(len(bad.message_ids), notes, "said once")
        euro.active = True
        self.run_cron()
        self.assertEqual(bad.milestone_ids.state, "draft")
        self.assertFalse(bad.milestone_ids.error)

    def test_a_failure_that_cannot_be_noted_does_not_stop_the_others(self):
        euro = self.setup_other_currency("EUR")
        self.dated(-1, currency_id=euro.id)
        good = self.dated(0)
        euro.active = False
        milestones = self.registry["billing.milestone"]
        with (
            patch.object(milestones, "_note_error", side_effect=UserError("No")),
            self.assertLogs("odoo.addons.billing_crm", "WARNING") as logs,
        ):
            self.run_cron()
        self.assertIn("cannot be noted", logs.output[-1])
        self.assertEqual(good.milestone_ids.state, "draft")

    def test_the_day_is_that_of_the_company(self):
        # these two are always on different days
        for zone, state in (("Etc/GMT+12", False), ("Pacific/Kiritimati", "draft")):
            self.company.partner_id.tz = zone
            here = self.env["billing.milestone"].with_context(tz="Pacific/Kiritimati")
            plan = self.plan(10.0, (10.0,), confirm=False)
            today = fields.Date.context_today(here)
            plan.milestone_ids.write({"trigger": "date", "date": today})
            plan.action_confirm()
            self.run_cron()
            self.assertEqual(plan.milestone_ids.invoice_id.state, state, zone)
        self.assertEqual(plan.milestone_ids.invoice_id.invoice_date, today)

    def test_what_came_back_waits_for_a_person(self):
        plan = self.dated(0, 0)
        self.run_cron()
        first, second = plan.milestone_ids
        first.invoice_id.unlink()
        second.invoice_id.button_cancel()
        self.run_cron()
        self.assertEqual(plan.milestone_ids.mapped("state"), ["due", "due"])
        first._invoice()
        self.assertEqual(first.state, "draft")

    def test_locked_period(self):
        plan, draft = self.dated(0, invoicing_mode="post"), self.dated(0)
        self.company.fiscalyear_lock_date = self.day(5)
        with self.assertLogs("odoo.addons.billing_crm", "WARNING"):
            self.run_cron()
        self.assertIn("Lock Date", plan.milestone_ids.error)
        self.assertEqual((plan.milestone_ids.state, plan.invoice_count), ("due", 0))
        self.assertEqual(draft.milestone_ids.state, "draft", "the others are not concerned")
        self.company.fiscalyear_lock_date = False
        self.run_cron()
        self.assertEqual(plan.milestone_ids.state, "invoiced")

    def test_archived_and_deleted_products(self):
        plan = self.plan(confirm=False)
        plan.line_ids.write({"product_id": self.product_a.id, "price_unit": 1000.0})
        plan.action_confirm()
        self.product_a.active = False
        self.assertEqual(plan.milestone_ids[0]._invoice().state, "draft")
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.product_a.unlink()

    def test_a_cancelled_or_archived_plan_rests(self):
        cancelled, archived = self.dated(0), self.dated(0)
        cancelled.action_cancel()
        archived.active = False
        self.run_cron()
        self.assertFalse((cancelled | archived).milestone_ids.invoice_id)
        with self.assertRaisesRegex(UserError, "not confirmed"):
            cancelled.milestone_ids._invoice()

    def test_late_and_due_are_found(self):
        plan = self.dated(-3, 4)
        plans = self.env["billing.milestone.plan"]
        self.assertIn(plan, plans.search([("milestone_ids.state", "=", "due")]))
        self.assertTrue(plan.milestone_ids[0].is_late)
        self.assertTrue(plan.has_due)
        plan.action_invoice_due()
        self.assertFalse(plan.has_due)
        self.assertNotIn(plan, plans.search([("milestone_ids.state", "=", "due")]))
        for state in ("planned", "due", "draft", "invoiced"):
            found = self.env["billing.milestone"].search([("state", "=", state)])
            self.assertEqual(set(found.mapped("state")) - {state}, set(), state)

    def test_what_was_taken_back_is_found_as_it_shows(self):
        """The search is SQL, the field is not: they agree on credits, drafts and cancelled ones."""
        plan = self.plan(600.0, [100.0] * 6)
        milestones = plan.milestone_ids
        full, part, _draft, cancelled, free = (m._invoice() for m in milestones[:5])
        (full | part | free).action_post()
        self._reverse_invoice(full, post=True)
        credit = self._reverse_invoice(part)
        credit.invoice_line_ids.filtered("price_unit").price_unit = 99.99
        credit.action_post()
        cancelled.button_cancel()
        self._reverse_invoice(free)  # a draft takes nothing back
        self.env.invalidate_all()
        self.assertEqual(
            milestones.mapped("state"),
            ["planned", "invoiced", "draft", "planned", "invoiced", "planned"],
        )
        for state, expected in (
            ("planned", milestones[0] | milestones[3] | milestones[5]),
            ("invoiced", milestones[1] | milestones[4]),
            ("draft", milestones[2]),
            ("due", milestones.browse()),
        ):
            found = milestones.search([("state", "=", state), ("plan_id", "=", plan.id)])
            self.assertEqual(found, expected, state)

    def test_many_milestones_cost_few_queries_each(self):
        plan = self.plan(1000.0, [50.0] * 20)
        self.env.flush_all()
        plan.milestone_ids[0]._invoice()  # caches
        started = self.cr.sql_log_count
        plan.milestone_ids[1:]._invoice()
        self.env.flush_all()
        self.assertLess((self.cr.sql_log_count - started) / 19, 70)

    def test_lines_are_commands_on_a_form(self):
        """What the form sends: a percentage that follows, and amounts that follow it."""
        plan = self.plan(1000.0, (), confirm=False)
        with Form(plan) as form:
            with form.milestone_ids.new() as line:
                line.name = "Third"
                line.trigger = "manual"
                line.percentage = 100 / 3
                self.assertAlmostEqual(line.amount, 333.33)
            with form.milestone_ids.new() as line:
                line.name = "Rest"
                line.trigger = "manual"
                line.amount = 666.67
                self.assertAlmostEqual(line.percentage, 66.667)
        self.assertEqual(plan.milestone_ids.mapped("amount"), [333.33, 666.67])
        plan.action_confirm()
        self.assertEqual(plan.state, "confirmed")
