from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import BillingCommon

MINUTE = timedelta(minutes=1)


@tagged("post_install", "-at_install")
class TestRateLimit(BillingCommon):
    def setUp(self):
        super().setUp()
        self.registry_enter_test_mode()  # attempts are counted in a transaction of their own

    def attempt(self, key="someone", limit=2):
        return self.env["billing.attempt"]._allow("guess", key, limit=limit, within=MINUTE)

    def test_what_is_beyond_the_limit_is_refused_and_not_written_down(self):
        self.assertEqual([self.attempt() for _i in range(5)], [True, True, False, False, False])
        self.assertEqual(self.env["billing.attempt"].search_count([("key", "=", "someone")]), 2)

    def test_each_key_and_each_action_counts_for_itself(self):
        self.attempt(limit=1)
        self.assertFalse(self.attempt(limit=1))
        self.assertTrue(self.attempt("another", limit=1))
        allow = self.env["billing.attempt"]._allow
        self.assertTrue(allow("pay", "someone", limit=1, within=MINUTE))

    def test_the_limit_moves_on_with_the_clock(self):
        self.attempt(limit=1)
        self.env["billing.attempt"].sudo().search([]).date = fields.Datetime.now() - MINUTE
        self.env.flush_all()
        self.assertTrue(self.attempt(limit=1))

    def test_old_attempts_are_forgotten(self):
        self.attempt()
        old = self.env["billing.attempt"].sudo().search([])
        old.date = fields.Datetime.now() - timedelta(days=2)
        self.attempt("another")
        self.env["billing.attempt"]._gc_attempts()
        self.assertEqual(self.env["billing.attempt"].sudo().search([]).mapped("key"), ["another"])

    def test_nobody_but_an_administrator_reads_attempts(self):
        for groups in ("billing_crm.group_billing_manager", "base.group_portal"):
            user = new_test_user(self.env, groups.split(".")[1], groups=groups)
            with self.assertRaises(AccessError):
                self.env["billing.attempt"].with_user(user).search([])
