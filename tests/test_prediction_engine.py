import random
from datetime import date, timedelta

from odoo.addons.billing_crm.models.insight.prediction import constants
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from .prediction_oracle import Oracle

START = date(2024, 1, 1)  # a Monday, of a leap year
COLUMNS = ("late", "late30", "expected", "low", "high")


@tagged("post_install", "-at_install")
class TestPredictionEngine(TransactionCase):
    """The statement that predicts, on relations made up here."""

    def relation(self, names, types, rows):
        """Return a relation of these rows as SQL; of none, too."""
        row_sql = SQL(", ").join(
            SQL(
                "(%s)",
                SQL(", ").join(
                    SQL("%s::" + kind, value) for kind, value in zip(types, row, strict=True)
                ),
            )
            for row in rows or [[None] * len(types)]
        )
        relation = SQL(
            "SELECT * FROM (VALUES %s) rows (%s)",
            row_sql,
            SQL(", ").join(map(SQL.identifier, names)),
        )
        return relation if rows else SQL("%s LIMIT 0", relation)

    def predict(self, asked, items):
        """Return what is predicted for each of ``asked``: (partner, due, as of).

        :param items: the whole ledger: (partner, invoiced on, due, paid on or None)
        """
        settled = [(who, due, paid) for who, _invoiced, due, paid in items if paid]
        sql = self.env["billing.prediction"]._predict(
            self.relation(
                ("id", "partner_id", "date_maturity", "as_of"),
                ("int", "int", "date", "date"),
                [(number, *row) for number, row in enumerate(asked)],
            ),
            self.relation(
                ("partner_id", "date_maturity", "settled_date"), ("int", "date", "date"), settled
            ),
            self.relation(
                ("partner_id", "invoice_date", "date_maturity", "settled_date"),
                ("int", "date", "date", "date"),
                items,
            ),
        )
        rows = self.env.execute_query(SQL("SELECT * FROM (%s) predicted ORDER BY id", sql))
        self.assertEqual(len(rows), len(asked))
        return [dict(zip(("id", *COLUMNS, "payments"), row, strict=True)) for row in rows]

    def paid(self, *delays, due=START, partner=1):
        """Rows of a ledger that were paid so many days after one due date."""
        return [
            (partner, due - timedelta(days=30), due, due + timedelta(days=days)) for days in delays
        ]

    def make_ledger(self, seed, weekend):
        """A ledger at random; customers have habits, and some do not pay."""
        rng = random.Random(seed)
        items = []
        for _i in range(rng.choice((3, 40, 150))):
            partner = rng.choice((None, 1, 2, 3, 4, 5))
            invoiced = START + timedelta(days=rng.randrange(400))
            due = invoiced + timedelta(days=rng.choice((-20, 0, 10, 14, 30, 60)))
            # nothing is settled before it exists: Odoo dates a reconciliation by the later entry
            paid = max(invoiced, due + timedelta(days=int(rng.gauss((partner or 0) * 4 - 5, 8))))
            while not weekend and paid.weekday() >= 5:
                paid += timedelta(days=1)
            items.append((partner, invoiced, due, None if rng.random() < 0.1 else paid))
        return items

    def test_agrees_with_the_oracle(self):
        for seed in range(12):
            items = self.make_ledger(seed, weekend=seed % 2)
            settled = [(who, due, paid) for who, _invoiced, due, paid in items if paid]
            asked = [(who, due, invoiced) for who, invoiced, due, _paid in items[:25]]
            # long after, too: some are still open, most is forgotten
            asked += [
                (who, due, START + timedelta(days=days))
                for who, _invoiced, due, _paid in items[:8]
                for days in (600, 850, 1300)
            ]
            oracle = Oracle(settled, items)
            for question, found in zip(asked, self.predict(asked, items), strict=True):
                expected = oracle.ask(*question)
                for name, value in zip(COLUMNS, expected, strict=True):
                    self.assertAlmostEqual(float(found[name]), value, 6, (seed, question, name))

    def test_nothing_after_the_day_is_known(self):
        """Change every outcome after a day, and add a future: no prediction before it moves."""
        for seed in range(20, 26):
            items = self.make_ledger(seed, weekend=False)
            rng = random.Random(seed)
            day = START + timedelta(days=rng.randrange(100, 400))
            changed = []
            for who, invoiced, due, paid in items:
                if paid is None or paid >= day:
                    later = day + timedelta(days=rng.randrange(0, 300))
                    paid = rng.choice((None, later))
                if invoiced < day or rng.random() < 0.5:
                    changed.append((who, invoiced, due, paid))
            changed += [(1, day, day, day + timedelta(days=99))] * 30
            asked = [(who, due, invoiced) for who, invoiced, due, _p in items if invoiced <= day]
            self.assertEqual(self.predict(asked, items), self.predict(asked, changed))

    def test_what_was_known_the_day_before_counts(self):
        """The other side of the leak: one payment a day earlier does move the prediction."""
        due, asked = START, [(1, START + timedelta(days=90), START + timedelta(days=60))]
        on_the_day = self.paid(60, due=due)
        the_day_before = self.paid(59, due=due)
        self.assertEqual(self.predict(asked, on_the_day)[0]["payments"], 0)
        self.assertEqual(self.predict(asked, the_day_before)[0]["payments"], 1)

    def test_due_on_a_saturday_is_paid_on_monday(self):
        """Sixty payments on the due date, Monday to Friday: money does not arrive at weekends."""
        items = []
        for week in range(12):
            for weekday in range(5):
                items += self.paid(0, due=START + timedelta(days=7 * week + weekday))
        saturday = START + timedelta(days=7 * 20 + 5)
        asked = [
            (1, saturday + timedelta(days=plus), START + timedelta(days=130))
            for plus in (-1, 0, 1, 2)
        ]
        friday, saturday, sunday, monday = self.predict(asked, items)
        self.assertEqual(
            [row["expected"] for row in (friday, saturday, sunday, monday)], [0, 2, 1, 0]
        )
        self.assertLess(friday["late"], 0.05)
        self.assertGreater(saturday["late"], 0.95)

    def test_a_weekday_with_few_payments_is_none(self):
        """One Saturday among sixty payments is an exception, six of them are a habit."""
        weekdays = []
        for week in range(12):
            for weekday in range(5):
                weekdays += self.paid(0, due=START + timedelta(days=7 * week + weekday))
        asked = [(1, START + timedelta(days=7 * 20 + 5), START + timedelta(days=130))]
        saturdays = [
            row
            for week in range(6)
            for row in self.paid(0, due=START + timedelta(days=7 * week + 5))
        ]
        [few] = self.predict(asked, weekdays + saturdays[:1])
        [many] = self.predict(asked, weekdays + saturdays)
        self.assertEqual((few["expected"], many["expected"]), (2, 0))

    def test_nobody_knows_anything(self):
        """The very first invoice: half a chance, and a wide range."""
        [first] = self.predict([(1, START, START - timedelta(days=30))], [])
        self.assertAlmostEqual(float(first["late"]), 0.52, 2)
        self.assertLessEqual(first["low"], first["expected"])
        self.assertLessEqual(first["expected"], first["high"])
        self.assertEqual(first["payments"], 0)

    def test_of_an_unknown_customer_the_company_is_asked(self):
        items = self.paid(*[10] * 20, partner=1)
        known, unknown, nobody = self.predict(
            [(who, START + timedelta(days=60), START + timedelta(days=30)) for who in (1, 2, None)],
            items,
        )
        self.assertEqual((unknown["expected"], nobody["expected"]), (10, 10))
        self.assertLess(known["high"] - known["low"], 10)
        self.assertGreater(float(known["late"]), float(unknown["late"]))
        self.assertEqual((known["payments"], unknown["payments"], nobody["payments"]), (20, 0, 0))

    def test_an_overdue_invoice_is_expected_from_today_on(self):
        """Always paid on the day, and one is late now, by days or by years: never in the past."""
        items = self.paid(*[0] * 20)
        for late in (10, 100, 2000):
            due = START + timedelta(days=40)
            as_of = due + timedelta(days=late)
            [row] = self.predict([(1, due, as_of)], items)
            self.assertEqual(row["late"], 1)
            self.assertGreaterEqual(row["low"], late)
            self.assertGreater(row["expected"], late)
            self.assertGreaterEqual(row["high"], row["expected"])

    def test_who_stops_paying_is_noticed(self):
        """Ten prompt payments, then five invoices that stay open."""
        day = timedelta(days=1)
        items = self.paid(*[0] * 10)
        unpaid = [(1, START, START + n * day, None) for n in range(20, 25)]
        asked = [(1, START + 90 * day, START + 60 * day)]
        [before] = self.predict(asked, items)
        [after] = self.predict(asked, items + unpaid)
        self.assertGreater(float(after["late"]), float(before["late"]) + 0.25)

    def test_old_payments_weigh_less_and_are_forgotten(self):
        year = timedelta(days=365)
        asked = [(1, START + 30 * timedelta(days=1), START)]
        late_then = self.paid(*[20] * 5, due=START - year) + self.paid(
            *[0] * 5, due=START - year / 12
        )
        late_now = self.paid(*[0] * 5, due=START - year) + self.paid(
            *[20] * 5, due=START - year / 12
        )
        [improved], [worsened] = self.predict(asked, late_then), self.predict(asked, late_now)
        self.assertLess(float(improved["late"]), float(worsened["late"]) - 0.2)
        forgotten = self.paid(0, due=START - timedelta(days=constants.HISTORY_DAYS + 1))
        kept = self.paid(0, due=START - timedelta(days=constants.HISTORY_DAYS))
        self.assertEqual(self.predict(asked, forgotten)[0]["payments"], 0)
        self.assertEqual(self.predict(asked, kept)[0]["payments"], 1)

    def test_dates_of_any_kind(self):
        """Before the epoch of the calendar, far in the future, and due before the invoice."""
        for year in (1850, 1899, 2150):
            day = date(year, 6, 15)
            items = self.paid(*[3] * 60, due=day - timedelta(days=40))
            [row] = self.predict([(1, day - timedelta(days=10), day)], items)
            self.assertGreaterEqual(row["expected"], 10)
