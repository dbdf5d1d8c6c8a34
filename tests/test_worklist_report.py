from odoo.tests import tagged

from .common_worklist import WorklistCommon


@tagged("post_install", "-at_install")
class TestWorklistReport(WorklistCommon):
    """What managers see of each clerk."""

    def get_report(self):
        self.env.flush_all()
        measures = ["customer_count", "overdue", "contact_count", "reached_count", "collected"]
        groups = self.env["billing.collection.report"]._read_group(
            [("company_id", "=", self.company.id)],
            ["user_id"],
            [f"{measure}:sum" for measure in measures],
        )
        return {user: tuple(values) for user, *values in groups}

    def log(self, user, outcome):
        self.env["billing.event"]._log_rows(
            [{"partner_id": self.partner_a.id, "company_id": self.company.id}],
            "called",
            outcome=outcome,
            user_id=user.id,
        )

    def test_by_clerk(self):
        late, early = self.bill(100.0, due=-20), self.bill(40.0, due=10)
        self.bill(70.0, due=-5, partner=self.partner_b)
        self.row().user_id = self.clerk
        self.log(self.clerk, "reached")
        self.log(self.clerk, "no_answer")
        self.log(self.salesperson, "promised")
        self.pay(late, 30.25, on=-1)
        self.pay(early, 40.0, on=-1)
        self.bill(10.0, due=-20, move_type="out_refund")
        self.refresh()
        nobody = self.env["res.users"]
        self.assertEqual(
            self.get_report(),
            {
                self.clerk: (1, 69.75, 2, 1, 30.25),
                self.salesperson: (0, 0.0, 1, 1, 0.0),
                nobody: (1, 70.0, 0, 0, 0.0),
            },
        )

    def test_who_is_done_is_counted_no_more_but_what_they_paid_is(self):
        invoice = self.bill(100.0, due=-20)
        self.row().user_id = self.clerk
        self.pay(invoice, on=-2)
        self.refresh()
        self.assertEqual(self.get_report(), {self.clerk: (0, 0.0, 0, 0, 100.0)})
