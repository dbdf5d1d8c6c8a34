from odoo.addons.mail.tests.common import MailCase
from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_batch_create import BatchCommon


class BatchSendCommon(BatchCommon, MailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.moves = cls.create_drafts().line_ids.move_id

    def send(self, moves=None):
        """Post and send, from the list of invoices to the end of the background job."""
        action = (self.moves if moves is None else moves).action_billing_post_and_send()
        batches = self.env["billing.batch"].browse(action.get("res_id")) or self.env[
            "billing.batch"
        ].search(action["domain"])
        with self.mock_mail_gateway():
            self.work()
        return batches

    def mails(self, moves=None):
        moves = self.moves if moves is None else moves
        return self.env["mail.mail"].sudo().search(
            [("model", "=", "account.move"), ("res_id", "in", moves.ids)]
        )  # fmt: skip

    def reason(self, batch, move):
        [line] = batch.line_ids.filtered(lambda line: line.move_id == move)
        return line.state, line.reason


@tagged("post_install", "-at_install")
class TestBatchSend(BatchSendCommon):
    def test_all_are_posted_and_sent(self):
        batch = self.send()
        self.assertEqual((batch.state, batch.done_count, batch.progress), ("done", 5, 100.0))
        self.assertEqual(set(self.moves.mapped("state")), {"posted"})
        self.assertEqual(set(self.moves.mapped("is_move_sent")), {True})
        self.assertTrue(all(self.moves.mapped("invoice_pdf_report_id")))
        self.assertEqual(sorted(self.mails().mapped("res_id")), sorted(self.moves.ids))
        self.assertEqual(self.mails().recipient_ids, self.customers)
        self.assertEqual(set(self.mails().mapped("author_id.id")), {self.env.user.partner_id.id})
        self.assertTrue(batch.finished_on)

    def test_a_second_time_nothing_is_sent(self):
        self.send()
        with self.assertRaisesRegex(UserError, "sent already"):
            self.send()
        self.assertEqual(len(self.mails()), 5)

    def test_an_invoice_waits_in_one_batch_only(self):
        first = self.moves[:3].action_billing_post_and_send()["res_id"]
        second = self.send()
        self.assertEqual(second.skipped_count, 3)
        self.assertIn("waits in", self.reason(second, self.moves[0])[1])
        self.assertEqual(self.env["billing.batch"].browse(first).done_count, 3)
        self.assertEqual(len(self.mails()), 5)

    def test_each_failure_has_its_reason(self):
        no_mail, empty, cancelled, locked, good = self.moves
        no_mail.partner_id.email = False
        empty.invoice_line_ids.unlink()
        cancelled.button_cancel()
        locked.invoice_date = "2020-05-05"
        self.company.fiscalyear_lock_date = "2020-12-31"
        batch = self.send()
        self.assertEqual(self.reason(batch, good), ("done", False))
        self.assertEqual(self.reason(batch, cancelled), ("skipped", "It is cancelled."))
        for move, text in (
            (no_mail, "Posted, but not sent. .*no e-mail address"),
            (empty, "no lines"),
            (locked, "books are closed"),
        ):
            state, reason = self.reason(batch, move)
            self.assertEqual(state, "failed")
            self.assertRegex(reason, text)
        self.assertEqual([m.state for m in self.moves],
                         ["posted", "draft", "cancel", "draft", "posted"])  # fmt: skip
        self.assertEqual(self.mails().mapped("res_id"), good.ids)

        # put right what can be put right, and try again
        no_mail.partner_id.email = "now@customers.example"
        locked.invoice_date = self.today
        batch.action_retry()
        self.assertEqual(batch.state, "waiting")
        with self.mock_mail_gateway():
            self.work()
        self.assertEqual((batch.done_count, batch.failed_count), (3, 1))
        self.assertEqual(len(self.mails()), 3)

    def test_a_blocked_payment_is_not_asked_for(self):
        self.moves._post()
        self.moves[0].action_toggle_block_payment()
        batch = self.send()
        self.assertRegex(self.reason(batch, self.moves[0])[1], "blocked")
        self.assertEqual(batch.done_count, 4)

    def test_who_is_written_to_by_hand_gets_no_mail(self):
        self.customers[0].invoice_sending_method = "manual"
        batch = self.send()
        self.assertRegex(self.reason(batch, self.moves[0])[1], "by hand")
        self.assertEqual(self.moves[0].state, "posted")
        self.assertFalse(self.moves[0].is_move_sent)
        self.assertEqual(len(self.mails()), 4)

    def test_a_future_invoice_waits_for_its_day(self):
        self.moves[0].invoice_date = self.day(5)
        batch = self.send()
        self.assertRegex(self.reason(batch, self.moves[0])[1], "in the future")
        self.assertEqual((self.moves[0].state, self.moves[0].auto_post), ("draft", "at_date"))

    def test_a_corrected_invoice_is_sent_again(self):
        self.send()
        corrected = self.moves[0]
        corrected.button_draft()
        corrected.invoice_line_ids.price_unit = 80.0
        batch = self.send(corrected)
        self.assertEqual(batch.done_count, 1)
        self.assertEqual(len(self.mails(corrected)), 2)

    def test_a_deleted_draft_is_left_out(self):
        batch = self.env["billing.batch"].browse(
            self.moves.action_billing_post_and_send()["res_id"]
        )
        self.moves[1].unlink()
        with self.mock_mail_gateway():
            self.work()
        self.assertEqual((batch.done_count, batch.skipped_count), (4, 1))

    def test_numbers_have_no_gap_where_one_fails(self):
        """A bad one in the middle is undone with its number."""
        bad = self.moves[2]
        post = type(bad)._post

        def sabotaged(moves, soft=True):
            posted = post(moves, soft=soft)
            if bad in moves:
                raise ValueError("A broken extension")
            return posted

        self.patch(type(bad), "_post", sabotaged)
        with self.assertLogs("odoo.addons.billing_crm", "ERROR"):
            batch = self.send()
        self.assertRegex(self.reason(batch, bad)[1], "unexpected.*broken extension")
        numbers = sorted((self.moves - bad).mapped("sequence_number"))
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 4)))
        self.assertEqual(bad.state, "draft")

    def test_stopping_leaves_the_rest_alone(self):
        batch = self.env["billing.batch"].browse(
            self.moves.action_billing_post_and_send()["res_id"]
        )
        batch.action_stop()
        self.work()
        self.assertEqual((batch.state, batch.skipped_count), ("done", 5))
        self.assertEqual(set(self.moves.mapped("state")), {"draft"})
        self.assertEqual(self.send().done_count, 5, "and they can be put into another one")

    def test_posting_alone_sends_nothing(self):
        created = (
            self.env["billing.batch.line"].search([("move_id", "in", self.moves.ids)]).batch_id
        )
        batch = self.env["billing.batch"].browse(created.action_post()["res_id"])
        self.work()
        self.assertEqual((batch.kind, batch.done_count), ("post", 5))
        self.assertFalse(self.mails())
        sent = self.env["billing.batch"].browse(batch.action_send()["res_id"])
        with self.mock_mail_gateway():
            self.work()
        self.assertEqual(sent.done_count, 5)

    def test_the_letter_is_that_of_the_type(self):
        template = self.env.ref("account.email_template_edi_invoice").copy({"subject": "Retainer!"})
        self.moves[0].billing_type_id = self.env["billing.invoice.type"].create(
            {"name": "Retainer", "behavior": "standard", "mail_template_id": template.id}
        )
        self.send()
        subjects = {mail.res_id: mail.subject for mail in self.mails()}
        self.assertEqual(subjects.pop(self.moves[0].id), "Retainer!")
        self.assertNotIn("Retainer!", subjects.values())

    def test_one_batch_for_each_company(self):
        foreign = self.other_company_invoice(partner=self.customers[0])
        self.env.user.company_ids += foreign.company_id
        moves = (self.moves | foreign).with_context(
            allowed_company_ids=(self.company | foreign.company_id).ids
        )
        batches = self.send(moves)
        self.assertEqual(batches.mapped("line_count"), [1, 5])
        self.assertEqual(batches.company_id, self.company | foreign.company_id)
        self.assertEqual(set(batches.mapped("failed_count")), {0})
        self.assertEqual(set(batches.mapped("state")), {"done"})
        self.assertEqual(foreign.state, "posted")

    def test_vendor_bills_are_none_of_its_business(self):
        bill = self._create_invoice_one_line(price_unit=10.0, move_type="in_invoice")
        with self.assertRaisesRegex(UserError, "not a document to a customer"):
            bill.action_billing_post_and_send()

    def test_the_starter_is_told(self):
        self.env.cr.precommit.clear()
        self.env["bus.bus"].sudo().search([]).unlink()
        self.moves[0].partner_id.email = False
        batch = self.send()
        self.env.cr.precommit.run()
        messages = self.env["bus.bus"].sudo().search([("message", "like", "account_notification")])
        self.assertIn("1 of 5 failed", messages[-1:].message)
        self.assertIn(f'"res_ids":[{batch.id}]', messages[-1:].message.replace(" ", ""))
