from odoo.tests import tagged
from odoo.tools import SQL

from .common_payment_plan import PaymentPlanCommon


@tagged("post_install", "-at_install")
class TestPaymentPlanSplit(PaymentPlanCommon):
    """Open items under a plan: the plan's dates, the ledger's amounts."""

    def test_items_under_a_plan_have_the_plans_dates(self):
        invoice = self.bill(amount=300.0, due=-40)
        plan = self.agree(invoice, [(10, 100.0), (40, 100.0), (70, 100.0)])
        self.assertEqual(plan.state, "active")
        rows = self.rows(move_id=invoice.id)
        self.assertEqual(self.open_by_day(invoice), [(10, 100.0), (40, 100.0), (70, 100.0)])
        self.assertEqual(set(rows.mapped("bucket")), {"current"})
        self.assertFalse(any(rows.mapped("is_overdue")))
        self.assertTrue(all(row.id == -row.share_id for row in rows))
        self.assertEqual(rows.line_id.date_maturity, self.day(-40), "the ledger is as it was")

    def test_the_earliest_items_are_paid_by_the_earliest_installments(self):
        older, newer = self.bill(amount=150.0, due=-40), self.bill(amount=50.0, due=-10)
        self.agree(newer | older, [(10, 100.0), (40, 100.0)])
        self.assertEqual(self.open_by_day(older), [(10, 100.0), (40, 50.0)])
        self.assertEqual(self.open_by_day(newer), [(40, 50.0)])

    def test_money_fills_the_first_installments_whatever_it_was_matched_with(self):
        older, newer = self.bill(amount=150.0, due=-40), self.bill(amount=50.0, due=-10)
        plan = self.agree(newer | older, [(10, 100.0), (40, 100.0)])
        self.pay(newer)
        self.assertEqual(self.open_by_day(), [(10, 50.0), (40, 100.0)])
        self.env.invalidate_all()
        self.assertEqual(plan.line_ids.mapped("status"), ["partly", "upcoming"])
        self.pay(older, amount=60.0)
        self.assertEqual(self.open_by_day(), [(40, 90.0)])
        self.env.invalidate_all()
        self.assertEqual((plan.amount_paid, plan.amount_open, plan.amount_next), (110, 90, 90))

    def test_a_payment_that_came_back_keeps_the_invoices_own_date(self):
        invoice = self.bill(amount=100.0, due=-40)
        payment = self.pay(invoice, amount=30.0)
        self.agree(invoice, [(10, 35.0), (40, 35.0)])
        payment.move_id.line_ids.remove_move_reconcile()
        self.assertEqual(self.open_by_day(invoice), [(-40, 30.0), (10, 35.0), (40, 35.0)])
        row = self.rows(move_id=invoice.id)[0]
        self.assertEqual((row.id, row.share_id), (row.line_id.id, 0))

    def test_a_credit_note_shortens_the_plan(self):
        invoice = self.bill(amount=300.0, due=-40)
        self.agree(invoice, [(10, 100.0), (40, 100.0), (70, 100.0)])
        credit_note = self._create_invoice_one_line(
            price_unit=130.0, tax_ids=[], move_type="out_refund", post=True
        )
        (invoice | credit_note).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        self.assertEqual(self.open_by_day(), [(40, 70.0), (70, 100.0)])

    def test_overpaid_is_a_credit_and_no_installment(self):
        invoice = self.bill(amount=100.0, due=-40)
        plan = self.agree(invoice, [(10, 50.0), (40, 50.0)])
        self.pay(invoice, amount=130.0)
        rows = self.rows()
        self.assertEqual(rows.mapped("residual"), [-30.0])
        self.env.invalidate_all()
        self.assertEqual((plan.amount_paid, plan.amount_open), (100.0, 0.0))

    def test_on_a_past_date_the_plan_counts_if_it_was_in_force_then(self):
        invoice = self.bill(amount=100.0, due=-40)
        plan = self.agree(invoice, [(10, 50.0), (40, 50.0)])
        plan.sudo().write({"date_start": self.day(-20), "date_end": self.day(-10)})
        plan.sudo().state = "broken"
        self.assertEqual(self.open_by_day(invoice), [(-40, 100.0)])
        self.assertEqual(self.open_by_day(invoice, as_of=-21), [(-40, 100.0)])
        self.assertEqual(self.open_by_day(invoice, as_of=-20), [(10, 50.0), (40, 50.0)])
        self.assertEqual(self.open_by_day(invoice, as_of=-11), [(10, 50.0), (40, 50.0)])
        self.assertEqual(self.open_by_day(invoice, as_of=-10), [(-40, 100.0)])

    def test_paid_later_was_open_then(self):
        invoice = self.bill(amount=100.0, due=-40)
        plan = self.agree(invoice, [(10, 50.0), (40, 50.0)])
        plan.sudo().date_start = self.day(-30)
        self.pay(invoice, amount=70.0, on=-5)
        self.assertEqual(self.open_by_day(invoice), [(40, 30.0)])
        self.assertEqual(self.open_by_day(invoice, as_of=-6), [(10, 50.0), (40, 50.0)])

    def test_parts_in_a_foreign_currency_add_up_to_the_cent(self):
        currency = self.setup_other_currency("EUR", rates=[("2016-01-01", 3.0)])
        invoice = self.bill(amount=100.0, due=-40, currency_id=currency.id)
        self.agree(invoice, [(10, 33.33), (40, 33.33), (70, 33.34)])
        rows = self.rows(move_id=invoice.id)
        self.assertEqual(rows.mapped("residual_currency"), [33.33, 33.33, 33.34])
        self.assertEqual(self.company.currency_id.round(sum(rows.mapped("residual"))), 33.33)
        self.assertEqual(rows.mapped("residual"), [11.11, 11.11, 11.11])
        line = rows.line_id
        self.pay(invoice, amount=40.0)
        rows = self.rows(move_id=invoice.id)
        self.assertAlmostEqual(sum(rows.mapped("residual")), line.amount_residual, 2)
        self.assertEqual(rows.mapped("residual_currency"), [26.66, 33.34])

    def test_what_is_disputed_is_taken_from_the_last_installments(self):
        invoice = self.bill(amount=300.0, due=-40)
        self.agree(invoice, [(10, 100.0), (40, 100.0), (70, 100.0)])
        line = self.rows(move_id=invoice.id).line_id
        dispute = SQL(
            "SELECT %s AS line_id, 'dispute' AS kind, NULL::date AS on_date, 130.0 AS amount",
            line.id,
        )
        receivable = type(self.env["billing.receivable"])
        self.patch(receivable, "_get_hold_sources", lambda _model, _as_of: [dispute])
        rows = self.rows(move_id=invoice.id)
        self.assertEqual(rows.mapped("disputed_currency"), [0.0, 30.0, 100.0])
        self.assertEqual(rows.mapped("chased_currency"), [100.0, 70.0, 0.0])
        self.assertEqual(rows.mapped("can_be_reminded"), [True, True, False])
        self.assertEqual(sum(rows.mapped("residual")), 300.0)

    def test_a_row_is_found_by_its_id(self):
        invoice = self.bill(amount=100.0, due=-40)
        other = self.bill(amount=20.0, due=-5)
        self.agree(invoice, [(10, 50.0), (40, 50.0)])
        rows = self.rows()
        self.assertEqual(len(set(rows.ids)), 3)
        self.env.invalidate_all()
        for row in rows:
            again = self.env["billing.receivable"].search([("id", "=", row.id)])
            self.assertEqual(again, row)
            self.assertIn(again.move_id, invoice | other)
            self.assertEqual(again.action_open_document()["res_id"], again.move_id.id)

    def test_the_status_goes_by_the_plans_dates(self):
        older, newer = self.bill(amount=150.0, due=-40), self.bill(amount=50.0, due=-10)
        both = older | newer
        self.assertEqual(both.mapped("billing_status"), ["overdue", "overdue"])
        plan = self.agree(both, [(5, 100.0), (40, 100.0)])
        both.invalidate_recordset()
        self.assertNotIn("overdue", both.mapped("billing_status"))
        overdue = self.env["account.move"].search([("billing_status", "=", "overdue")])
        self.assertFalse(overdue & both)
        both.is_move_sent = True
        self.assertEqual(both.mapped("billing_status"), ["due_soon", "sent"])
        plan.action_cancel()
        self.assertEqual(both.mapped("billing_status"), ["overdue", "overdue"])
