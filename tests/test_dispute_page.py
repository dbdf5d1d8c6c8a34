from odoo import fields
from odoo.http import Request
from odoo.tests import tagged

from ..controllers import rate_limit
from .common_page import BROWSER, LinkPageCommon

IPHONE = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/605.1.15"}


@tagged("post_install", "-at_install")
class TestDisputePage(LinkPageCommon):
    """The customer says on the page that something is wrong, or asks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson = cls.make_user("sally", "sales_team.group_sale_salesman")
        cls.document.invoice_user_id = cls.salesperson

    def post(self, path, headers=None, **data):
        data.setdefault("csrf_token", Request.csrf_token(self))
        return self.url_open(
            path, data=data, headers={**BROWSER, **(headers or {})}, allow_redirects=False
        )

    def say(self, path=None, invoice=None, headers=None, **data):
        values = {"reason": "price", "scope": "whole", "text": "Too much", "name": "Anna"}
        invoice = invoice or self.document
        return self.post(
            f"{path or self.path}/{invoice.id}/dispute", headers=headers, **{**values, **data}
        )

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    @property
    def disputes(self):
        self.env.invalidate_all()
        return self.env["billing.dispute"].search([("move_id", "=", self.document.id)], order="id")

    def test_the_whole_invoice_is_disputed(self):
        response = self.say()
        self.assertEqual(response.status_code, 303)
        dispute = self.disputes
        self.assertEqual((dispute.amount, dispute.reason, dispute.source), (120.0, "price", "page"))
        self.assertEqual((dispute.raised_by, dispute.recipient_id), ("Anna", self.partner_a))
        self.assertEqual((dispute.state, dispute.user_id), ("open", self.salesperson))
        self.assertFalse(dispute.is_elsewhere)
        self.assertEqual(dispute.activity_ids.user_id, self.salesperson)
        self.assertEqual(dispute.activity_ids.date_deadline, dispute.date_deadline)
        self.assertIn("disputed", self.kinds())
        event = self.document.billing_event_ids.filtered(lambda e: e.kind == "disputed")
        self.assertEqual((event.agent, event.reason, event.note), ("human", "acted", "Too much"))
        self.assertEqual(self.document.billing_status, "disputed")
        page = self.get(self.path).text
        self.assertIn("We are looking into it", page)
        self.assertIn('name="billing_withdraw"', page)
        self.assertNotIn('name="billing_dispute_form"', page, "nothing is left to dispute")
        self.assertFalse(self.env["mail.mail"].sudo().search([("model", "=", "billing.dispute")]))

    def test_an_amount_is_disputed_and_the_rest_can_be_paid(self):
        self.document.invoice_date_due = self.day(-3)
        self.assertEqual(self.say(scope="amount", amount="50.5").status_code, 303)
        self.assertEqual(self.disputes.amount, 50.5)
        page = self.get(self.path).text
        self.assertIn("not disputed", page)
        choices = self.document._get_billing_choices()
        self.assertEqual(choices["undisputed"]["amount"], 69.5)
        self.assertEqual(choices["due"]["amount"], 120.0)
        result = self.transaction(choice="undisputed", amount=69.5)
        self.assertNotIn("error", result)
        transaction = self.document.transaction_ids
        self.assertEqual(transaction.amount, 69.5)
        self.finish(transaction)
        self.assertEqual(self.document.amount_residual, 50.5)
        self.assertEqual(self.disputes.state, "open")

    def test_lines_are_disputed(self):
        invoice = self.document.copy({"invoice_date": self.day(-20)})
        invoice.invoice_line_ids = [
            fields.Command.create({"name": "Travel", "price_unit": 30.0, "tax_ids": []})
        ]
        invoice.action_post()
        path = self.env["billing.link"].sudo()._mint(invoice, self.partner_a)
        line = invoice.invoice_line_ids.filtered(lambda item: item.name == "Travel")
        self.assertIn("Travel", self.get(path).text)
        foreign = self.document.invoice_line_ids
        for wrong in ({}, {"line": foreign.id}, {"line": "x"}):
            response = self.say(path, invoice, scope="lines", **wrong)
            self.assertEqual(response.status_code, 200)
            self.assertIn("Please tick the lines", response.text)
        response = self.say(path, invoice, scope="lines", line=line.id)
        self.assertEqual(response.status_code, 303)
        dispute = self.env["billing.dispute"].search([("move_id", "=", invoice.id)])
        self.assertEqual((dispute.amount, dispute.line_ids.move_line_id), (30.0, line))

    def test_what_cannot_be_taken_is_said_and_kept(self):
        for wrong, message in (
            ({"reason": ""}, "Please say what is wrong"),
            ({"reason": "nonsense"}, "Please say what is wrong"),
            ({"name": " "}, "Please enter your name"),
            ({"text": ""}, "Please explain"),
            ({"scope": "amount", "amount": "abc"}, "as a number"),
            ({"scope": "amount", "amount": "nan"}, "as a number"),
            ({"scope": "amount", "amount": "1e400"}, "as a number"),
            ({"scope": "amount", "amount": "-5"}, "as a number"),
            ({"scope": "amount", "amount": "120.01"}, "is open and not disputed yet"),
            ({"scope": "amount", "amount": "0.001"}, "Say how much is disputed"),
        ):
            with self.subTest(wrong=wrong):
                response = self.say(**{"text": "My very own words", **wrong})
                self.assertEqual(response.status_code, 200)
                self.assertIn(message, response.text)
                if "text" not in wrong:
                    self.assertIn("My very own words", response.text)
        self.assertFalse(self.disputes)

    def test_text_is_shown_as_text(self):
        self.say(text="<script>alert(1)</script>", name="<b>Anna</b>")
        body = self.disputes.message_ids.mapped("body")
        self.assertFalse([text for text in body if "<script>" in text or "<b>Anna" in text])

    def test_it_can_be_withdrawn_once(self):
        self.say()
        dispute = self.disputes
        route = f"{self.path}/{self.document.id}/dispute/{dispute.id}/withdraw"
        self.assertEqual(self.post(route).status_code, 303)
        self.assertEqual(self.disputes.state, "withdrawn")
        self.assertIn("dispute_withdrawn", self.kinds())
        self.assertFalse(self.disputes.activity_ids)
        response = self.post(route)
        self.assertIn("closed already", response.text)
        page = self.get(self.path).text
        self.assertIn("You have withdrawn this", page)
        self.assertIn('name="billing_dispute_form"', page)

    def test_the_answer_is_shown(self):
        self.say()
        self.disputes.answer = "It is the agreed price."
        self.disputes.action_reject()
        page = self.get(self.path).text
        self.assertIn("cannot agree", page)
        self.assertIn("It is the agreed price.", page)

    def test_a_forwarded_link_is_recorded_as_such(self):
        self.rpc(f"{self.path}/seen", invoice_id=self.document.id)
        self.say(headers=IPHONE)
        dispute = self.disputes
        self.assertTrue(dispute.is_elsewhere)
        self.assertIn("forwarded", dispute.message_ids.sorted("id")[-1].body)
        event = self.document.billing_event_ids.filtered(lambda e: e.kind == "disputed")
        self.assertTrue(event.is_elsewhere)

    def test_a_dispute_of_another_invoice_is_not_withdrawn(self):
        other = self.bill(amount=10.0)
        dispute = self.env["billing.dispute"].create({"move_id": other.id, "reason": "price"})
        response = self.post(f"{self.path}/{self.document.id}/dispute/{dispute.id}/withdraw")
        self.assertIn("Please look again", response.text)
        response = self.post(f"{self.path}/{other.id}/dispute/{dispute.id}/withdraw")
        self.assertEqual(response.status_code, 404)
        self.assertEqual(dispute.state, "open")

    def test_a_question_reaches_the_salesperson(self):
        response = self.post(f"{self.path}/{self.document.id}/ask", text="When?", name="Anna")
        self.assertEqual(response.status_code, 303)
        self.env.invalidate_all()
        message = self.document.message_ids.sorted("id")[-1]
        message = self.document.message_ids.filtered(lambda one: "When?" in one.body)[:1]
        self.assertEqual(message.author_id, self.partner_a)
        activity = self.document.activity_ids
        self.assertEqual((activity.user_id, "When?" in activity.note), (self.salesperson, True))
        self.assertIn("asked", self.kinds())
        page = self.get(response.headers["Location"].split("#")[0]).text
        self.assertIn("Your question has reached us", page)
        for wrong in ({"text": ""}, {"name": ""}):
            response = self.post(
                f"{self.path}/{self.document.id}/ask", **{"text": "When?", "name": "Anna", **wrong}
            )
            self.assertEqual(response.status_code, 200)

    def test_a_question_on_the_statement(self):
        path = self.statement()
        self.assertNotIn('name="billing_dispute_form"', self.get(path).text)
        self.partner_a.user_id = self.salesperson
        response = self.post(f"{path}/ask", text="What is this?", name="Anna")
        self.assertEqual(response.status_code, 303)
        self.env.invalidate_all()
        self.assertEqual(self.partner_a.activity_ids.user_id, self.salesperson)

    def test_the_statement_marks_what_is_disputed_and_does_not_ask_for_it(self):
        self.document.invoice_date_due = self.day(-3)
        other = self.bill(amount=80.0, due=-5)
        self.env["billing.dispute"].create({"move_id": self.document.id, "reason": "price"})
        link = self.env["billing.link"].sudo()._find(self.statement().rsplit("/", 1)[-1])
        selection = link._get_selection(link._get_statement(), None)
        self.assertEqual((selection["lines"], selection["amount"]), (self.terms(other), 80.0))
        chosen = link._get_selection(link._get_statement(), self.terms(self.document).ids)
        self.assertEqual(chosen["amount"], 120.0)
        self.env["billing.dispute"].create(
            {"move_id": other.id, "reason": "price", "scope": "amount", "amount": 30.0}
        )
        self.env.invalidate_all()
        selection = link._get_selection(link._get_statement(), None)
        self.assertEqual((selection["lines"], selection["amount"]), (self.terms(other), 50.0))
        page = self.get(self.statement()).text
        self.assertIn("Disputed", page)

    def test_credits_are_not_eaten_by_what_is_disputed(self):
        self.company.billing_link_use_credits = True
        self.document.invoice_date_due = self.day(-3)
        other = self.bill(amount=80.0, due=-5)
        credit = self.bill(amount=100.0, move_type="out_refund")
        self.env["billing.dispute"].create({"move_id": self.document.id, "reason": "price"})
        path = self.statement()
        link = self.env["billing.link"].sudo()._find(path.rsplit("/", 1)[-1])
        both = self.terms(self.document, other).ids
        self.assertEqual(link._use_credits(both), 80.0)
        self.assertEqual((other.amount_residual, self.document.amount_residual), (0.0, 120.0))
        self.assertEqual(credit.amount_residual, 20.0)
        response = self.post(f"{path}/credit", item=self.terms(self.document).ids)
        self.assertIn("no credit that can be used", response.text)
        self.assertEqual(self.document.amount_residual, 120.0)

    def test_strangers_learn_nothing_and_change_nothing(self):
        token = self.path.rsplit("/", 1)[-1]
        for dead in (token[:-1], "x" * 43):
            for route in ("dispute", "ask", "dispute/1/withdraw"):
                response = self.post(
                    f"/billing/l/{dead}/{self.document.id}/{route}",
                    reason="price", scope="whole", text="x", name="y",
                )  # fmt: skip
                self.assertEqual(response.status_code, 404)
                self.assertNotIn(self.document.name, response.text)
        response = self.post(f"/billing/l/{token}/ask", text="x", name="y")
        self.assertEqual(response.status_code, 404, "its page is that of the invoice")
        self.assertFalse(self.disputes)

    def test_a_get_and_a_forged_request_change_nothing(self):
        for route in ("dispute", "ask"):
            path = f"{self.path}/{self.document.id}/{route}"
            self.assertEqual(self.get(path).status_code, 405)
            forged = self.post(
                path, csrf_token="forged", reason="price", scope="whole", text="x", name="y"
            )
            self.assertEqual(forged.status_code, 400)
        self.assertFalse(self.disputes)
        self.assertFalse(self.document.activity_ids)

    def test_employees_look_only(self):
        self.make_user("emil", "base.group_user").password = "emil-emil"
        self.authenticate("emil", "emil-emil")
        self.assertIn("Only they can do this here", self.say().text)
        self.assertFalse(self.disputes)

    def test_a_program_is_stopped(self):
        self.patch(
            rate_limit,
            "LIMITS",
            {**rate_limit.LIMITS, "dispute": (2, rate_limit.timedelta(hours=1))},
        )
        answers = [self.say(reason="").status_code for _time in range(4)]
        self.assertEqual(answers, [200, 200, 429, 429])

    def test_it_speaks_the_recipients_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.partner_a.lang = "fr_FR"
        self.assertIn('lang="fr-FR"', self.get(self.path).text)
        self.assertEqual(self.say(reason="").status_code, 200)
