from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import BillingCommon

FIGURES = (
    "billing.receivable",
    "billing.settlement",
    "billing.event",
    "billing.reminder",
    "billing.reminder.item",
    "billing.reminder.change",
    "billing.score",
    "billing.timeline",
    "billing.delivery.report",
    "billing.score.history",
)
OURS = (
    *FIGURES,
    "billing.watch",
    "billing.link",
    "billing.reminder.policy",
    "billing.reminder.level",
    "billing.dispute",
    "billing.dispute.line",
    "billing.late.charge",
    "billing.past.due",
)


@tagged("post_install", "-at_install")
class TestAccess(BillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_people()
        cls.public = cls.env.ref("base.public_user")
        cls.partner_a.user_id = cls.salesperson

        # every model has rows of two customers, and of a company that nobody here may see
        cls.company.billing_reminders_enabled = True
        invoices = cls.bill(due=-10) | cls.bill(due=-10, partner=cls.partner_b)
        for partner in (cls.partner_a, cls.partner_b):
            cls.pay(cls.bill(due=-10, partner=partner), on=0)
        cls.env["billing.reminder"].sudo()._plan(cls.company)
        for invoice in invoices:
            cls.env["billing.event"]._log(invoice, "delivered", recipient_id=invoice.partner_id.id)
        for invoice in invoices:
            cls.env["billing.link"].sudo()._mint(invoice, invoice.partner_id)
        foreign = cls.other_company_invoice(due=-10)
        foreign.action_post()
        other = foreign.company_id
        cls.env["billing.reminder"].with_company(other)._plan(other)
        items = cls.env["billing.receivable"].search([("move_id", "in", (invoices | foreign).ids)])
        changes = cls.env["billing.reminder.change"]
        changes._change("restart", changes._get_stands(items), None, None, "To begin anew")
        cls.env["billing.event"]._log(foreign, "delivered", recipient_id=foreign.partner_id.id)
        cls.env["billing.link"].sudo()._mint(foreign, foreign.partner_id)
        cls.env["billing.reminder.policy"].sudo().create({"name": "Theirs", "company_id": other.id})
        cls.env["billing.score"]._refresh(cls.company | other)

    def partners(self, user, model):
        records = self.env[model].with_user(user).search([])
        if model == "billing.reminder.item":
            records = records.reminder_id
        return records.partner_id & (self.partner_a | self.partner_b)

    def test_a_clerk_sees_all_customers_of_her_company_only(self):
        for model in FIGURES:
            self.assertEqual(
                self.partners(self.clerk, model), self.partner_a | self.partner_b, model
            )
        for model in OURS:
            companies = self.env[model].with_user(self.clerk).search([]).company_id
            self.assertLessEqual(companies, self.company, model)

    def test_a_salesperson_sees_their_own_customers_only(self):
        for model in FIGURES:
            self.assertEqual(self.partners(self.salesperson, model), self.partner_a, model)
            companies = self.env[model].with_user(self.salesperson).search([]).company_id
            self.assertEqual(companies, self.company, model)

    def test_a_salesperson_sees_no_figures_of_a_colleagues_customer(self):
        mine, theirs = (self.partner_a | self.partner_b).with_user(self.salesperson)
        self.assertEqual(mine.billing_overdue, 100.0)
        self.assertTrue(mine.billing_score_reasons)
        self.assertEqual(theirs.billing_overdue, 0.0)
        self.assertFalse(theirs.billing_score_id)
        self.assertFalse(theirs.billing_timeline_ids)

    def test_an_accountant_without_the_group_keeps_working(self):
        """Odoo's own screens must not break for those who have nothing to do with us."""
        invoice = self.env["account.move"].search(
            [("partner_id", "=", self.partner_a.id), ("move_type", "=", "out_invoice")], limit=1
        )
        self.assertTrue(invoice.with_user(self.accountant).billing_status)
        self.assertTrue(invoice.with_user(self.accountant).read(), "every field, as scripts do")
        for model in OURS:
            with self.assertRaises(AccessError, msg=model):
                self.env[model].with_user(self.accountant).search([])
        with self.assertRaises(AccessError):
            self.partner_a.with_user(self.accountant).read(["billing_due"])

    def test_customers_and_strangers_read_nothing(self):
        for user in (self.portal, self.public.sudo()):
            for model in OURS:
                with self.assertRaises(AccessError, msg=model):
                    self.env[model].with_user(user).search([])

    def test_nobody_writes_history(self):
        for model in (*FIGURES[2:6], "billing.link"):
            record = self.env[model].with_user(self.clerk).search([], limit=1)
            for forbidden in (
                lambda record=record: record.write({"company_id": self.company.id}),
                record.unlink,
                lambda record=record: record.create({"company_id": self.company.id}),
            ):
                with self.assertRaises(UserError, msg=model):  # AccessError is one
                    forbidden()

    def test_only_a_manager_changes_the_ladder(self):
        policy = self.env.ref("billing_crm.reminder_policy_default")
        with self.assertRaises(AccessError):
            policy.with_user(self.clerk).name = "Mine"
        self.clerk.group_ids += self.env.ref("billing_crm.group_billing_manager")
        policy.with_user(self.clerk).name = "Mine"

    def test_the_secrets_hash_is_not_shown(self):
        link = self.env["billing.link"].with_user(self.clerk).search([], limit=1)
        with self.assertRaises(AccessError):
            link.read(["token_hash"])

    def test_a_clerk_may_revoke_a_link(self):
        link = self.env["billing.link"].with_user(self.clerk).search([], limit=1)
        link.action_revoke()
        self.assertTrue(link.revoked_on)

    def test_a_salesperson_of_all_customers_sees_all_customers(self):
        self.salesperson.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        for model in FIGURES:
            self.assertEqual(
                self.partners(self.salesperson, model), self.partner_a | self.partner_b, model
            )

    def test_a_link_of_another_company_cannot_be_revoked(self):
        foreign = self.env["billing.link"].sudo().search([("company_id", "!=", self.company.id)])
        self.assertTrue(foreign.is_valid)
        with self.assertRaises(AccessError):
            foreign.with_user(self.clerk).action_revoke()
        self.assertFalse(foreign.revoked_on)

    def test_what_a_clerk_has_just_seen_is_not_shown_to_a_salesperson(self):
        """They share a cache within one request."""
        for user, seen in ((self.clerk, True), (self.salesperson, False)):
            customer = self.partner_b.with_user(user)
            self.assertEqual(bool(customer.billing_overdue), seen, user.login)
            self.assertEqual(bool(customer.billing_score_id), seen, user.login)
