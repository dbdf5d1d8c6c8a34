import re

from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import ReminderCommon
from .scenario_ladder_words import LadderWords
from .scenario_words import DAY_0
from .scenarios import read_cases


def name_of(case):
    """Return the name of the test that tells a story."""
    words = re.sub(r"\W+", "_", case.title.lower()).strip("_")
    return f"test_{case.topic}_{words}"


@tagged("post_install", "-at_install")
class TestReminderScenarios(LadderWords, ReminderCommon):
    """The stories of `scenarios/`: what is in the ledger, and who is reminded of what."""

    @classmethod
    def setUpClass(cls):
        frozen = freeze_time(f"{DAY_0} 12:00:00")
        cls.clock = frozen.__enter__()
        cls.addClassCleanup(frozen.__exit__, None, None, None)
        super().setUpClass()
        cls.other = cls.setup_other_company()["company"]
        cls.other.billing_reminders_enabled = True
        cls.setup_other_currency("EUR", rates=[("1900-01-01", 2.0)])
        cls.partner_a.tz = cls.partner_b.tz = "UTC"

    def run_case(self, case):
        """Tell a story, and compare the messages after each run with what it says."""
        self.start()
        expected = None
        for number, line in case.lines:
            if line.startswith(">"):
                expected = (expected or []) + ([] if line == "> nothing" else [self.expect(line)])
                continue
            self.compare(expected, number)
            self.outcome = self.env["billing.reminder"].sudo()
            with self.subTest(line=number, text=line), mute_logger("odoo.sql_db"):
                self.tell(line)
            expected = [] if line.startswith(("run", "send")) else None
        self.compare(expected, "last")

    def compare(self, expected, number):
        if expected is not None:
            found = sorted(map(self.describe, self.outcome))
            self.assertEqual(found, sorted(expected), f"before line {number}")

    def test_there_are_at_least_sixty_and_each_has_its_name(self):
        names = [name_of(case) for case in read_cases()]
        self.assertGreaterEqual(len(names), 60)
        self.assertEqual(len(names), len(set(names)))
        for case in read_cases():
            self.assertTrue(any(line.startswith(">") for _number, line in case.lines), case.title)


for told in read_cases():
    setattr(
        TestReminderScenarios,
        name_of(told),
        lambda self, case=told: self.run_case(case),
    )
