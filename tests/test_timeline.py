from datetime import datetime

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..models.crm.billing_timeline_sources import SOURCES
from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestTimeline(BillingCommon):
    """Everything about a document or a customer, in plain words."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.anna = cls.env["res.partner"].create(
            {"name": "Anna Berg", "email": "a@b.example", "parent_id": cls.partner_a.id}
        )
        cls.invoice = cls.bill(due=10)

    def said(self, kind, move=None, **values):
        """Return how the timeline tells of an event."""
        event = self.env["billing.event"]._log(move or self.invoice, kind, **values)
        return self.env["billing.timeline"].browse(event.id * SOURCES).summary

    def entries(self, record, *, people=False):
        self.env.invalidate_all()
        action = record.action_open_billing_timeline()
        domain = [*action["domain"]]
        if people:
            domain += [("agent", "!=", "machine"), ("kind", "!=", "trapped")]
        return self.env["billing.timeline"].search(domain)

    def test_who_came_with_what_and_how_sure_that_is(self):
        anna = {"recipient_id": self.anna.id, "channel": "page"}
        for kind, values, text in (
            (
                "viewed",
                {**anna, "agent": "likely_human", "device": "phone"},
                "Opened by Anna Berg, on a phone · likely a person",
            ),
            ("viewed", {**anna, "agent": "human"}, "Opened by Anna Berg · a person"),
            (
                "link_clicked",
                {**anna, "agent": "unknown", "device": "computer"},
                "Link opened by Anna Berg, on a computer · perhaps a machine",
            ),
            (
                "link_clicked",
                {**anna, "agent": "machine", "reason": "scanner", "device": "computer"},
                "Link opened by a machine (Mail security scanner)",
            ),
            ("trapped", {**anna}, "Hidden link opened by a machine"),
            (
                "viewed",
                {**anna, "agent": "human", "is_elsewhere": True, "device": "tablet"},
                "Opened with the link of Anna Berg, from elsewhere, on a tablet · a person",
            ),
            (
                "viewed",
                {"agent": "human", "channel": "print"},
                "Opened from the printed document · a person",
            ),
            ("downloaded", {"agent": "human"}, "Downloaded · a person"),
            ("sent", {"channel": "mail"}, "Sent"),
            ("delivered", anna, "Delivered to Anna Berg"),
            (
                "bounced",
                {**anna, "note": "no such mailbox"},
                "Came back: mail to Anna Berg (no such mailbox)",
            ),
            ("paid", {}, "Paid"),
        ):
            self.assertEqual(self.said(kind, **values), text)

    def test_in_the_readers_language_and_time(self):
        self.env["res.lang"]._activate_lang("de_DE")
        event = self.env["billing.event"]._log(
            self.invoice, "sent", date=datetime(2026, 1, 6, 23, 14)
        )
        entry = self.env["billing.timeline"].browse(event.id * SOURCES)
        for lang, tz, moment in (
            ("en_US", "UTC", "Tue 01/06/2026 11:14 PM"),
            ("de_DE", "Europe/Berlin", "Mi. 07.01.2026 00:14"),
        ):
            local = entry.with_context(lang=lang, tz=tz)
            self.assertEqual(local.moment.replace("\u202f", " "), moment)

    def test_a_day_is_the_same_day_everywhere(self):
        """Of an invoice only the day is known: no time zone makes another day of it."""
        for tz in ("Pacific/Auckland", "America/Los_Angeles", "UTC"):
            entry = self.env["billing.timeline"].with_context(tz=tz)
            self.env.invalidate_all()
            [invoiced] = entry.search([("move_id", "=", self.invoice.id)])
            self.assertIn(f"{self.invoice.invoice_date:%m/%d/%Y}", invoiced.moment)
            self.assertNotIn(":", invoiced.moment)

    def test_one_list_of_a_document(self):
        other = self.bill(due=10)
        for move in (self.invoice, other):
            for agent in ("human", "machine"):
                self.env["billing.event"]._log(move, "viewed", agent=agent)
        self.pay(self.invoice, amount=30.0)
        self._reverse_invoice(other, post=True)
        self.assertEqual(
            sorted(self.entries(self.invoice).mapped("kind")),
            ["invoiced", "received", "viewed", "viewed"],
        )
        self.assertEqual(
            sorted(self.entries(self.invoice, people=True).mapped("kind")),
            ["invoiced", "received", "viewed"],
        )
        self.assertIn("credited", self.entries(other).mapped("kind"))
        both = self.entries(self.partner_a)
        self.assertEqual(len(both.filtered(lambda entry: entry.kind == "viewed")), 4)
        self.assertEqual(both, self.entries(self.anna), "a contact shows its company's")
        self.assertEqual(both.mapped("date"), sorted(both.mapped("date"), reverse=True))

    def test_messages_with_the_customer_but_no_notes(self):
        def post(body, author, **values):
            self.invoice.message_post(
                body=body,
                author_id=author.id,
                **{"subtype_xmlid": "mail.mt_comment", "message_type": "comment", **values},
            )

        post("We asked the bank", self.env.user.partner_id, subtype_xmlid="mail.mt_note")
        post("Please look", self.env.user.partner_id)
        post("I will", self.anna, message_type="email")
        messages = self.entries(self.invoice).filtered("mail_message_id")
        self.assertEqual(
            set(messages.mapped(lambda entry: (entry.kind, entry.summary))),
            {
                ("message_out", f"Message from {self.env.user.name}: Please look"),
                ("message_in", "Message from Anna Berg: I will"),
            },
        )

    def test_what_a_document_was_sent_with_is_told_once(self):
        message = self.invoice.message_post(
            body="Your invoice", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.env["billing.event"]._log(self.invoice, "sent", mail_message_id=message.id)
        self.assertEqual(sorted(self.entries(self.invoice).mapped("kind")), ["invoiced", "sent"])

    def test_messages_are_for_those_who_may_open_the_document(self):
        self.invoice.message_post(
            body="Secret", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.partner_a.user_id = salesperson = new_test_user(
            self.env,
            "seller",
            groups="sales_team.group_sale_salesman",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        timeline = self.env["billing.timeline"].with_user(salesperson)
        self.assertEqual(timeline.search([]).mapped("kind"), ["invoiced"])
        salesperson.group_ids += self.env.ref("account.group_account_invoice")
        self.assertEqual(sorted(timeline.search([]).mapped("kind")), ["invoiced", "message_out"])

    def test_a_page_of_it_is_few_queries(self):
        for number in range(20):
            invoice = self.bill(due=number)
            self.env["billing.event"]._log(
                invoice, "viewed", agent="human", recipient_id=self.anna.id
            )
        spec = {name: {} for name in ("moment", "summary", "kind", "agent")}
        spec["move_id"] = {"fields": {"display_name": {}}}
        timeline = self.env["billing.timeline"]
        timeline.web_search_read([], spec, limit=80)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(9):
            timeline.web_search_read([("partner_id", "=", self.partner_a.id)], spec, limit=80)
