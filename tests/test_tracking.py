from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.addons.base.tests.common import HttpCaseWithUserDemo
from odoo.addons.mail.tests.common import MailCommon
from odoo.tests import tagged

from .common import BillingCommon
from .visitor_cases import BY_HAND, CHROME, GMAIL, IPHONE

USUAL = {"User-Agent": CHROME, "Accept-Language": "en-US,en;q=0.5"}


@tagged("post_install", "-at_install")
class TestTracking(BillingCommon, MailCommon, HttpCaseWithUserDemo):
    """Visits over HTTP: what is written down of them, and what is found out later."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.message = cls.env["mail.message"].create({"body": "Your invoice"})
        cls.document, cls.path, cls.link = cls.mailed(cls.partner_a)

    @classmethod
    def mailed(cls, partner, seconds=3600):
        """An invoice, and the link that went out by mail so long ago."""
        invoice = cls.bill(amount=120.0, due=10, partner=partner)
        path = cls.env["billing.link"].sudo()._mint(invoice, partner, cls.message)
        link = cls.env["billing.link"].sudo()._find(path.split("/")[-1])
        sent = fields.Datetime.now() - timedelta(seconds=seconds)
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE billing_link SET create_date = %s WHERE id = %s", [sent, link.id]
        )
        link.invalidate_recordset()
        return invoice, path, link

    def get(self, path, method="GET", **headers):
        response = self.url_open(
            path, headers={**USUAL, **headers}, allow_redirects=False, method=method
        )
        self.assertLess(response.status_code, 500)
        return response

    def seen(self, path=None, **headers):
        answer = self.make_jsonrpc_request(
            f"{path or self.path}/seen", {"invoice_id": None}, headers={**USUAL, **headers}
        )
        self.assertTrue(answer)

    def trap(self, link=None):
        return f"/billing/m/{(link or self.link).token_hash}"

    def pixel(self):
        return f"/billing/o/{self.link.token_hash}.gif"

    def events(self, document=None):
        self.env.invalidate_all()
        events = (document or self.document).billing_event_ids.sorted("id")
        return [(event.kind, event.agent, event.reason) for event in events]

    def from_network(self, address):
        return patch.object(
            type(self.env["billing.event"]), "_hash_network", lambda _self, _address: address
        )

    def test_a_late_finding_reclassifies(self):
        self.get(self.path, **BY_HAND)
        self.assertEqual(self.events(), [("link_clicked", "likely_human", "navigated")])
        response = self.get(self.trap())
        self.assertEqual((response.status_code, response.text), (200, ""))
        self.assertEqual(
            self.events(),
            [("link_clicked", "machine", "trap"), ("trapped", "machine", "trap")],
        )

    def test_after_the_hidden_link_the_same_network_is_a_machine_until_it_reads(self):
        self.get(self.trap())
        self.get(self.path, **BY_HAND)
        self.seen()
        self.assertEqual(
            self.events()[1:],
            [("link_clicked", "machine", "trap"), ("viewed", "human", "gesture")],
        )
        self.assertEqual(self.document.billing_status, "viewed")

    def test_a_reader_stays_one_whatever_is_found_out_later(self):
        self.get(self.path, **BY_HAND)
        self.seen()
        self.get(self.trap())
        self.assertIn(("link_clicked", "machine", "trap"), self.events(), "or this shows nothing")
        self.assertIn(("viewed", "human", "gesture"), self.events())

    def test_a_machine_in_another_network_says_nothing_about_this_one(self):
        with self.from_network("office"):
            self.get(self.path, **BY_HAND)
        with self.from_network("scanner"):
            self.get(self.trap())
        self.assertIn(("link_clicked", "likely_human", "navigated"), self.events())

    def test_a_finding_is_about_a_few_minutes(self):
        self.get(self.path, **BY_HAND)
        self.age(minutes=6)
        self.get(self.trap())
        self.assertIn(("link_clicked", "likely_human", "navigated"), self.events())

    def age(self, **delta):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE billing_event SET date = date - %s WHERE move_id = %s",
            [timedelta(**delta), self.document.id],
        )

    def test_every_link_at_once(self):
        self.company.billing_pixel = True
        self.get(self.pixel())
        self.get(self.path, **BY_HAND)
        self.assertEqual({event[1:] for event in self.events()}, {("machine", "at_once")})

    def test_links_of_three_people_within_a_minute(self):
        carla = self.env["res.partner"].create({"name": "Carla"})
        others = [self.mailed(self.partner_b), self.mailed(carla)]
        for path in (self.path, others[0][1]):
            self.get(path, **BY_HAND)
        self.assertEqual(self.events()[0][1], "likely_human")
        self.get(others[1][1], **BY_HAND)
        for document in (self.document, others[0][0], others[1][0]):
            self.assertEqual(self.events(document)[0][1:], ("machine", "many_recipients"))

    def test_within_seconds_of_delivery(self):
        document, path, link = self.mailed(self.partner_a, seconds=0)
        self.get(path, **BY_HAND)
        self.assertEqual(self.events(document), [("link_clicked", "machine", "too_soon")])
        link.channel = "copy"
        link.mail_message_id = False
        self.get(path, **BY_HAND)
        self.assertEqual(self.events(document)[1][1], "likely_human", "it did not come by mail")

    def test_the_picture_tells_nothing_unless_switched_on(self):
        response = self.get(self.pixel())
        self.assertEqual(response.headers["Content-Type"], "image/gif")
        self.assertIn("no-store", response.headers["Cache-Control"])
        self.assertFalse(self.events())
        self.company.billing_pixel = True
        self.get(self.pixel(), **{"User-Agent": GMAIL})
        self.assertEqual(self.events(), [("opened", "unknown", "image_proxy")])

    def test_every_key_gets_the_same_answer(self):
        self.company.billing_pixel = True
        token = self.path.split("/")[-1]
        for path in ("/billing/o/%s.gif", "/billing/m/%s"):
            right = self.get(path % self.link.token_hash)
            for key in ("0" * 64, token, "x", "A" * 3000, "%00", "'; DROP TABLE billing_event; --"):
                wrong = self.get(path % key)
                self.assertEqual(
                    (right.status_code, right.content), (wrong.status_code, wrong.content), key
                )
        self.assertEqual(self.get(f"/billing/l/{self.link.token_hash}").status_code, 404)

    def test_a_customer_who_wants_no_tracking(self):
        self.company.billing_pixel = True
        self.partner_a.billing_no_tracking = True
        page = self.get(self.path)
        self.assertIn("data-no-tracking", page.text)
        self.assertNotIn("/billing/m/", page.text)
        self.seen()
        for path in (self.pixel(), self.trap(), f"{self.path}/{self.document.id}/pdf"):
            self.get(path)
        self.assertFalse(self.events())

    def test_a_forwarded_link(self):
        with self.from_network("annas"):
            self.seen(**{"User-Agent": IPHONE})
            self.seen(**{"User-Agent": IPHONE})
        self.assertEqual(self.document.billing_event_ids.mapped("is_elsewhere"), [False])
        with self.from_network("another"):
            self.seen()
            self.seen()
        self.env.invalidate_all()
        events = self.document.billing_event_ids.sorted("id")
        self.assertEqual(events.mapped("is_elsewhere"), [False, True])
        self.assertEqual(events.mapped("device"), ["phone", "computer"])
        self.assertEqual(events.recipient_id, self.partner_a)

    def test_staff_do_not_count_when_signed_out_either(self):
        self.authenticate("admin", "admin")
        self.get(self.path)
        self.opener.cookies.pop("session_id")
        self.get(self.path)
        self.seen()
        self.assertFalse(self.events())

    def test_the_network_is_not_stored(self):
        self.get(self.path)
        event = self.document.billing_event_ids
        self.assertNotIn("127.0.0.1", event.network)
        networks = self.env["billing.event"]._hash_network
        self.assertEqual(event.network, networks("127.0.0.1"))
        self.assertEqual(networks("2001:db8:1:2:3::4"), networks("2001:db8:1:2:ffff::1"))
        self.assertNotEqual(networks("2001:db8:1:2::1"), networks("2001:db8:1:3::1"))
        self.assertEqual(networks("::ffff:10.0.0.1"), networks("10.0.0.1"))
        self.assertFalse(networks("nonsense"))
        self.env["ir.config_parameter"].sudo().set_param("database.secret", "another")
        self.assertNotEqual(event.network, networks("127.0.0.1"))
