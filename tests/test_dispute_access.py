from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_dispute import DisputeCommon


@tagged("post_install", "-at_install")
class TestDisputeAccess(DisputeCommon):
    """Who may see, raise and resolve disputes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_people()
        cls.partner_a.user_id = cls.salesperson
        cls.mine = cls.bill(amount=120.0, due=-10)
        cls.theirs = cls.bill(amount=80.0, due=-10, partner=cls.partner_b)
        cls.foreign = cls.other_company_invoice(due=-10)
        cls.foreign.action_post()

    def raised(self):
        invoices = (self.mine, self.theirs, self.foreign)
        return [self.dispute(invoice, user_id=False) for invoice in invoices]

    def test_a_clerk_sees_those_of_her_company(self):
        mine, theirs, foreign = self.raised()
        seen = self.env["billing.dispute"].with_user(self.clerk).search([])
        self.assertEqual(seen, mine | theirs)
        with self.assertRaises(AccessError):
            foreign.with_user(self.clerk).action_reject()
        with self.assertRaises(AccessError):
            foreign.with_user(self.clerk).read(["description"])

    def test_a_clerk_raises_and_resolves(self):
        form = Form(
            self.env["billing.dispute"]
            .with_user(self.clerk)
            .with_context(default_move_id=self.mine.id),
            view="billing_crm.billing_dispute_view_form_new",
        )
        self.assertEqual(form.amount, 120.0)
        form.reason = "quality"
        form.scope = "lines"
        with form.line_ids.new() as line:
            line.move_line_id = self.mine.invoice_line_ids
            self.assertEqual(line.amount, 120.0)
            line.quantity = 0.5
        self.assertEqual(form.amount, 60.0)
        dispute = form.save()
        self.assertEqual((dispute.amount, dispute.partner_id), (60.0, self.partner_a))
        self.assertEqual((dispute.user_id, dispute.source), (self.salesperson, "clerk"))
        wizard = Form(
            self.env["billing.dispute.resolve"]
            .with_user(self.clerk)
            .with_context(default_dispute_id=dispute.id)
        )
        self.assertEqual((wizard.amount, wizard.reason), (60.0, "Quality"))
        wizard.post = True
        wizard.save().action_apply()
        self.assertEqual((dispute.state, self.mine.amount_residual), ("resolved", 60.0))

    def test_a_salesperson_sees_own_customers_and_what_is_theirs_to_answer(self):
        mine, theirs, _foreign = self.raised()
        seen = self.env["billing.dispute"].with_user(self.salesperson).search([])
        self.assertEqual(seen, mine)
        with self.assertRaises(AccessError):
            theirs.with_user(self.salesperson).action_reject()
        theirs.user_id = self.salesperson
        seen = self.env["billing.dispute"].with_user(self.salesperson).search([])
        self.assertEqual(seen, mine | theirs)
        mine.with_user(self.salesperson).action_withdraw()
        self.assertEqual(mine.state, "withdrawn")
        with self.assertRaises(AccessError):
            self.env["billing.dispute.resolve"].with_user(self.salesperson).create(
                {"dispute_id": theirs.id}
            )

    def test_a_salesperson_raises_for_own_customers_only(self):
        as_salesperson = self.env["billing.dispute"].with_user(self.salesperson)
        as_salesperson.create({"move_id": self.mine.id, "reason": "price"})
        with self.assertRaises(AccessError):
            as_salesperson.create(
                {"move_id": self.theirs.id, "reason": "price", "user_id": self.clerk.id}
            )

    def test_others_have_no_part_in_it(self):
        self.raised()
        for user in (self.accountant, self.portal, self.env.ref("base.public_user").sudo()):
            for model in ("billing.dispute", "billing.dispute.line"):
                with self.assertRaises(AccessError, msg=model):
                    self.env[model].with_user(user).search([])

    def test_an_accountant_without_the_group_keeps_working(self):
        self.dispute(self.mine)
        invoice = self.mine.with_user(self.accountant)
        self.env.invalidate_all()
        self.assertEqual(invoice.billing_status, "disputed")
        self.assertTrue(invoice.read())
        credit = self.env["account.move"].browse(
            self.env["billing.dispute"].search([("move_id", "=", invoice.id)])._create_credit(20).id
        )
        credit.with_user(self.accountant).action_post()
        invoice.button_draft()
        invoice.button_cancel()
        self.assertEqual(invoice.state, "cancel")

    def test_only_the_buttons_change_what_became_of_it(self):
        dispute = self.dispute(self.mine)
        clerk = dispute.with_user(self.clerk)
        for values in ({"state": "rejected"}, {"opened_on": self.day(-9)}, {"source": "page"}):
            with self.assertRaises(UserError):
                clerk.write(values)
        with self.assertRaises(AccessError):
            clerk.unlink()
        made = (
            self.env["billing.dispute"]
            .with_user(self.clerk)
            .with_context(default_state="resolved", default_source="page")
            .create({"move_id": self.theirs.id, "reason": "price", "is_elsewhere": True})
        )
        self.assertEqual((made.state, made.source, made.is_elsewhere), ("open", "clerk", False))

    def test_who_is_responsible(self):
        responsible = self.mine._get_billing_responsible
        self.mine.invoice_user_id = self.accountant
        self.assertEqual(responsible(), self.salesperson)
        self.mine.invoice_user_id = self.clerk
        self.assertEqual(responsible(), self.clerk)
        self.clerk.active = False
        self.partner_a.user_id = False
        boss = self.make_user("boss", "billing_crm.group_billing_manager")
        self.company.billing_dispute_user_id = boss
        self.assertEqual(responsible(), boss)
        self.company.billing_dispute_user_id = False
        self.assertIn(responsible(), self.env.ref("billing_crm.group_billing_manager").all_user_ids)

    def test_the_activity_follows_who_is_responsible(self):
        dispute = self.dispute(self.mine)
        self.assertEqual(dispute.activity_ids.user_id, self.salesperson)
        dispute.with_user(self.clerk).write(
            {"user_id": self.clerk.id, "date_deadline": self.day(3)}
        )
        self.assertEqual(dispute.activity_ids.user_id, self.clerk)
        self.assertEqual(dispute.activity_ids.date_deadline, self.day(3))

    def test_the_customer_is_told_if_wanted_only(self):
        mails = self.env["mail.mail"].sudo()
        dispute = self.dispute(self.mine)
        self.resolve(dispute, "rejected", answer="It is the agreed price.")
        to_customer = [
            ("model", "=", "billing.dispute"),
            ("recipient_ids", "in", self.partner_a.ids),
        ]
        self.assertFalse(mails.search(to_customer))
        self.assertEqual(dispute.state, "rejected")
        dispute = self.dispute(self.mine)
        self.resolve(dispute, "rejected", answer="It is the agreed price.", notify=True)
        mail = mails.search(to_customer)
        self.assertIn("It is the agreed price.", mail.body_html)
        self.assertIn("cannot agree", mail.body_html)
        self.assertIn("/billing/l/your-personal-link", mail.body_html)
        self.partner_a.email = False
        dispute = self.dispute(self.mine)
        with self.assertRaises(UserError):
            self.resolve(dispute, "rejected", notify=True)

    def test_buttons_lead_to_it(self):
        dispute = self.dispute(self.mine)
        self.assertEqual(self.mine.billing_dispute_count, 1)
        self.assertEqual(self.partner_a.billing_dispute_count, 1)
        action = self.mine.action_billing_view_disputes()
        self.assertEqual(action["res_id"], dispute.id)
        item = self.items(self.theirs).with_user(self.clerk)
        self.assertEqual(item.action_dispute()["context"]["default_move_id"], self.theirs.id)
        reminder = self.plan()
        self.assertEqual(reminder.action_dispute()["context"]["default_move_id"], self.theirs.id)
        action = self.partner_a.action_open_billing_disputes()
        self.assertEqual(self.env["billing.dispute"].search(action["domain"]), dispute)

    def test_overdue_answers_are_found(self):
        dispute = self.dispute(self.mine, date_deadline=self.day(-1))
        self.dispute(self.theirs, date_deadline=self.day(0))
        found = self.env["billing.dispute"].search(
            [("state", "=", "open"), ("date_deadline", "<", "today")]
        )
        self.assertEqual(found, dispute)
        self.assertEqual(found.filtered("is_overdue"), dispute)

    def test_the_timeline_tells_it(self):
        dispute = self.dispute(self.mine, description="Two are broken")
        dispute.action_reject()
        self.env.invalidate_all()
        told = self.env["billing.timeline"].search([("move_id", "=", self.mine.id)])
        kinds = set(told.mapped("kind"))
        self.assertLessEqual({"disputed", "dispute_rejected"}, kinds)
        [entry] = told.filtered(lambda entry: entry.kind == "disputed")
        self.assertEqual(entry.summary, "Disputed (Two are broken)")

    def test_disputes_of_many_customers_cost_the_list_no_more(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(10)]
        )
        invoices = [self.bill(due=-10, partner=partner) for partner in partners]
        for invoice in invoices[:9]:
            self.dispute(invoice, user_id=False)
        self.env.invalidate_all()
        self.env.flush_all()
        partners[9].billing_dispute_count  # noqa: B018  # rights and rules are known from here on
        self.env.invalidate_all()
        with self.assertQueryCount(4):
            partners.mapped("billing_dispute_count")
        self.assertEqual(sum(partners.mapped("billing_dispute_count")), 9)
