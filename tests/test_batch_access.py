from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_batch_create import BatchCommon

MODELS = ("billing.batch", "billing.batch.line")


@tagged("post_install", "-at_install")
class TestBatchAccess(BatchCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_people()
        cls.strangers = [
            cls.accountant, cls.salesperson, cls.portal, cls.env.ref("base.public_user"),
        ]  # fmt: skip
        cls.batch = cls.create_drafts()
        cls.foreign = cls.other_company_invoice()
        other = cls.foreign.company_id
        cls.env.user.company_ids += other
        cls.env["billing.batch"].with_context(allowed_company_ids=other.ids)._start(
            "post", cls.foreign.with_context(allowed_company_ids=other.ids)
        )
        cls.env.user.company_ids -= other

    def test_a_clerk_sees_her_companys_batches_only(self):
        for model in MODELS:
            self.assertTrue(self.env[model].search_count([]))
            found = self.env[model].with_user(self.clerk).search([])
            self.assertEqual(found.company_id, self.company, model)
        foreign = self.env["billing.batch"].sudo().search([("company_id", "!=", self.company.id)])
        for button in ("action_stop", "action_retry", "action_send"):
            with self.assertRaises(AccessError, msg=button):
                getattr(foreign[:1].with_user(self.clerk), button)()

    def test_a_clerk_cannot_reach_another_companys_invoice(self):
        with self.assertRaises(AccessError):
            self.foreign.with_user(self.clerk).action_billing_post_and_send()

    def test_who_may_only_read_invoices_does_not_start(self):
        self.env["ir.rule"].create(
            {
                "name": "Somebody else's invoices are not changed",
                "model_id": self.env.ref("account.model_account_move").id,
                "domain_force": [("invoice_user_id", "=", self.clerk.id)],
                "perm_read": False,
            }
        )
        moves = self.batch.line_ids.move_id.with_user(self.clerk)
        with self.assertRaises(AccessError):
            moves.action_billing_post_and_send()

    def test_others_see_and_do_nothing(self):
        for user in self.strangers:
            for model in (*MODELS, "billing.batch.create"):
                with self.assertRaises(AccessError, msg=(user, model)):
                    self.env[model].with_user(user).search([]).read()
                with self.assertRaises(AccessError, msg=(user, model)):
                    self.env[model].with_user(user).create({})
            with self.assertRaises(AccessError, msg=user):
                self.batch.line_ids.move_id.with_user(user).action_billing_post_and_send()

    def test_nobody_writes_results(self):
        batch = self.batch.with_user(self.clerk)
        for record in (batch, batch.line_ids[0]):
            with self.assertRaises(UserError):
                record.write({"state": "waiting"})
            with self.assertRaises(UserError):
                record.unlink()

    def test_a_clerk_does_it_all(self):
        self.env["billing.batch"].search(
            [("company_id", "!=", self.company.id)]
        ).sudo().action_stop()
        wizard = self.env["billing.batch.create"].with_user(self.clerk).create(
            {
                "partner_ids": [Command.set(self.customers.ids)],
                "line_ids": [Command.create({"name": "Work", "price_unit": 10.0})],
            }
        )  # fmt: skip
        created = self.env["billing.batch"].browse(wizard.action_create()["res_id"])
        self.assertEqual(set(created.line_ids.mapped("state")), {"done"})
        posted = self.env["billing.batch"].browse(
            created.with_user(self.clerk).action_post()["res_id"]
        )
        self.work()
        self.assertEqual(posted.user_id, self.clerk)
        self.assertEqual(set(posted.line_ids.mapped("state")), {"done"})

    def test_the_work_is_done_with_the_starters_rights(self):
        """Who loses the right between pressing the button and the job does not post any more."""
        posted = self.env["billing.batch"].browse(
            self.batch.with_user(self.clerk).action_post()["res_id"]
        )
        self.clerk.group_ids = self.env.ref("base.group_user")
        self.work()
        lines = posted.line_ids
        self.assertEqual(set(lines.mapped("state")), {"failed"})
        self.assertEqual(set(lines.move_id.mapped("state")), {"draft"})
