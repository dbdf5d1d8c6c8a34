from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_batch_send import BatchSendCommon


@tagged("post_install", "-at_install")
class TestBatchMeanwhile(BatchSendCommon):
    """What others do between the button and the background job, and after it."""

    def start(self, moves=None):
        """Post and send, as far as the button goes."""
        action = (self.moves if moves is None else moves).action_billing_post_and_send()
        return self.env["billing.batch"].browse(action["res_id"])

    def go_on(self):
        with self.mock_mail_gateway():
            self.work()

    def test_what_was_cancelled_since_is_left_out(self):
        batch = self.start()
        self.moves[0].button_cancel()
        self.go_on()
        self.assertEqual(self.reason(batch, self.moves[0]), ("skipped", "It is cancelled."))
        self.assertFalse(self.mails(self.moves[0]))
        self.assertEqual(batch.done_count, 4)

    def test_what_a_colleague_sent_since_is_not_sent_twice(self):
        batch = self.start()
        with self.mock_mail_gateway():
            self.moves[0].action_post()
            self.env["account.move.send"]._generate_and_send_invoices(self.moves[0])
        self.go_on()
        state, reason = self.reason(batch, self.moves[0])
        self.assertEqual(state, "skipped")
        self.assertRegex(reason, "sent already")
        self.assertEqual(len(self.mails(self.moves[0])), 1)
        self.assertEqual(batch.done_count, 4)

    def test_an_invoice_without_its_mail_is_no_success(self):
        """Whatever keeps Odoo from making the mail without saying so."""
        self.patch(
            type(self.env["account.move.send"]), "_send_mails", lambda sender, moves_data: None
        )
        batch = self.start(self.moves[:2])
        self.go_on()
        self.assertEqual((batch.done_count, batch.failed_count), (0, 2))
        self.assertRegex(self.reason(batch, self.moves[0])[1], "no e-mail for.*Customer 0")

    def test_a_retry_leaves_alone_what_waits_elsewhere(self):
        self.moves[0].partner_id.email = False
        failed = self.start(self.moves[:1])
        self.go_on()
        self.assertEqual(failed.failed_count, 1)
        self.moves[0].partner_id.email = "now@customers.example"
        second = self.start(self.moves[:1])
        with self.assertRaisesRegex(UserError, "does not wait in another batch"):
            failed.action_retry()
        self.go_on()
        self.assertEqual((failed.failed_count, second.done_count), (1, 1))
        self.assertEqual(len(self.mails(self.moves[0])), 1)

    def test_a_retry_is_done_in_the_name_of_who_asks_for_it(self):
        self.moves[0].partner_id.email = False
        batch = self.start(self.moves[:1])
        self.go_on()
        self.moves[0].partner_id.email = "now@customers.example"
        clerk = self.make_user("batch_colleague", "billing_crm.group_billing_user")
        batch.with_user(clerk).action_retry()
        self.go_on()
        self.assertEqual((batch.user_id, batch.done_count), (clerk, 1))
        self.assertEqual(self.mails(self.moves[0]).mail_message_id.create_uid, clerk)
