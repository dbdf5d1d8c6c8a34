from odoo.tests import tagged

from .common_page import LinkPageCommon
from .common_payment_plan import PaymentPlanCommon


@tagged("post_install", "-at_install")
class TestPaymentPlanPage(LinkPageCommon, PaymentPlanCommon):
    """What the customer sees, and pays, of a plan."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pay(cls.document)
        cls.late = cls.bill(amount=300.0, due=-40)
        cls.late_path = cls.env["billing.link"].sudo()._mint(cls.late, cls.partner_a)

    def late_plan(self):
        """A plan of three times 100, the first of which was due five days ago."""
        plan = self.agree(self.late, [(10, 100.0), (40, 100.0), (70, 100.0)])
        plan.sudo().date_start = self.day(-20)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE billing_payment_plan_line SET date = date - 15 WHERE plan_id = %s", [plan.id]
        )
        self.env.invalidate_all()
        return plan

    def test_the_page_of_an_invoice_asks_for_the_next_installment(self):
        self.agree(self.late, [(10, 100.0), (40, 200.0)])
        page = self.get(self.late_path).text
        self.assertIn('data-amount="100.0"', page)
        self.assertIn("As agreed in your payment plan", page)
        self.assertNotIn("Overdue", page)
        self.assertIn('data-amount="300.0"', self.get(f"{self.late_path}?pay=all").text)

    def test_without_a_plan_the_page_asks_for_everything_overdue(self):
        page = self.get(self.late_path).text
        self.assertIn('data-amount="300.0"', page)
        self.assertIn("Overdue", page)
        self.assertNotIn("payment plan", page)

    def test_overdue_of_the_plan_is_asked_for_together(self):
        self.late_plan()
        page = self.get(self.late_path).text
        self.assertIn("Overdue", page)
        self.assertIn('data-amount="100.0"', page)

    def test_the_statement_offers_the_next_installment(self):
        plan = self.agree(self.late, [(10, 100.0), (40, 200.0)])
        page = self.get(self.statement()).text
        self.assertIn('data-amount="100.0"', page)
        self.assertIn(plan.name, page)
        self.assertRegex(page, r"installment\s*1\s*of\s*2")
        self.assertNotIn("Due now", page)

    def test_what_is_due_without_a_plan_comes_first(self):
        self.agree(self.late, [(10, 100.0), (40, 200.0)])
        self.bill(amount=55.0, due=-5)
        self.assertIn("<form", self.get(self.statement()).text)
        link = self.env["billing.link"].sudo().search([], limit=1)
        selection = link._get_selection(link._get_statement(), None)
        self.assertEqual(selection["selected"], 55.0)

    def test_a_chosen_installment_is_paid_and_no_more(self):
        plan = self.agree(self.late, [(10, 100.0), (40, 200.0)])
        path = self.statement()
        row = self.rows(move_id=self.late.id)[0]
        route = f"{path}/pay/p{row.share_id}"
        self.assertIn("error", self.start(route, amount=300.0))
        result = self.start(route, amount=100.0)
        self.assertIn("result", result)
        transaction = self.late.transaction_ids
        self.assertEqual(transaction.amount, 100.0)
        self.finish(transaction)
        self.assertEqual(self.open_by_day(self.late), [(40, 200.0)])
        self.assertEqual(plan.line_ids.mapped("status"), ["paid", "upcoming"])

    def test_an_invoices_next_installment_is_paid_and_no_more(self):
        self.agree(self.late, [(10, 100.0), (40, 200.0)])
        self.document = self.late
        self.assertIn("error", self.transaction(self.late_path, amount=300.0))
        self.assertIn("result", self.transaction(self.late_path, amount=100.0))
        self.finish(self.late.transaction_ids)
        self.assertEqual(self.late.amount_residual, 200.0)

    def test_the_whole_item_cannot_be_asked_for_by_its_id(self):
        """A page that was open when the plan was agreed."""
        self.agree(self.late, [(10, 100.0), (40, 200.0)])
        line = self.rows(move_id=self.late.id).line_id
        result = self.start(f"{self.statement()}/pay/{line.id}", amount=300.0)
        self.assertIn("error", result)
        self.assertFalse(self.late.transaction_ids)

    def test_a_part_of_another_customers_plan_cannot_be_asked_for(self):
        stranger = self.bill(amount=80.0, due=-9, partner=self.partner_b)
        self.agree(stranger, [(10, 80.0)])
        share = self.rows(move_id=stranger.id).share_id
        self.assertIn("error", self.start(f"{self.statement()}/pay/p{share}", amount=80.0))
        for nonsense in ("p", "pp1", "p-1", "p999999999", "-1", "p1e5", "%00"):
            response = self.start(f"{self.statement()}/pay/{nonsense}", amount=80.0)
            self.assertIn("error", response, nonsense)

    def test_credit_is_used_for_the_ticked_installment(self):
        self.company.billing_link_use_credits = True
        self.agree(self.late, [(10, 100.0), (40, 200.0)])
        self._create_invoice_one_line(
            price_unit=30.0,
            tax_ids=[],
            move_type="out_refund",
            billing_credit_use="keep",
            post=True,
        )
        self.statement()
        link = self.env["billing.link"].sudo().search([], limit=1)
        share = self.rows(move_id=self.late.id)[0].share_id
        self.assertEqual(link._use_credits({-share}), 30.0)
        self.assertEqual(self.open_by_day(self.late), [(10, 70.0), (40, 200.0)])

    def test_the_mail_brings_plan_and_link(self):
        plan = self.agree(self.late, [(10, 100.0), (40, 200.0)], note="By standing order")
        action = plan.action_send()
        composer = self.env["mail.compose.message"].with_context(**action["context"]).create({})
        composer._action_send_mail()
        mail = self.env["mail.mail"].sudo().search([("res_id", "=", plan.id)], limit=1)
        message = plan.message_ids.filtered("attachment_ids")[:1]
        self.assertEqual(message.partner_ids, self.partner_a)
        self.assertEqual(len(message.attachment_ids), 1)
        self.assertIn("100.00", message.body)
        self.assertIn(plan.name, message.subject)
        self.assertIn("/billing/l/", mail.body_html or message.body)

    def test_the_link_of_the_mail_works_until_after_the_last_installment(self):
        plan = self.agree(self.late, [(10, 100.0), (300, 200.0)])
        self.company.write({"billing_link_days": 10, "billing_link_maximum_days": 400})
        self.env["billing.link"].sudo()._mint(plan, self.partner_a)
        link = self.env["billing.link"].sudo().search([], limit=1)
        self.assertGreaterEqual(link.expires_on.date(), self.day(300))
        self.assertFalse(link.move_id)

    def test_a_partial_payment_shows_on_the_page(self):
        self.agree(self.late, [(10, 100.0), (40, 200.0)])
        self.pay(self.late, amount=130.0)
        page = self.get(self.statement()).text
        self.assertIn("Paid", page)
        self.assertIn("170.00", page)

    def test_two_invoices_in_a_plan_are_paid_by_one_payment(self):
        newer = self.bill(amount=50.0, due=-10)
        plan = self.agree(self.late | newer, [(10, 320.0), (40, 30.0)])
        path = self.statement()
        rows = self.rows().filtered(lambda row: row.date_maturity == self.day(10))
        keys = "-".join(f"p{row.share_id}" for row in rows)
        self.assertEqual(len(rows), 2)
        self.assertIn("result", self.start(f"{path}/pay/{keys}", amount=320.0))
        self.finish(self.late.transaction_ids)
        self.assertEqual(self.open_by_day(), [(40, 30.0)])
        self.assertEqual(plan.line_ids.mapped("status"), ["paid", "upcoming"])
        self.assertEqual(newer.amount_residual, 30.0)
