from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestWatch(BillingCommon):
    """The bell: once, when a person first reads, and for whoever asked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("de_DE")
        cls.sam = new_test_user(
            cls.env,
            "sam",
            groups="sales_team.group_sale_salesman,account.group_account_invoice",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            notification_type="inbox",
        )
        cls.invoice = cls.bill(due=10, invoice_user_id=cls.sam.id)

    def look(self, kind="viewed", agent="human", moves=None):
        self.env["billing.event"]._log(
            moves or self.invoice, kind, agent=agent, recipient_id=self.partner_a.id
        )

    def told(self, user=None):
        partner = (user or self.sam).partner_id
        return (
            self.env["mail.notification"]
            .sudo()
            .search(
                [("res_partner_id", "=", partner.id), ("mail_message_id.subject", "like", "INV/")]
            )
        )

    def test_nobody_asked(self):
        self.look()
        self.assertFalse(self.told())

    def test_told_once_at_the_first_reading_by_a_person(self):
        self.invoice.with_user(self.sam).action_billing_watch()
        for kind, agent in (
            ("viewed", "machine"),
            ("viewed", "likely_human"),
            ("link_clicked", "human"),
            ("sent", False),
        ):
            self.look(kind, agent)
            self.assertFalse(self.told(), kind)
        self.look()
        told = self.told()
        self.assertEqual(len(told), 1)
        self.assertEqual(told.notification_type, "inbox")
        self.assertIn("partner_a has opened it", told.mail_message_id.body)
        self.assertEqual(told.mail_message_id.res_id, self.invoice.id)
        self.look()
        self.look("downloaded")
        self.assertEqual(self.told(), told)

    def test_two_first_visitors_at_once_are_told_of_once(self):
        """The second has not seen the first's event, and finds the row already claimed."""
        self.invoice.with_user(self.sam).action_billing_watch()
        events = self.env["billing.event"].sudo()
        values = {
            "kind": "viewed",
            "agent": "human",
            "move_id": self.invoice.id,
            "partner_id": self.partner_a.id,
            "company_id": self.company.id,
        }
        first = events.create([values, values])
        self.assertEqual(first._claim_watches(), [(self.invoice.id, self.sam.id)])
        self.assertEqual(first._claim_watches(), [])
        self.sam.billing_watch_own = True
        self.assertEqual(first._claim_watches(), [], "told already, whatever the reason")

    def test_whoever_wants_it_for_all_their_invoices(self):
        self.sam.with_user(self.sam).billing_watch_own = True
        self.assertTrue(self.invoice.with_user(self.sam).billing_is_watched)
        self.assertFalse(self.bill(due=10).with_user(self.sam).billing_is_watched)
        read_before = self.bill(due=10, invoice_user_id=self.env.uid)
        self.look(moves=read_before)
        read_before.invoice_user_id = self.sam
        self.look("downloaded", moves=read_before | self.invoice)
        self.assertEqual(self.told().mail_message_id.res_id, self.invoice.id)

    def test_asked_and_not_any_more(self):
        watched = self.invoice.with_user(self.sam)
        watched.action_billing_watch()
        self.assertTrue(watched.billing_is_watched)
        watched.action_billing_watch()
        self.assertFalse(watched.billing_is_watched)
        self.look()
        self.assertFalse(self.told())

    def test_in_their_language_and_without_waiting_for_a_mail_server(self):
        self.sam.lang = "de_DE"
        self.invoice.with_user(self.sam).action_billing_watch()
        contexts = []
        self.patch(
            self.env.registry["account.move"],
            "message_notify",
            lambda move, **values: contexts.append(move.env.context),
        )
        self.look("payment_started")
        self.assertEqual(
            [(context["lang"], context["mail_notify_force_send"]) for context in contexts],
            [("de_DE", False)],
        )

    def test_watching_is_for_those_who_may_read_and_belong_to_the_house(self):
        seller = new_test_user(self.env, "seller", groups="sales_team.group_sale_salesman")
        customer = new_test_user(
            self.env, "customer", groups="base.group_portal", partner_id=self.partner_a.id
        )
        accountant = new_test_user(
            self.env,
            "accountant",
            groups="account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        for user in (seller, customer, accountant, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                self.invoice.with_user(user).action_billing_watch()

    def test_nobody_is_told_of_another_companys_invoice(self):
        foreign = self.other_company_invoice(due=10)
        foreign.action_post()
        foreign.invoice_user_id = self.sam
        self.sam.billing_watch_own = True
        self.look(moves=foreign)
        self.assertFalse(self.told())

    def test_the_posted_invoice_is_not_written_to(self):
        self.invoice.with_user(self.sam).action_billing_watch()
        self.env.flush_all()
        before = self.invoice.write_date, len(self.invoice.message_ids)
        tracked = self.invoice.message_ids.tracking_value_ids
        self.look()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.invoice.write_date, before[0])
        self.assertEqual(self.invoice.message_ids.tracking_value_ids, tracked)
        self.assertFalse(self.invoice.is_manually_modified)

    def test_who_does_not_watch_pays_one_query(self):
        self.look()
        self.env.flush_all()
        with self.assertQueryCount(2):  # the event, and whether somebody watches
            self.look()
