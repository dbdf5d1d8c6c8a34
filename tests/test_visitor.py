from odoo.tests import TransactionCase, tagged

from ..models.tracking.billing_event import REASONS
from ..models.tracking.visitor import Hit, classify, get_device, get_family
from . import visitor_cases as cases

FACTS = Hit.__dataclass_fields__
USUAL = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": "en-US,en;q=0.5"}


@tagged("post_install", "-at_install")
class TestVisitor(TransactionCase):
    def classify(self, agent, **differences):
        facts = {name: value for name, value in differences.items() if name in FACTS}
        headers = {**USUAL, "User-Agent": agent}
        headers.update({name: value for name, value in differences.items() if name not in FACTS})
        headers = {name: value for name, value in headers.items() if value is not None}
        return classify(Hit(**{"kind": "link_clicked", "seconds": 3600, **facts}, headers=headers))

    def check(self, table, agent):
        for name, differences, reason in table:
            with self.subTest(name):
                verdict = self.classify(**differences)
                self.assertEqual((verdict.agent, verdict.reason), (agent, reason), name)

    def test_people_are_never_lost(self):
        self.check(cases.PEOPLE, "human")

    def test_likely_people(self):
        self.check(cases.LIKELY, "likely_human")

    def test_nothing_is_claimed_of_what_proves_nothing(self):
        self.check(cases.UNKNOWN, "unknown")

    def test_machines_are_never_counted(self):
        self.check(cases.MACHINES, "machine")

    def test_there_are_enough_patterns(self):
        self.assertGreaterEqual(len(cases.MACHINES), 40)
        self.assertGreaterEqual(len(cases.PEOPLE + cases.LIKELY + cases.UNKNOWN), 30)

    def test_staff_are_nobody(self):
        self.assertIsNone(self.classify(cases.CHROME, is_staff=True, kind="viewed"))

    def test_every_reason_has_words(self):
        tables = cases.PEOPLE + cases.LIKELY + cases.UNKNOWN + cases.MACHINES
        self.assertLessEqual({reason for _name, _facts, reason in tables}, set(dict(REASONS)))

    def test_devices(self):
        for agent, device in (
            (cases.IPHONE, "phone"), (cases.ANDROID, "phone"), (cases.IPAD, "tablet"),
            ("Mozilla/5.0 (Linux; Android 13; SM-X700) Chrome/142.0.0.0 Safari/537.36", "tablet"),
            (cases.CHROME, "computer"), (cases.FIREFOX, "computer"), ("curl/8.5.0", None),
        ):  # fmt: skip
            self.assertEqual(get_device(agent), device, agent)

    def test_an_update_of_the_browser_is_no_other_device(self):
        self.assertEqual(
            get_family(cases.CHROME), get_family(cases.CHROME.replace("142.0", "143.0"))
        )
        self.assertNotEqual(get_family(cases.CHROME), get_family(cases.EDGE))
        self.assertNotEqual(get_family(cases.IPHONE), get_family(cases.ANDROID))
