from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestTrackingRetention(BillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.document = cls.bill(due=-500)
        cls.link = cls.mint()

    @classmethod
    def mint(cls):
        path = cls.env["billing.link"].sudo()._mint(cls.document, cls.partner_a)
        return cls.env["billing.link"].sudo()._find(path.split("/")[-1])

    def log(self, kind, days, agent="human", **values):
        """Something that happened so many days ago."""
        return self.env["billing.event"]._log(
            self.document,
            kind,
            **{
                "link": self.link,
                "agent": agent,
                "date": fields.Datetime.now() - timedelta(days=days),
                "network": "somewhere",
                "user_agent": "a browser",
                **values,
            },
        )

    def thin(self):
        with self.enter_registry_test_mode():
            self.env.ref("billing_crm.ir_cron_thin_events").method_direct_trigger()
        self.env.invalidate_all()

    def test_first_and_last_of_each_kind_by_a_person_stay(self):
        first, middle, last = (self.log("viewed", days) for days in (500, 450, 400))
        likely = self.log("viewed", 480, agent="likely_human")
        other = self.log("viewed", 470, recipient_id=self.partner_b.id)
        clicks = [self.log("link_clicked", 460, agent=agent) for agent in ("machine", "unknown")]
        recent = [self.log("link_clicked", days, agent="machine") for days in (300, 1)]
        facts = [
            self.log(kind, 450, agent=False)
            for kind in ("sent", "delivered", "delivered", "bounced", "paid", "reminded")
        ]
        self.thin()
        for event in (first, last, other, *recent, *facts):
            self.assertTrue(event.exists(), (event.kind, event.date))
        for event in (middle, likely, *clicks):
            self.assertFalse(event.exists(), event)
        self.thin()
        self.assertTrue((first | last).exists() == first | last, "nothing more goes")

    def test_the_details_go_after_a_month(self):
        old, new = self.log("viewed", 31), self.log("viewed", 29)
        self.thin()
        self.assertEqual((old.network, old.user_agent), (False, False))
        self.assertEqual((new.network, new.user_agent), ("somewhere", "a browser"))
        self.assertEqual(old.agent, "human")

    def test_zero_keeps_everything(self):
        self.company.billing_retention_days = 0
        events = self.log("viewed", 5000) | self.log("viewed", 4000) | self.log("viewed", 3000)
        self.link.expires_on = fields.Datetime.now() - timedelta(days=3000)
        self.thin()
        self.assertEqual(events.exists(), events)
        self.assertTrue(self.link.exists())
        with self.assertRaises(ValidationError):
            self.company.billing_retention_days = -1

    def test_old_links_go_and_their_events_stay(self):
        event = self.log("viewed", 500)
        fresh = self.mint()
        self.link.expires_on = fields.Datetime.now() - timedelta(days=366)
        self.thin()
        self.assertFalse(self.link.exists())
        self.assertTrue(fresh.exists())
        self.assertTrue(event.exists())
        self.assertEqual((event.link_id.id, event.recipient_id), (False, self.partner_a))

    def test_one_companys_limit_is_not_anothers(self):
        self.company.billing_retention_days = 0
        events = self.log("viewed", 500) | self.log("viewed", 450) | self.log("viewed", 400)
        other = self.other_company_invoice(due=-500)
        other.action_post()
        self.document = other
        foreign = self.log("viewed", 500) | self.log("viewed", 450) | self.log("viewed", 400)
        self.thin()
        self.assertEqual(events.exists(), events)
        self.assertEqual(len(foreign.exists()), 2)

    def test_two_queries_for_a_batch(self):
        events = self.env["billing.event"]
        for days in range(400, 460):
            events |= self.log("viewed", days)
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.env.cr.execute(
                events._thin_to_sql(
                    self.company, self.partner_a.ids, fields.Datetime.now() - timedelta(days=365)
                )
            )
        self.assertEqual(self.env.cr.rowcount, 58)
