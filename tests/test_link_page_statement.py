from odoo.fields import Command
from odoo.tests import tagged

from .common_page import LinkPageCommon


@tagged("post_install", "-at_install")
class TestLinkPageStatement(LinkPageCommon):
    """Everything a customer owes, on one page."""

    def test_a_statement_link_leads_to_each_open_invoice(self):
        due = self.bill(amount=55.0, due=-10)
        self.company.billing_reminders_enabled = True
        reminder = self.env["billing.reminder"].sudo()._plan(self.company)
        path = self.env["billing.link"].sudo()._mint(reminder, self.partner_a)
        page = self.get(path).text
        self.assertIn(due.name, page)
        self.assertIn(f"{path}/{due.id}", page)
        self.assertEqual(self.get(f"{path}/{due.id}").status_code, 200)
        stranger = self.bill(due=-10, partner=self.partner_b)
        self.assertEqual(self.get(f"{path}/{stranger.id}").status_code, 404)

    def test_a_statement_deducts_open_credits(self):
        """The page asks for the same sum as the reminder that led to it."""
        self.pay(self.document)
        self.bill(amount=100.0, due=-10)
        self._create_invoice_one_line(
            price_unit=30.0, tax_ids=[], move_type="out_refund", post=True
        )
        self.company.billing_reminders_enabled = True
        reminder = self.env["billing.reminder"].sudo()._plan(self.company)
        path = self.env["billing.link"].sudo()._mint(reminder, self.partner_a)
        self.assertEqual(reminder.amount, 70.0)
        self.assertIn("70.00", self.get(path).text)

    def test_a_statement_shows_kept_credit(self):
        self.pay(self.document)
        self.bill(amount=100.0, due=-10)
        self._create_invoice_one_line(
            price_unit=30.0,
            tax_ids=[],
            move_type="out_refund",
            billing_credit_use="keep",
            post=True,
        )
        page = self.get(self.remind()[1]).text
        self.assertIn("70.00", page)
        self.assertIn("-\ufeff30.00", page)

    def test_the_page_of_a_reminder_asks_for_what_the_reminder_asks_for(self):
        self.pay(self.document)
        term = self.env["account.payment.term"].create(
            {
                "name": "Half now, half in 90 days",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": 0}),
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": 90}),
                ],
            }
        )
        invoice = self.bill(
            amount=300.0, invoice_date=self.day(-10), invoice_payment_term_id=term.id
        )
        self.bill(amount=77.0, due=-10).no_followup = True
        reminder, path = self.remind()
        self.assertEqual(reminder.amount, 150.0)
        self.assertRegex(self.get(path).text, r"(?s)Due now.*150\.00")
        page = self.get(f"{path}/{invoice.id}").text
        self.assertIn('data-amount="150.0"', page)

    def test_what_was_paid_through_a_statement_stays_visible_there(self):
        self.pay(self.document)
        due = self.bill(amount=55.0, due=-10)
        _reminder, path = self.remind()
        self.document = due
        self.assertIn("result", self.transaction(path=path))
        self.pay(due)
        self.assertIn("nothing left to pay", self.get(f"{path}/{due.id}").text)
        due.button_draft()
        self.assertEqual(self.get(f"{path}/{due.id}").status_code, 404)

    def test_an_invoice_paid_through_a_statement_link_can_still_be_seen_there(self):
        due = self.bill(amount=55.0, due=-10)
        _reminder, path = self.remind()
        self.env["billing.event"]._log(
            due, "payment_started", link=self.env["billing.link"].sudo()._find(path.split("/")[-1])
        )
        self.pay(due)
        page = self.get(f"{path}/{due.id}")
        self.assertEqual(page.status_code, 200)
        self.assertIn("nothing left to pay", page.text)

    def test_a_statement_deducts_credits_of_its_own_company_and_currency_only(self):
        self.bill(amount=100.0, due=-10)
        _reminder, path = self.remind()
        self.assertIn("220.00", self.get(path).text)
        euro = self.setup_other_currency("EUR")
        self._create_invoice_one_line(
            price_unit=7.0, tax_ids=[], move_type="out_refund", post=True, currency_id=euro.id
        )
        self.other_company_invoice(amount=-9.0).action_switch_move_type()
        foreign = self.env["account.move"].sudo().search([], order="id desc", limit=1)
        foreign.action_post()
        self.assertEqual((foreign.move_type, foreign.amount_total), ("out_refund", 9.0))
        self.assertIn("220.00", self.get(path).text)
