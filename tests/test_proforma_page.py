import json
import re
from datetime import datetime, time, timedelta

from odoo import fields
from odoo.addons.base.tests.common import HttpCaseWithUserDemo
from odoo.fields import Command
from odoo.http import Request
from odoo.tests import new_test_user, tagged

from .test_link_page import BROWSER
from .test_proforma import ProformaCommon


@tagged("post_install", "-at_install")
class TestProformaPage(ProformaCommon, HttpCaseWithUserDemo):
    """The page behind the link of a pro forma, as a stranger with a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls.env.ref("base.user_admin")
        cls.seller.company_ids += cls.company
        cls.proforma = cls.estimate((10, 100.0), user_id=cls.seller.id)
        cls.proforma._mark_sent()
        cls.path = cls.env["billing.link"].sudo()._mint(cls.proforma, cls.partner_a)
        cls.link = cls.env["billing.link"].sudo().search([], limit=1)

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def get(self, path=None, **headers):
        return self.url_open(
            path or self.path, headers={**BROWSER, **headers}, allow_redirects=False
        )

    def post(self, answer, path=None, token=None, **values):
        values.setdefault("name", "Anna Client")
        values.setdefault("version", self.proforma._get_version())
        return self.url_open(
            f"{path or self.path}/{answer}",
            data={"csrf_token": token or Request.csrf_token(self), **values},
            headers=BROWSER,
            allow_redirects=False,
        )

    def state(self):
        self.env.invalidate_all()
        return self.proforma.state

    def test_the_page_says_what_is_estimated(self):
        page = self.get()
        self.assertEqual(page.status_code, 200)
        for text in (self.proforma.name, "1,000.00", "Work", "Accept this estimate"):
            self.assertIn(text, page.text)
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(self.state(), "sent", "looking changes nothing")

    def test_its_last_day_ends_where_the_company_is(self):
        west, east = "Etc/GMT+12", "Pacific/Kiritimati"  # always on different days
        last = fields.Date.context_today(self.proforma.with_context(tz=west))
        self.proforma.action_draft()
        self.proforma.write({"date": last, "validity_date": last})
        self.proforma._mark_sent()
        self.company.partner_id.tz = east
        self.assertNotIn("accept_name", self.get().text)
        self.assertIn("does not wait", self.post("accept").text)
        self.assertEqual(self.state(), "sent")
        self.company.partner_id.tz = west
        self.assertIn("accept_name", self.get().text)
        self.assertEqual(self.post("accept").status_code, 303)
        self.assertEqual(self.state(), "accepted")

    def test_its_link_counts_from_the_end_of_the_last_day(self):
        self.company.partner_id.tz = "Etc/GMT+12"
        links = self.env["billing.link"].sudo()
        links._mint(self.proforma, self.partner_a)
        noon = datetime.combine(self.proforma.validity_date, time(12)) + timedelta(days=1)
        self.assertEqual(
            links.search([], limit=1, order="id desc").expires_on,
            noon + timedelta(days=self.company.billing_link_days),
        )

    def test_an_answer_is_told_to_someone_who_still_works_here(self):
        gone, manager = (
            new_test_user(
                self.env,
                login,
                group,
                company_id=self.company.id,
                company_ids=[Command.set(self.company.ids)],
            )
            for login, group in (
                ("pf_gone", "sales_team.group_sale_salesman"),
                ("pf_manager", "billing_crm.group_billing_manager"),
            )
        )
        self.proforma.user_id = gone
        gone.active = False
        self.partner_a.user_id = manager
        self.proforma._answer_through_link(self.link, "accepted", "Anna")
        self.assertEqual(self.proforma.activity_ids.user_id, manager)

    def test_accepting(self):
        response = self.post("accept")
        self.assertEqual(response.status_code, 303, response.text[-2000:])
        self.assertEqual(self.state(), "accepted")
        self.assertEqual(self.proforma.answered_by, "Anna Client")
        self.assertTrue(self.proforma.answered_on)
        activity = self.proforma.activity_ids
        self.assertEqual(activity.user_id, self.seller)
        self.assertIn("Anna Client", "".join(self.proforma.message_ids.mapped("body")))
        self.assertIn("Anna Client", self.get().text)
        self.assertNotIn("billing_accept", self.get().text)
        self.assertEqual(
            self.proforma.billing_event_ids.filtered(lambda e: e.kind == "accepted").agent, "human"
        )

    def test_declining_with_a_reason(self):
        self.assertEqual(self.post("decline", reason="Too <b>dear</b>").status_code, 303)
        self.assertEqual(self.state(), "declined")
        self.assertEqual(self.proforma.decline_reason, "Too <b>dear</b>")
        self.assertIn("Too &lt;b&gt;dear", "".join(self.proforma.message_ids.mapped("body")))
        self.assertEqual(self.proforma.status, "declined")

    def test_an_answer_counts_once(self):
        self.post("accept")
        response = self.post("decline", name="Somebody Else")
        self.assertEqual(response.status_code, 200)
        self.assertIn("does not wait for an answer", response.text)
        self.assertEqual(self.state(), "accepted")
        self.assertEqual(self.proforma.answered_by, "Anna Client")
        self.assertEqual(len(self.proforma.activity_ids), 1)

    def test_looking_at_the_address_of_an_answer_changes_nothing(self):
        for answer in ("accept", "decline"):
            response = self.get(f"{self.path}/{answer}")
            self.assertIn(response.status_code, (404, 405))
        self.assertEqual(self.state(), "sent")

    def test_a_forged_request_changes_nothing(self):
        response = self.post("accept", token="forged")
        self.assertEqual(response.status_code, 400)
        self.assertEqual(self.state(), "sent")

    def test_bad_answers(self):
        for values, text in (
            ({"name": "  "}, "enter your name"),
            ({"version": "old"}, "has been changed"),
        ):
            response = self.post("accept", **values)
            self.assertEqual(response.status_code, 200)
            self.assertIn(text, response.text)
            self.assertEqual(self.state(), "sent")
        self.assertEqual(self.post("cancel").status_code, 404)
        self.post("accept", name="x" * 5000)
        self.assertEqual((self.state(), len(self.proforma.answered_by)), ("accepted", 100))

    def test_a_wrong_link_tells_nothing(self):
        wrong = "/billing/l/" + "x" * 43
        expected = self.get(wrong)
        self.assertEqual(expected.status_code, 404)
        self.assertEqual(self.post("accept", path=wrong).status_code, 404)
        self.link.action_revoke()
        for path in (self.path, f"{self.path}/proforma.pdf", f"{self.path}/1"):
            response = self.get(path)
            self.assertEqual(response.status_code, 404, path)
            self.assertNotIn(self.proforma.name, response.text)
        self.assertEqual(self.post("accept").status_code, 404)
        self.assertEqual(self.state(), "sent")

    def test_it_opens_nothing_that_is_owed(self):
        invoice = self.bill(due=-10)
        self.assertEqual(self.get(f"{self.path}/{invoice.id}").status_code, 404)
        self.assertEqual(self.get(f"{self.path}/{invoice.id}/pdf").status_code, 404)
        self.assertNotIn(invoice.name, self.get().text)
        owed = self.env["billing.link"].sudo()._mint(invoice, self.partner_a)
        self.assertEqual(self.post("accept", path=owed).status_code, 404)
        self.assertEqual(self.get(f"{owed}/proforma.pdf").status_code, 404)

    def test_of_another_customer(self):
        self.proforma.action_draft()
        self.proforma.partner_id = self.partner_b
        self.proforma._mark_sent()
        self.assertEqual(self.get().status_code, 404)
        self.assertEqual(self.post("accept").status_code, 404)

    def test_what_can_not_be_answered_says_so(self):
        proforma = self.proforma
        proforma.action_draft()
        self.assertIn("being changed", self.get().text)
        self.assertEqual(self.get(f"{self.path}/proforma.pdf").status_code, 404)
        proforma.write({"date": self.day(-5), "validity_date": self.day(-1)})
        proforma._mark_sent()
        page = self.get().text
        self.assertIn("Expired", page)
        self.assertNotIn("billing_accept", page)
        self.assertIn("does not wait", self.post("accept").text)
        proforma.validity_date = self.day(5)
        self.invoice(proforma, "percent", percent=10)
        self.assertIn("Invoiced", self.get().text)
        self.assertIn("does not wait", self.post("accept").text)
        proforma.invoice_ids.button_draft()
        proforma.invoice_ids.button_cancel()
        proforma.action_cancel()
        self.assertIn("Withdrawn", self.get().text)
        self.assertIn("does not wait", self.post("decline").text)
        self.assertEqual(self.state(), "cancel")

    def test_it_speaks_the_recipients_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.partner_a.lang = "fr_FR"
        self.assertRegex(self.get().text, "1[\\s\u202f\xa0]000,00")

    def test_visits_are_recorded_those_of_staff_are_not(self):
        self.get()
        self.get()
        kinds = self.proforma.billing_event_ids.mapped("kind")
        self.assertEqual(kinds, ["link_clicked"])
        self.assertIn(self.proforma.name, self.proforma.billing_event_ids.note)
        self.authenticate("admin", "admin")
        self.get()
        response = self.post("accept")
        self.assertIn("Only they can answer", response.text)
        self.assertEqual(self.state(), "sent")
        self.env.invalidate_all()
        self.assertEqual(len(self.proforma.billing_event_ids), 1)

    def test_reading_is_told_from_opening(self):
        response = self.url_open(
            f"{self.path}/seen",
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": {"invoice_id": None}}),
            headers={"Content-Type": "application/json", **BROWSER},
        )
        self.assertTrue(response.json()["result"])
        self.assertEqual(self.proforma.billing_event_ids.kind, "viewed")
        self.assertEqual(self.proforma.billing_event_ids.agent, "human")

    def test_the_pdf(self):
        response = self.get(f"{self.path}/proforma.pdf")
        self.assertEqual(response.status_code, 200)
        self.assertTrue(re.search(self.proforma.name.replace("/", "-"),
                                  response.headers["Content-Disposition"]))  # fmt: skip
        kinds = self.proforma.billing_event_ids.mapped("kind")
        self.assertEqual(kinds, ["downloaded"])

    def test_what_the_customer_writes_is_text(self):
        self.post("decline", reason='Price < 5 <a href="http://bad.example">pay</a>')
        self.assertEqual(self.state(), "declined")
        note = str(self.proforma.activity_ids.note)
        self.assertIn("Price &lt; 5", note)
        self.assertNotIn("<a ", note)
