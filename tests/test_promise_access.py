from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_promise import PromiseCommon

OURS = ("billing.promise", "billing.promise.item", "billing.pause")


@tagged("post_install", "-at_install")
class TestPromiseAccess(PromiseCommon):
    """Who sees what customers promised, and whom reminders are paused for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_people()
        cls.partner_a.user_id = cls.salesperson
        foreign = cls.other_company_invoice(due=-10)
        foreign.action_post()
        cls.foreign_company = foreign.company_id
        theirs = cls.bill(due=-10, partner=cls.partner_b)
        promises = cls.env["billing.promise"].sudo()
        for invoice in (cls.invoice, theirs, foreign):
            rows = promises._get_promisable(
                invoice.company_id, invoice.partner_id, [("move_id", "=", invoice.id)]
            )
            promises._record(rows, 10.0, cls.day(3))
            cls.env["billing.pause"].sudo().create(
                {
                    "company_id": invoice.company_id.id,
                    "partner_id": invoice.partner_id.id,
                    "reason": "other",
                    "date_end": cls.day(3),
                }
            )

    def customers(self, user, model):
        records = self.env[model].with_user(user).search([])
        self.assertLessEqual(records.company_id, self.company, model)
        records = records.promise_id if model == "billing.promise.item" else records
        return records.partner_id

    def test_a_clerk_sees_all_customers_of_her_company_only(self):
        for model in OURS:
            self.assertEqual(
                self.customers(self.clerk, model), self.partner_a | self.partner_b, model
            )

    def test_a_salesperson_sees_their_own_customers_only(self):
        for model in OURS:
            self.assertEqual(self.customers(self.salesperson, model), self.partner_a, model)
        timeline = self.env["billing.timeline"].with_user(self.salesperson).search([])
        self.assertIn("promised", timeline.mapped("kind"))
        self.assertEqual(timeline.partner_id, self.partner_a)

    def test_others_see_nothing_and_odoos_screens_work_for_them(self):
        self.assertTrue(self.invoice.with_user(self.accountant).read())
        self.assertEqual(self.invoice.with_user(self.accountant).billing_status, "promised")
        for user in (self.accountant, self.portal, self.env.ref("base.public_user")):
            for model in OURS:
                with self.assertRaises(AccessError, msg=model):
                    self.env[model].with_user(user).search([])

    def test_figures_on_a_customer_are_those_of_the_current_company(self):
        partner = self.partner_a.with_user(self.clerk)
        self.assertEqual(
            (partner.billing_promise_count, partner.billing_promise_open_count), (1, 1)
        )

    def test_another_companys_promise_cannot_be_withdrawn(self):
        theirs = self.env["billing.promise"].sudo().search([("company_id", "!=", self.company.id)])
        with self.assertRaises(AccessError):
            theirs.with_user(self.clerk).action_withdraw()
        self.assertEqual(theirs.state, "open")
        with self.assertRaises(AccessError):
            self.env["billing.pause"].with_user(self.clerk).create(
                {
                    "company_id": self.foreign_company.id,
                    "partner_id": self.partner_a.id,
                    "reason": "other",
                    "date_end": self.day(3),
                }
            )

    def test_the_timeline_tells_it_in_words(self):
        contact = self.partner_a.copy({"name": "Anna Berg", "parent_id": self.partner_a.id})
        invoice = self.bill(amount=500.0, due=-1)
        self.promise(invoice, contact_id=contact.id)
        self.judge(on=9)
        action = invoice.action_open_billing_timeline()
        entries = self.env["billing.timeline"].search(action["domain"])
        words = " / ".join(entries.mapped("summary"))
        self.assertIn("500.00", words)
        self.assertIn("by Anna Berg", words)
        self.assertIn("Promise broken", words)
        made = entries.filtered(lambda entry: entry.kind == "promised")
        self.assertEqual(made.action_open()["res_model"], "billing.promise")
        paused = self.env["billing.timeline"].search([("kind", "=", "paused")])
        self.assertIn("Reminders are paused", paused[0].summary)
