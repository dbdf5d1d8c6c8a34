from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common_expense import ExpenseCommon


@tagged("post_install", "-at_install")
class TestExpenseRebill(ExpenseCommon):
    """What was spent for a client is charged on their next invoice, once."""

    def rebill(self, expense):
        return self.state(expense, "rebill_state")

    def credit(self, invoice, **options):
        return self._reverse_invoice(invoice, **options)

    def test_the_next_invoice_offers_and_takes_it(self):
        self.partner_a.billing_expense_markup = 10.0
        report = self.spend(100.0, 50.0, approve=True)
        self.spend(999.0, submit=True)  # not approved
        self.spend(999.0, approve=True, client_id=self.partner_b.id)
        self.spend(999.0, approve=True, rebillable=False)
        invoice = self.client_invoice()
        alert = invoice._get_alerts()["billing_expenses"]
        self.assertIn("2,", alert["message"])
        self.assertIn("165.00", alert["message"])
        self.assertEqual(self.partner_a.billing_expense_waiting_count, 2)
        model, method, ids = alert["action_call"]
        getattr(self.env[model].browse(ids), method)()
        self.assertEqual(invoice.invoice_line_ids.mapped("price_unit"), [110.0, 55.0])
        self.assertIn("Sam Subcontractor", invoice.invoice_line_ids[0].name)
        self.assertNotIn("billing_expenses", invoice._get_alerts())
        self.assertEqual(self.rebill(report.line_ids[0]), "invoiced")
        self.assertEqual(report.line_ids.invoice_id, invoice)
        self.assertEqual(invoice.billing_expense_count, 2)
        invoice.action_post()
        self.assertEqual(invoice.amount_untaxed, 165.0)
        self.partner_a.invalidate_recordset()
        self.assertEqual(self.partner_a.billing_expense_waiting_count, 0)
        with self.assertRaises(UserError):
            self.client_invoice().action_add_billing_expenses()

    def test_the_clients_own_taxes_on_the_net_cost(self):
        """The company deducts the tax of the receipt, and the client pays theirs."""
        self.travel.taxes_id = self.tax_sale_a
        report = self.spend(115.0, approve=True, tax_ids=[Command.set(self.tax_purchase_a.ids)])
        self.assertEqual(report.untaxed_amount, 100.0)
        self.assertEqual(report.bill_id.amount_tax, 15.0)
        self.assertEqual(report.bill_id.amount_total, 115.0)
        invoice = self.client_invoice()
        invoice.action_add_billing_expenses()
        self.assertEqual((invoice.amount_untaxed, invoice.amount_tax), (100.0, 15.0))

    def test_a_tax_that_the_price_includes(self):
        self.travel.taxes_id = self.tax_sale_a.copy(
            {"name": "Included", "price_include_override": "tax_included"}
        )
        self.spend(100.0, approve=True)
        invoice = self.client_invoice()
        invoice.action_add_billing_expenses()
        self.assertEqual((invoice.amount_untaxed, invoice.amount_total), (100.0, 115.0))

    def test_one_draft_for_each_client_from_the_list(self):
        expenses = self.spend(10.0, 20.0, approve=True).line_ids
        expenses |= self.spend(30.0, approve=True, client_id=self.partner_b.id).line_ids
        action = expenses.action_invoice_clients()
        invoices = self.env["account.move"].search(action["domain"])
        self.assertEqual(invoices.partner_id, self.partner_a | self.partner_b)
        self.assertEqual(sorted(invoices.mapped("amount_untaxed")), [30.0, 30.0])
        with self.assertRaises(UserError):
            expenses.action_invoice_clients()

    def test_deleting_the_line_or_the_draft_frees_it(self):
        expense = self.spend(10.0, approve=True).line_ids
        invoice = self.client_invoice()
        invoice.action_add_billing_expenses()
        invoice.invoice_line_ids.unlink()
        self.assertEqual(self.rebill(expense), "waiting")
        invoice.action_add_billing_expenses()
        invoice.unlink()
        self.assertEqual(self.rebill(expense), "waiting")

    def test_a_cancelled_invoice_frees_it_and_cannot_come_back_after(self):
        expense = self.spend(10.0, approve=True).line_ids
        first = self.client_invoice()
        first.action_add_billing_expenses()
        first.button_cancel()
        self.assertEqual(self.rebill(expense), "waiting")
        first.button_draft()
        self.assertEqual(self.rebill(expense), "invoiced", "nobody else has charged it")
        first.button_cancel()
        second = self.client_invoice()
        second.action_add_billing_expenses()
        with self.assertRaisesRegex(UserError, "Expense 1"):
            first.button_draft()
        second.unlink()
        first.button_draft()
        self.assertEqual(expense.invoice_id, first)
        self.assertEqual(self.rebill(expense), "invoiced")

    def test_a_full_credit_frees_it_and_cannot_be_undone_after(self):
        expense = self.spend(10.0, approve=True).line_ids
        invoice = self.client_invoice()
        invoice.action_add_billing_expenses()
        invoice.action_post()
        credit_note = self.credit(invoice)
        self.assertEqual(credit_note.state, "draft")
        self.assertEqual(self.rebill(expense), "invoiced", "a draft credits nothing")
        credit_note.action_post()
        self.assertEqual(self.rebill(expense), "waiting")
        second = self.client_invoice()
        second.action_add_billing_expenses()
        with self.assertRaisesRegex(UserError, "Expense 1"):
            credit_note.button_draft()
        second.unlink()
        credit_note.button_draft()
        self.assertEqual(self.rebill(expense), "invoiced")
        self.assertEqual(expense.invoice_id, invoice)

    def test_a_partial_credit_frees_nothing(self):
        expense = self.spend(10.0, approve=True).line_ids
        invoice = self.client_invoice()
        invoice.action_add_billing_expenses()
        invoice.action_post()
        credit_note = self.credit(invoice)
        credit_note.invoice_line_ids.price_unit = 4.0
        credit_note.action_post()
        self.assertEqual(self.rebill(expense), "invoiced")

    def test_a_paid_invoice_that_is_credited_frees_it_too(self):
        expense = self.spend(10.0, approve=True).line_ids
        invoice = self.client_invoice()
        invoice.action_add_billing_expenses()
        invoice.action_post()
        self.pay(invoice)
        self.credit(invoice).action_post()
        self.assertEqual(self.rebill(expense), "waiting")

    def test_the_replacement_of_a_credited_invoice_charges_it(self):
        expense = self.spend(10.0, approve=True).line_ids
        invoice = self.client_invoice()
        invoice.action_add_billing_expenses()
        invoice.action_post()
        replacement = self.credit(invoice, is_modify=True)
        self.assertEqual(replacement.move_type, "out_invoice")
        self.assertEqual(expense.invoice_id, replacement)
        self.assertEqual(self.rebill(expense), "invoiced")
        replacement.action_post()

    def test_a_charged_expense_is_not_added_to_another_invoice(self):
        expense = self.spend(10.0, approve=True).line_ids
        self.client_invoice().action_add_billing_expenses()
        second = self.client_invoice()
        with self.assertRaisesRegex(UserError, "does not wait"), self.cr.savepoint():
            expense._add_to_invoice(second)
        self.assertFalse(second.invoice_line_ids)

    def test_a_line_that_did_not_claim_its_expense_is_not_posted(self):
        """Such as one that a script has made: readonly fields of a form do not bind it."""
        expense = self.spend(10.0, approve=True).line_ids
        first, second = self.client_invoice(), self.client_invoice()
        first.action_add_billing_expenses()
        second.invoice_line_ids = [
            Command.create({"name": "Again", "price_unit": 10.0, "billing_expense_id": expense.id})
        ]
        with self.assertRaisesRegex(UserError, "charged by another invoice"):
            second.action_post()
        first.action_post()

    def test_the_expenses_of_another_client_are_not_added(self):
        expense = self.spend(10.0, approve=True).line_ids
        invoice = self.client_invoice(self.partner_b)
        with self.assertRaisesRegex(UserError, "are not those of partner_b"):
            expense._add_to_invoice(invoice)
        self.assertFalse(invoice.invoice_line_ids)

    def test_duplicates_and_debit_notes_charge_nothing_twice(self):
        self.spend(10.0, approve=True)
        invoice = self.client_invoice()
        invoice.invoice_line_ids = [
            Command.create({"name": "Work", "price_unit": 100.0, "tax_ids": []})
        ]
        invoice.action_add_billing_expenses()
        duplicate = invoice.copy()
        self.assertEqual(duplicate.invoice_line_ids.mapped("name"), ["Work"])
        self.assertEqual(duplicate.amount_untaxed, 100.0)
        invoice.action_post()
        debit_note = self._create_debit_note(invoice, copy_lines=True, reason="More")
        self.assertFalse(debit_note.invoice_line_ids.billing_expense_id)

    def test_a_draft_given_to_another_customer_is_not_posted(self):
        self.spend(10.0, approve=True)
        invoice = self.client_invoice()
        invoice.action_add_billing_expenses()
        invoice.partner_id = self.partner_b
        with self.assertRaisesRegex(UserError, "was spent for partner_a"):
            invoice.action_post()

    def test_what_is_charged_stays_approved_and_as_it_is(self):
        report = self.spend(10.0, approve=True)
        invoice = self.client_invoice()
        invoice.action_add_billing_expenses()
        report.bill_id.button_draft()
        report.bill_id.button_cancel()
        self.assertEqual(self.state(report), "approved")
        with self.assertRaisesRegex(UserError, "has been charged"):
            report.action_reset()
        with self.assertRaisesRegex(UserError, "has been charged"):
            report.line_ids.markup = 50.0

    def test_in_the_invoices_currency_at_the_receipts_rate(self):
        euro = self.setup_other_currency(
            "EUR", rates=[(str(self.day(-10)), 2.0), (str(self.day(-5)), 4.0)]
        )
        pound = self.setup_other_currency("GBP", rates=[(str(self.day(-10)), 0.5)])
        for currency, expected in (
            (self.company.currency_id, 55.0), (euro, 110.0), (pound, 27.5),
        ):  # fmt: skip
            self.spend(100.0, approve=True, date=self.day(-7), currency_id=euro.id, markup=10.0)
            invoice = self.client_invoice(currency_id=currency.id)
            invoice.action_add_billing_expenses()
            self.assertEqual(invoice.amount_untaxed, expected, currency.name)

    def test_another_currency_of_the_draft_is_another_price(self):
        euro = self.setup_other_currency("EUR", rates=[(str(self.day(-10)), 2.0)])
        self.spend(100.0, approve=True)
        invoice = self.client_invoice()
        invoice.action_add_billing_expenses()
        with Form(invoice) as form:
            form.currency_id = euro
        self.assertEqual(invoice.amount_untaxed, 200.0)
        self.assertEqual(invoice.invoice_line_ids.billing_expense_id.invoice_id, invoice)

    def test_the_offer_is_for_drafts_of_this_customer(self):
        self.spend(10.0, approve=True)
        self.assertNotIn("billing_expenses", self.client_invoice(self.partner_b)._get_alerts())
        posted = self.bill()
        self.assertNotIn("billing_expenses", posted._get_alerts())
        with self.assertRaises(UserError):
            self.env["billing.expense"].search([], limit=1)._add_to_invoice(posted)

    def test_a_contact_of_the_client_is_the_client(self):
        contact = self.env["res.partner"].create({"name": "C", "parent_id": self.partner_a.id})
        self.spend(10.0, approve=True, client_id=contact.id)
        self.client_invoice().action_add_billing_expenses()
        self.spend(20.0, approve=True)
        invoice = self.client_invoice(contact)
        invoice.action_add_billing_expenses()
        self.assertEqual(invoice.amount_untaxed, 20.0)
