from odoo.tests import tagged
from odoo.tools import SQL

from .common_worklist import WorklistCommon


@tagged("post_install", "-at_install")
class TestWorklistHolds(WorklistCommon):
    """What is promised, disputed or paused is worth less of a contact, and moves the customer."""

    def setUp(self):
        super().setUp()
        self.half, self.rest = self.bill(50.0, due=-90), self.bill(50.0, due=-90)

    def hold(self, kind, *invoices, amount=None, days=5):
        """Let the receivables know that ``kind`` holds back some invoices."""
        lines = (
            self.env["account.move"]
            .union(*invoices)
            .line_ids.filtered(lambda line: line.display_type == "payment_term")
        )
        source = SQL(
            "SELECT id AS line_id, %s AS kind, %s::date AS on_date, %s::numeric AS amount"
            " FROM account_move_line WHERE id IN %s",
            kind,
            self.day(days),
            amount,
            tuple(lines.ids) or (0,),
        )
        receivable = self.registry["billing.receivable"]
        self.patch(receivable, "_get_hold_sources", lambda _self, _as_of: [source])

    def test_promised_waits_and_comes_back(self):
        """30 points, less 60 if all is promised, less 30 if half of it is."""
        self.hold("promise", self.half, self.rest)
        row = self.row()
        self.assertEqual((row.stage, row.promised, row.points), ("promised", 100.0, 0))
        self.assertEqual((row.amount, row.promised_until), (100.0, self.day(5)))
        self.assertIn("promised until", row.reasons)
        self.hold("promise", self.half)
        row = self.row()
        self.assertEqual((row.stage, row.promised, row.points), ("to_contact", 50.0, 0))
        self.hold("promise")
        row = self.row()
        self.assertEqual((row.stage, row.promised, row.points), ("to_contact", 0.0, 30))

    def test_disputed_is_not_to_be_collected_but_stays_on_the_list(self):
        self.hold("dispute", self.half, self.rest, amount=50.0)
        row = self.row()
        self.assertEqual((row.stage, row.disputed, row.amount), ("disputed", 100.0, 0.0))
        self.assertEqual(row.overdue, 100.0)
        self.assertIn("disputed", row.reasons)
        self.hold("dispute", self.half, amount=20.0)
        row = self.row()
        self.assertEqual((row.stage, row.disputed, row.amount), ("to_contact", 20.0, 80.0))
        # 10 + 20, less 40 for a fifth
        self.assertEqual(row.points, 22)

    def test_paused_waits_with_those_who_were_contacted(self):
        self.hold("pause", self.half, self.rest)
        row = self.row()
        self.assertEqual((row.stage, row.paused, row.points), ("contacted", 100.0, 0))
        self.assertIn("paused until", row.reasons)
        self.hold("pause")
        self.assertEqual(self.row().stage, "to_contact")

    def test_escalated_stays_escalated(self):
        self.row().stage = "escalated"
        self.hold("promise", self.half, self.rest)
        self.assertEqual(self.row().stage, "escalated")
