from odoo.tests import freeze_time, tagged

from .common_score import ScoreCommon


@tagged("post_install", "-at_install")
@freeze_time("2028-02-29")
class TestScorePaper(ScoreCommon):
    """The scores of ten customers of one company, recomputed on paper, on a leap day.

    Weights: paid today 1, 180 days ago 1/2, 360 days ago 1/4; overdue 1. Of all payments:

        customer  weight  days x weight
        Ada        4      0 + 0 + 0 + 0                                  =   0
        Bob        3      3 + 10 + 30                                    =  43
        Cleo       3      5 + 5 + 5                                      =  15
        Dora       3      0 + 3 + 6                                      =   9
        Emil       3      0 - 10 - 20                                    = -30
        Fay        3      10 + 12 + 14                                   =  36
        Gus        2      1 x 1 + 20 x 1/2 + 32 x 1/4 + 4 x 1/4          =  20
        Hal        1      8                                              =   8
        Ida        3      4 + 8 + 12                                     =  24
        all       25                                                     = 125

    The company's average is 125 / 25 = 5 days late; everybody starts with three such payments, 15.
    The scale: 80 at 0 days, 70 at 15, 60 at 22, 50 at 30, 40 at 60; 90 at 20 days early.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = ("Ada", "Bob", "Cleo", "Dora", "Emil", "Fay", "Gus", "Hal", "Ida", "Jo", "Kim")
        people = {name: cls.customer(name) for name in names}
        cls.paid(people["Ada"], 0, 0, 0, 0)
        cls.paid(people["Bob"], 3, 10, 30)
        cls.tell_facts(people)
        cls.paid(people["Gus"], 1)  # was due on 28 February, paid on the 29th
        cls.paid(people["Gus"], 20, on=-180)
        cls.paid(people["Gus"], 32, 4, on=-360)
        cls.paid(people["Gus"], 100, on=-730)  # two years ago: does not count
        cls.tell_credits(people["Hal"])
        euro = cls.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        cls.paid(people["Ida"], 4, 12, currency_id=euro.id)
        cls.paid(people["Ida"], 8)
        cls.overdue(people["Jo"], 60)
        cls.people = people

    @classmethod
    def tell_facts(cls, people):
        cls.paid(people["Cleo"], 5, 5, 5)
        for state, ago in (
            ("broken", 10), ("broken", 364), ("partly", 20), ("kept", 30),
            ("broken", 365), ("withdrawn", 5),  # a year ago, and taken back: neither counts
        ):  # fmt: skip
            cls.promised(people["Cleo"], state, ago)
        contested = cls.bill(due=20, partner=people["Dora"])
        for state, ago, resolution in (
            ("rejected", 10, False), ("rejected", 200, False), ("rejected", 365, False),
            ("resolved", 10, "credit"), ("withdrawn", 10, False),
        ):  # fmt: skip
            cls.disputed(contested, state, ago, resolution)
        cls.paid(people["Dora"], 0, 3, 6)
        invoice = cls.paid(people["Emil"], 0, -10, -20)[0]
        cls.bounced(invoice, 3, 3, 40, 400)
        many, one, _none = cls.paid(people["Fay"], 10, 12, 14)
        cls.reminded(many, 5)
        cls.reminded(one, 1)
        cls.reminded(one, 1, first=-3)  # before the due date: a courtesy

    @classmethod
    def tell_credits(cls, hal):
        half = cls.bill(due=-8, partner=hal)
        cls.credit(half, 60.0)
        cls.pay(half, on=0)
        cls.credit(cls.bill(due=-300, partner=hal), 100.0)  # credited in full: no payment
        cls.overdue(hal, 40, 400)  # the second counts as 180 days

    def test_ten_customers(self):
        expected = {
            # 15 / 7 = 2.14 days; 80 - 2.14 x 10/15
            "Ada": (2.142857, 78.571429, 0, 79, "A", "medium"),
            # (43 + 15) / 6 = 9.67; 80 - 9.67 x 10/15
            "Bob": (9.666667, 73.555556, 0, 74, "B", "medium"),
            # (15 + 15) / 6 = 5; 2 x 4 broken + 2 in part - 1 kept = 9 points
            "Cleo": (5, 76.666667, 9, 68, "B", "medium"),
            # (9 + 15) / 6 = 4; 2 x 3 rejected
            "Dora": (4, 77.333333, 6, 71, "B", "medium"),
            # (-30 + 15) / 6 = -2.5; 80 + 2.5 x 10/20; mails came back on 2 days
            "Emil": (-2.5, 81.25, 2, 79, "A", "medium"),
            # (36 + 15) / 6 = 8.5; 80 - 8.5 x 10/15; 6 x (3 + 1 of 3 + 3) / (3 + 3) points
            "Fay": (8.5, 74.333333, 6 * (3 + 1) / 3 / 6, 73, "B", "medium"),
            # (20 + 15) / (2 + 3) = 7
            "Gus": (7, 75.333333, 0, 75, "A", "medium"),
            # (8 + 40 + 180 + 15) / (3 + 3) = 40.5; 50 - 10.5 x 10/30 = 46.5, rounded up
            "Hal": (40.5, 46.5, 0, 47, "D", "medium"),
            # (24 + 15) / 6 = 6.5
            "Ida": (6.5, 75.666667, 0, 76, "A", "medium"),
            # (60 + 15) / (1 + 3) = 18.75; 70 - 3.75 x 10/7
            "Jo": (18.75, 64.642857, 0, 65, "B", "low"),
        }
        scores = self.refresh()
        self.assertNotIn(self.people["Kim"], scores, "nothing is known of her")
        for name, (delay, on_scale, points, score, grade, confidence) in expected.items():
            found = scores[self.people[name]]
            with self.subTest(name):
                self.assertAlmostEqual(found.house_delay, 5, 4)
                self.assertAlmostEqual(found.expected_delay, delay, 4)
                self.assertAlmostEqual(found.delay_score, on_scale, 4)
                self.assertAlmostEqual(found.points_off, points, 4)
                self.assertEqual(
                    (found.score, found.grade, found.confidence), (score, grade, confidence)
                )

    def test_the_same_in_words(self):
        scores = {name: score.reasons for name, score in self.by_name().items()}
        self.assertEqual(
            scores["Cleo"].splitlines(),
            [
                "Paid 3 of 3 invoices late, 5 days late on average.",
                "2 promises broken, the last one in February.",
                "1 promise kept only in part.",
                "1 promise kept.",
            ],
        )
        self.assertIn("2 disputes rejected, the last one in February.", scores["Dora"])
        self.assertIn("Mails came back on 2 days within a year.", scores["Emil"])
        self.assertIn(
            "Needed reminders for 2 of 3 invoices paid within a year, up to 5 for one.",
            scores["Fay"],
        )
        self.assertIn("Paid 1 of 1 invoices late, 8 days late on average.", scores["Hal"])
        self.assertIn("2 overdue now, the oldest for 400 days.", scores["Hal"])
        self.assertIn("Little history", scores["Jo"])

    def test_the_arithmetic_is_shown(self):
        lines = self.by_name()["Cleo"].calculation.splitlines()
        self.assertIn("(3.00 × 5.00 + 3 × 5.00) ÷ (3.00 + 3) = 5.00", lines[0])
        self.assertEqual(
            lines[2:],
            ["On the PAYDEX scale: 76.67", "− 9.00 for promises", "= 68, grade B"],
        )

    def by_name(self):
        return {partner.name: score for partner, score in self.refresh().items()}

    def test_another_company_knows_nothing_of_it(self):
        """There: nobody but Ada, 40 days overdue: (40 + 3 x 0) / 4 = 10 days."""
        other = self.other_company_invoice(due=-40, partner=self.people["Ada"])
        other.action_post()
        self.promised(self.people["Ada"], "broken", 5, company=other.company_id)
        there = self.refresh(other.company_id)
        self.assertEqual(list(there), [self.people["Ada"]])
        score = there[self.people["Ada"]]
        self.assertAlmostEqual(score.expected_delay, 10, 4)
        self.assertEqual((score.promise_points, score.overdue_days), (4, 40))
        self.assertEqual(self.by_name()["Ada"].promise_points, 0)
