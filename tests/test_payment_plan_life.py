from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_payment_plan import PaymentPlanCommon


@tagged("post_install", "-at_install")
class TestPaymentPlanLife(PaymentPlanCommon):
    """Agreed, kept, broken, cancelled: and what becomes of the dates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls.bill(amount=300.0, due=-40)

    def test_agreeing_writes_what_each_installment_takes_of_each_item(self):
        newer = self.bill(amount=100.0, due=-10)
        plan = self.agree(self.invoice | newer, [(10, 150.0), (40, 150.0), (70, 100.0)])
        shares = self.env["billing.payment.plan.share"].search([("plan_id", "=", plan.id)])
        taken = [
            (share.line_id.move_id, (share.plan_line_id.date - self.today).days, share.amount)
            for share in shares
            if share.amount
        ]
        self.assertEqual(
            taken,
            [(self.invoice, 10, 150.0), (self.invoice, 40, 150.0), (newer, 70, 100.0)],
        )
        self.assertEqual(plan.item_ids.mapped("amount"), [300.0, 100.0])
        self.assertEqual(plan.date_start, self.today)

    def test_installments_must_add_up_to_what_is_open(self):
        for schedule in ([(10, 299.99)], [(10, 100.0), (20, 200.01)], []):
            with self.assertRaises(UserError):
                self.agree(self.invoice, schedule)

    def test_installments_must_be_to_come(self):
        with self.assertRaises(UserError):
            self.agree(self.invoice, [(-1, 100.0), (20, 200.0)])

    def test_what_was_paid_since_the_draft_is_noticed(self):
        plan = self.agree(self.invoice, [(10, 300.0)], confirm=False)
        self.pay(self.invoice, amount=1.0)
        with self.assertRaises(UserError):
            plan.action_confirm()

    def test_an_item_is_in_one_plan_at_a_time(self):
        first = self.agree(self.invoice, [(10, 300.0)])
        second = self.agree(self.invoice, [(20, 300.0)], confirm=False)
        with self.assertRaises(UserError):
            second.action_confirm()
        first.action_cancel()
        second.action_confirm()
        self.assertEqual(self.open_by_day(), [(20, 300.0)])

    def test_the_database_itself_holds_an_item_to_one_plan(self):
        self.agree(self.invoice, [(10, 300.0)])
        second = self.agree(self.invoice, [(20, 300.0)], confirm=False)
        with self.assertRaises(Exception) as caught, self.env.cr.savepoint():
            second.sudo().state = "active"
            self.env.flush_all()
        self.assertIn("unique", str(caught.exception).lower())

    def test_another_customers_invoice_is_no_item(self):
        stranger = self.bill(due=-10, partner=self.partner_b)
        plan = self.agree(self.invoice, [(10, 400.0)], confirm=False)
        plan.item_ids = [Command.create({"line_id": self.due(stranger).id})]
        with self.assertRaises(UserError):
            plan.action_confirm()

    def test_another_currency_is_no_item(self):
        euro = self.setup_other_currency("EUR")
        foreign = self.bill(amount=100.0, due=-10, currency_id=euro.id)
        plan = self.agree(self.invoice, [(10, 400.0)], confirm=False)
        plan.item_ids = [Command.create({"line_id": self.due(foreign).id})]
        with self.assertRaises(UserError):
            plan.action_confirm()

    def due(self, invoice):
        return invoice.line_ids.filtered(lambda line: line.account_type == "asset_receivable")

    def test_what_was_agreed_cannot_be_changed(self):
        plan = self.agree(self.invoice, [(10, 100.0), (40, 200.0)])
        for forbidden in (
            lambda: plan.line_ids[0].write({"amount": 50.0}),
            lambda: plan.line_ids[0].write({"date": self.day(99)}),
            lambda: plan.line_ids[0].unlink(),
            lambda: plan.item_ids.unlink(),
            lambda: plan.write({"line_ids": [Command.create({"date": self.day(1), "amount": 1})]}),
            lambda: plan.write({"partner_id": self.partner_b.id}),
            lambda: plan.write({"state": "draft"}),
            plan.unlink,
            plan.action_confirm,
            lambda: plan.copy({"state": "active"}),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                forbidden()

    def test_cancelling_brings_the_own_dates_back(self):
        plan = self.agree(self.invoice, [(10, 300.0)])
        plan.action_cancel()
        self.assertEqual((plan.state, plan.date_end), ("cancelled", self.today))
        self.assertEqual(self.open_by_day(), [(-40, 300.0)])
        with self.assertRaises(UserError):
            plan.action_cancel()

    # -- The judge ---------------------------------------------------------------------------------

    def test_a_missed_installment_revives_the_whole(self):
        self.company.billing_plan_grace_days = 3
        plan = self.agree(self.invoice, [(10, 100.0), (40, 200.0)])
        self.assertEqual(self.judge(13), {}, "the last day of grace")
        self.assertEqual(self.judge(14), {plan: "broken"})
        self.assertEqual(plan.state, "broken")
        self.assertEqual(self.open_by_day(), [(-40, 300.0)])
        self.assertEqual(plan.activity_ids.user_id, plan.user_id)
        event = self.env["billing.event"].search([("kind", "=", "plan_broken")])
        self.assertEqual((event.partner_id, event.move_id), (self.partner_a, self.invoice))
        self.assertEqual(self.judge(15), {}, "once")

    def test_paid_in_time_is_kept_to_the_end(self):
        plan = self.agree(self.invoice, [(10, 100.0), (40, 200.0)])
        self.pay(self.invoice, amount=100.0)
        self.assertEqual(self.judge(30), {})
        self.pay(self.invoice, amount=199.99)
        self.assertEqual(self.judge(30), {}, "a cent is open")
        self.pay(self.invoice)
        self.assertEqual(self.judge(41), {plan: "kept"})
        self.assertEqual((plan.state, plan.progress), ("kept", 100.0))

    def test_a_cent_missing_breaks_it(self):
        plan = self.agree(self.invoice, [(10, 100.0), (40, 200.0)])
        self.pay(self.invoice, amount=99.99)
        self.assertEqual(self.judge(14), {plan: "broken"})

    def test_money_that_nobody_has_matched_yet_counts(self):
        plan = self.agree(self.invoice, [(10, 100.0), (40, 200.0)])
        payment = self.env["account.payment"].create(
            {
                "partner_id": self.partner_a.id,
                "amount": 100.0,
                "payment_type": "inbound",
                "partner_type": "customer",
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        payment.action_post()
        self.assertEqual(self.judge(14), {})
        self.assertEqual(self.judge(44), {plan: "broken"})

    def test_whoever_is_left_alone_misses_nothing(self):
        self.agree(self.invoice, [(10, 100.0), (40, 200.0)])
        self.due(self.invoice).no_followup = True
        self.assertEqual(self.judge(44), {})

    def test_a_payment_that_comes_back_revives_a_kept_plan(self):
        plan = self.agree(self.invoice, [(10, 100.0), (40, 200.0)])
        payment = self.pay(self.invoice)
        self.assertEqual(self.judge(1), {plan: "kept"})
        payment.move_id.line_ids.remove_move_reconcile()
        payment.action_draft()
        self.env.invalidate_all()
        self.assertEqual(self.judge(2), {plan: "active"})
        self.assertEqual(self.open_by_day(), [(10, 100.0), (40, 200.0)])
        self.assertEqual(self.judge(14), {plan: "broken"})

    def test_a_changed_invoice_ends_the_plan(self):
        plan = self.agree(self.invoice, [(10, 100.0), (40, 200.0)])
        self.invoice.button_draft()
        self.assertEqual(self.judge(1), {plan: "cancelled"})
        self.assertTrue(plan.activity_ids)

    def test_the_job_survives_a_bad_plan_and_judges_the_others(self):
        plan = self.agree(self.invoice, [(1, 300.0)])
        other = self.agree(self.bill(partner=self.partner_b, due=-9), [(1, 100.0)])
        for one in plan | other:
            one.sudo().date_start = self.day(-20)
        self.env.flush_all()
        self.env.cr.execute("UPDATE billing_payment_plan_line SET date = date - 20")
        self.env.invalidate_all()
        close = type(plan)._close

        def failing(record, state):
            if record == plan:
                raise ValueError("a bad one")
            return close(record, state)

        self.patch(type(plan), "_close", failing)
        logger = "odoo.addons.billing_crm.models.collections.payment_plan"
        with self.enter_registry_test_mode(), self.assertLogs(logger, level="ERROR"):
            self.env.ref("billing_crm.ir_cron_judge_payment_plans").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((plan.state, other.state), ("active", "broken"))

    def test_judging_costs_no_more_for_more_plans(self):
        for partner in (self.partner_a, self.partner_b):
            for _i in range(3):
                self.agree(self.bill(partner=partner, due=-9), [(1, 50.0), (2, 50.0)])
        self.judge()
        self.env.flush_all()
        model = self.env["billing.payment.plan"].with_context(billing_as_of=self.day(20))
        with self.assertQueryCount(6):
            verdicts = model._judge(self.company)
        self.assertEqual(len(verdicts), 6)
