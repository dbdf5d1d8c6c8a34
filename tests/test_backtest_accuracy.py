from odoo.addons.billing_crm.models.insight.backtest import accuracy
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

COLUMNS = (
    "late_probability", "late30_probability", "expected_days", "low_days", "high_days",
    "average_days", "earlier_count", "amount", "days_late", "days_so_far",
)  # fmt: skip


def relation(columns, rows, types):
    """Return a query of ``rows``; each value is cast, so that NULL has a type."""
    return SQL(
        "SELECT * FROM (VALUES %s) made (%s)",
        SQL(", ").join(
            SQL(
                "(%s)",
                SQL(", ").join(
                    SQL("%s::%s", value, SQL(kind)) for value, kind in zip(row, types, strict=True)
                ),
            )
            for row in rows
        ),
        SQL(", ").join(map(SQL.identifier, columns)),
    )


@tagged("post_install", "-at_install")
class TestBacktestAccuracy(TransactionCase):
    """How right predictions are, computed by hand."""

    def judged(self, *rows):
        """Judge rows that say what differs from an ordinary prediction."""
        usual = {"late_probability": 0.5, "late30_probability": 0.1, "expected_days": 0.0,
                 "low_days": -1.0, "high_days": 1.0, "average_days": 0.0, "earlier_count": 9,
                 "amount": 1.0, "days_late": None, "days_so_far": None}  # fmt: skip
        values = [
            (number, *({**usual, **row}[name] for name in COLUMNS))
            for number, row in enumerate(rows, start=1)
        ]
        types = ("int", *["float"] * 6, "int", "numeric", "int", "int")
        return accuracy.judge(relation(("id", *COLUMNS), values, types))

    def measure(self, *rows):
        [figures] = self.env.execute_query_dict(accuracy.measure(self.judged(*rows)))
        return {
            name: float(value) if value is not None else None for name, value in figures.items()
        }

    def test_pairs_told_apart(self):
        """(.9, .5) late, (.5, .1) not: of the four pairs three are right, one is a draw."""
        figures = self.measure(
            {"late_probability": 0.9, "days_late": 40, "late30_probability": 0.2},
            {"late_probability": 0.5, "days_late": 1, "late30_probability": 0.3},
            {"late_probability": 0.5, "days_late": 0, "late30_probability": 0.1},
            {"late_probability": 0.1, "days_late": -3, "late30_probability": 0.1},
        )
        self.assertEqual(figures["auc"], 3.5 / 4)
        self.assertAlmostEqual(figures["auc30"], 2 / 3, 9, "one was very late, one ranks above it")
        self.assertAlmostEqual(figures["calibration_error"], (0.1 + 0.5 + 0.5 + 0.1) / 4, 9)
        self.assertEqual(figures["late_count"], 2)

    def test_where_all_or_none_are_late_there_is_nothing_to_tell_apart(self):
        for days_late in (0, 5):
            figures = self.measure({"days_late": days_late}, {"days_late": days_late})
            self.assertIsNone(figures["auc"])
            self.assertEqual(figures["calibration_error"], 0.5)

    def test_of_nothing_nothing_is_said(self):
        figures = self.measure({})
        self.assertEqual(figures.pop("prediction_count"), 1)
        for name in ("judged_count", "settled_count", "late_count"):
            self.assertEqual(figures.pop(name), 0)
        self.assertEqual(set(figures.values()), {None})

    def test_calibration_error_is_that_of_ten_groups(self):
        """In each group of two one is late: off by .5, .4, .3, .2, .1, 0, .1, .2, .3, .4."""
        rows = [
            {"late_probability": tenth / 10, "days_late": late}
            for tenth in range(10)
            for late in (0, 1)
        ]
        self.assertAlmostEqual(self.measure(*rows)["calibration_error"], 2.5 / 10, 9)
        groups = self.env.execute_query_dict(accuracy.bins(self.judged(*rows)))
        self.assertEqual(sorted(group["number"] for group in groups), list(range(1, 11)))
        self.assertEqual({group["number_judged"] for group in groups}, {2})

    def test_groups_are_of_the_same_size(self):
        rows = [{"late_probability": n / 23, "days_late": 1} for n in range(23)]
        groups = self.env.execute_query_dict(accuracy.bins(self.judged(*rows)))
        sizes = [g["number_judged"] for g in sorted(groups, key=lambda g: g["number"])]
        self.assertEqual(sizes, [3, 3, 3, 2, 2, 2, 2, 2, 2, 2])

    def test_errors_in_days(self):
        figures = self.measure(
            {"days_late": 10, "expected_days": 7.5, "average_days": 4},
            {"days_late": -4, "expected_days": -3.0, "average_days": 4},
            {"days_so_far": 50, "expected_days": 1.0},
        )
        self.assertEqual(figures["error_days"], (2.5 + 1) / 2)
        self.assertEqual(figures["due_date_error"], (10 + 4) / 2)
        self.assertEqual(figures["average_error"], (6 + 8) / 2)
        self.assertEqual((figures["judged_count"], figures["settled_count"]), (3, 2))

    def test_the_range_holds_its_ends_and_counts_cash(self):
        figures = self.measure(
            {"days_late": 1, "amount": 100},
            {"days_late": -1, "amount": 200},
            {"days_late": 2, "amount": 600},
            {"days_so_far": 2, "amount": 100},
            {"days_so_far": 1, "amount": 5000},
        )
        self.assertEqual(figures["within_share"], 0.5, "of what is not paid, when its time is over")
        self.assertEqual(figures["cash_within_share"], 0.3)

    def test_what_is_not_paid_is_late_once_it_is_due(self):
        rows = [{"days_so_far": days} for days in (-3, 0, 1, 30, 31)]
        outcomes = self.env.execute_query_dict(
            SQL("SELECT is_late, is_late30 FROM (%s) judged ORDER BY id", self.judged(*rows))
        )
        self.assertEqual([row["is_late"] for row in outcomes], [None, None, True, True, True])
        self.assertEqual([row["is_late30"] for row in outcomes], [None] * 4 + [True])

    def test_averages_know_what_was_settled_before_the_day(self):
        asked = relation(
            ("id", "partner_id", "date_maturity", "as_of"),
            [
                (1, 7, "2025-02-01", "2025-01-10"),
                (2, 7, "2025-02-01", "2025-01-11"),
                (3, 8, "2025-02-01", "2025-01-20"),
                (4, None, "2025-02-01", "2025-01-20"),
                (5, 9, "2025-02-01", "2025-01-01"),
            ],
            ("int", "int", "date", "date"),
        )
        settled = relation(
            ("id", "partner_id", "date_maturity", "settled_date"),
            [
                (11, 7, "2025-01-01", "2025-01-05"),
                (12, 7, "2025-01-02", "2025-01-10"),
                (13, None, "2025-01-01", "2025-01-13"),
            ],
            ("int", "int", "date", "date"),
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT id, earlier_count, average_days FROM (%s) average ORDER BY id",
                accuracy.averages(asked, settled),
            )
        )
        self.assertEqual(rows, [(1, 1, 4.0), (2, 2, 6.0), (3, 0, 8.0), (4, 0, 8.0), (5, 0, 0.0)])
