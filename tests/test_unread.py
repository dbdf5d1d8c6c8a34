from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestUnread(BillingCommon):
    """Activities for what nobody reads."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.billing_unread_activity = True
        cls.long_ago = fields.Datetime.now() - timedelta(days=8)

    def sent(self, date=None, **values):
        invoice = self.bill(due=20, invoice_user_id=self.env.uid, **values)
        self.env["billing.event"]._log(invoice, "sent", date=date or self.long_ago)
        return invoice

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("billing_crm.ir_cron_unread").method_direct_trigger()
        self.env.invalidate_all()

    def activities(self, moves):
        activity_type = self.env.ref("billing_crm.mail_activity_type_unread")
        return moves.activity_ids.filtered(lambda a: a.activity_type_id == activity_type)

    def test_once_for_each_that_is_unread_for_long_and_open(self):
        unread, recent, read, paid = (self.sent() for _i in range(4))
        not_sent = self.bill(due=20, invoice_user_id=self.env.uid)
        self.env["billing.event"]._log(read, "viewed", agent="human")
        self.pay(paid)
        recent.billing_event_ids.sudo().unlink()
        self.env["billing.event"]._log(recent, "sent")
        self.run_cron()
        activity = self.activities(unread)
        self.assertEqual(activity.user_id, self.env.user)
        self.assertFalse(self.activities(recent | read | paid | not_sent))
        activity.unlink()
        self.run_cron()
        self.assertFalse(self.activities(unread), "once is enough")

    def test_off_until_switched_on(self):
        self.company.billing_unread_activity = False
        invoice = self.sent()
        self.run_cron()
        self.assertFalse(self.activities(invoice))

    def test_closed_when_read_or_paid(self):
        read, paid, by_machine = (self.sent() for _i in range(3))
        self.run_cron()
        self.assertEqual(len(self.activities(read | paid | by_machine)), 3)
        self.env["billing.event"]._log(read, "viewed", agent="likely_human")
        self.env["billing.event"]._log(by_machine, "viewed", agent="machine")
        self.pay(paid)
        self.assertEqual(self.activities(read | paid | by_machine).res_id, by_machine.id)

    def test_the_next_run_removes_what_became_needless_unnoticed(self):
        refunded, kept = self.sent(), self.sent()
        self.run_cron()
        self._reverse_invoice(refunded, post=True)
        self.run_cron()
        self.assertEqual(self.activities(refunded | kept).res_id, kept.id)

    def test_one_bad_invoice_stops_no_other(self):
        good, bad, other = (self.sent() for _i in range(3))
        leave = type(self.env["account.move"])._leave_unread_activities

        def fail(moves):
            if bad in moves:
                raise ValueError("bad")
            return leave(moves)

        with (
            patch.object(type(self.env["account.move"]), "_leave_unread_activities", fail),
            mute_logger("odoo.addons.billing_crm.models.tracking.account_move_unread"),
        ):
            self.run_cron()
        self.assertEqual(len(self.activities(good | other)), 2)
        self.assertFalse(self.activities(bad))
        self.run_cron()
        self.assertTrue(self.activities(bad), "the next run tries again")
