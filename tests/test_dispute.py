from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common_dispute import DisputeCommon

VIEW_NEW = "billing_crm.billing_dispute_view_form_new"


@tagged("post_install", "-at_install")
class TestDispute(DisputeCommon):
    """What is disputed stays owed, and is not asked for; the rest is."""

    def halves(self, amount=300.0, first=-40, second=-10):
        term = self.env["account.payment.term"].create(
            {
                "name": "Two halves",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": 0}),
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": second - first}
                    ),
                ],
            }
        )
        return self.bill(
            amount=amount, invoice_date=self.day(first), invoice_payment_term_id=term.id
        )

    def test_a_disputed_invoice_is_not_chased_and_stays_in_aging(self):
        invoice = self.bill(amount=120.0, due=-10)
        dispute = self.dispute(invoice)
        self.assertEqual((dispute.amount, dispute.state), (120.0, "open"))
        item = self.items(invoice)
        self.assertEqual((item.residual, item.amount_30, item.bucket), (120.0, 120.0, "30"))
        self.assertEqual((item.disputed_currency, item.chased_currency), (120.0, 0.0))
        self.assertFalse(item.can_be_reminded)
        self.assertFalse(self.plan())
        self.assertEqual(invoice.billing_status, "disputed")

    def test_the_undisputed_rest_is_chased(self):
        invoice = self.bill(amount=120.0, due=-10)
        self.dispute(invoice, amount=50.0)
        [reminder] = self.plan()
        self.assertEqual((reminder.amount, reminder.item_ids.amount), (70.0, 70.0))
        self.assertEqual(reminder._get_statement()["net"], 70.0)

    def test_a_dispute_raised_after_planning_stops_the_mail(self):
        invoice = self.bill(amount=120.0, due=-10)
        [reminder] = self.plan()
        self.dispute(invoice)
        self.env.invalidate_all()
        reminder._send()
        self.assertEqual(reminder.state, "cancelled")

    def test_installments_due_first_are_disputed_first(self):
        invoice = self.halves()
        self.dispute(invoice, amount=200.0)
        first, second = self.items(invoice)
        self.assertEqual((first.disputed_currency, first.chased_currency), (150.0, 0.0))
        self.assertEqual((second.disputed_currency, second.chased_currency), (50.0, 100.0))
        self.assertEqual((first.can_be_reminded, second.can_be_reminded), (False, True))

    def test_a_payment_in_part_is_for_what_is_not_disputed(self):
        invoice = self.bill(amount=120.0, due=-10)
        self.dispute(invoice, amount=50.0)
        self.pay(invoice, 70.0)
        item = self.items(invoice)
        self.assertEqual((item.disputed_currency, item.chased_currency), (50.0, 0.0))
        self.assertFalse(self.plan())
        self.pay(invoice, 30.0)
        item = self.items(invoice)
        self.assertEqual((item.residual, item.disputed_currency), (20.0, 20.0))

    def test_a_credit_note_meanwhile_leaves_no_more_disputed_than_is_open(self):
        invoice = self.bill(amount=120.0, due=-10)
        dispute = self.dispute(invoice, amount=100.0)
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )
        wizard.refund_moves()
        credit = wizard.new_move_ids
        credit.invoice_line_ids.price_unit = 80.0
        credit.action_post()
        item = self.items(invoice)
        self.assertEqual((item.residual, item.disputed_currency), (40.0, 40.0))
        self.resolve(dispute, "linked", document_ids=[Command.set(credit.ids)])
        self.assertEqual((dispute.state, dispute.resolution), ("resolved", "linked"))
        self.assertEqual(self.items(invoice).chased_currency, 40.0)

    def test_no_more_than_what_is_open_can_be_disputed(self):
        invoice = self.bill(amount=120.0, due=-10)
        self.pay(invoice, 20.0)
        for amount in (100.01, 0.0, -5.0, 0.001):
            with self.assertRaises(ValidationError, msg=amount):
                self.dispute(invoice, amount=amount)
        self.dispute(invoice, amount=60.0)
        with self.assertRaises(ValidationError):
            self.dispute(invoice, amount=40.01)
        self.assertEqual(self.dispute(invoice).amount, 40.0)
        with self.assertRaises(ValidationError):
            self.dispute(invoice)

    def test_only_posted_invoices_can_be_disputed(self):
        invoice = self.bill(amount=120.0, due=-10)
        self.pay(invoice)
        with self.assertRaises(ValidationError):
            self.dispute(invoice)
        invoice = self.bill(amount=120.0, due=-10)
        invoice.button_draft()
        with self.assertRaises(ValidationError):
            self.dispute(invoice)

    def test_a_line_is_disputed_by_quantity_and_by_amount(self):
        tax = self.tax(20)
        invoice = self.invoice(
            [
                {"price_unit": 10.0, "quantity": 10, "tax_ids": tax.ids},
                {"price_unit": 50.0, "quantity": 1, "tax_ids": tax.ids},
            ]
        )
        first, second = invoice.invoice_line_ids
        dispute = self.dispute(
            invoice, lines=[{"move_line_id": first.id, "quantity": 3}], reason="quantity"
        )
        self.assertEqual((dispute.amount, dispute.line_ids.amount), (36.0, 36.0))
        self.assertEqual(dispute.line_ids.name, "Line 0")
        other = self.dispute(invoice, lines=[{"move_line_id": second.id, "amount": 12.5}])
        self.assertEqual(other.amount, 12.5)
        self.assertEqual(self.items(invoice).chased_currency, 180.0 - 48.5)

    def test_a_line_is_in_one_open_dispute_only(self):
        invoice = self.invoice([{"price_unit": 100.0}, {"price_unit": 50.0}])
        line = invoice.invoice_line_ids[0]
        dispute = self.dispute(invoice, lines=[{"move_line_id": line.id, "amount": 10.0}])
        with self.assertRaises(ValidationError):
            self.dispute(invoice, lines=[{"move_line_id": line.id, "amount": 10.0}])
        dispute.action_reject()
        again = self.dispute(invoice, lines=[{"move_line_id": line.id, "amount": 10.0}])
        with self.assertRaises(ValidationError):
            dispute.action_reopen()
        again.action_withdraw()
        dispute.action_reopen()
        self.assertEqual((dispute.state, dispute.closed_on), ("open", False))

    def test_a_line_of_another_invoice_or_too_much_of_it_is_refused(self):
        invoice = self.invoice([{"price_unit": 100.0}, {"price_unit": 50.0}])
        foreign = self.bill(due=-10).invoice_line_ids
        for values in (
            {"move_line_id": foreign.id, "amount": 10.0},
            {"move_line_id": invoice.invoice_line_ids[1].id, "amount": 50.01},
            {"move_line_id": invoice.invoice_line_ids[1].id, "amount": 0.0},
        ):
            with self.assertRaises(ValidationError):
                self.dispute(invoice, lines=[values])
        with self.assertRaises(ValidationError):
            self.dispute(invoice, lines=[])

    def test_rejecting_and_withdrawing_resume_chasing(self):
        invoice = self.bill(amount=120.0, due=-10)
        for action, state in (("action_reject", "rejected"), ("action_withdraw", "withdrawn")):
            dispute = self.dispute(invoice)
            self.assertFalse(self.items(invoice).can_be_reminded)
            getattr(dispute, action)()
            self.assertEqual((dispute.state, dispute.closed_on), (state, self.today))
            self.assertTrue(self.items(invoice).can_be_reminded)
            self.assertEqual(invoice.billing_status, "overdue")
            with self.assertRaises(UserError):
                dispute.action_withdraw()
        self.assertTrue(self.plan())

    def test_cancelling_the_invoice_closes_its_disputes(self):
        invoice = self.bill(amount=120.0, due=-10)
        dispute = self.dispute(invoice)
        invoice.button_draft()
        self.assertEqual(dispute.state, "open")
        self.assertFalse(self.items(invoice))
        invoice.button_cancel()
        self.assertEqual((dispute.state, dispute.resolution), ("resolved", "cancelled"))
        self.assertFalse(dispute.activity_ids)

    def test_an_invoice_changed_in_draft_stays_disputed_as_far_as_it_is_open(self):
        invoice = self.invoice([{"price_unit": 100.0}, {"price_unit": 50.0}])
        dispute = self.dispute(
            invoice, lines=[{"move_line_id": invoice.invoice_line_ids[0].id, "amount": 100.0}]
        )
        invoice.button_draft()
        invoice.invoice_line_ids[0].unlink()
        invoice.action_post()
        self.assertEqual(dispute.line_ids.name, "Line 0")
        self.assertFalse(dispute.line_ids.move_line_id)
        item = self.items(invoice)
        self.assertEqual((item.residual, item.disputed_currency), (50.0, 50.0))
        [credit] = self.resolve(dispute, amount=50.0)
        self.assertEqual((credit.amount_total, invoice.payment_state), (50.0, "reversed"))

    def test_it_can_be_begun_before_its_invoice_is_chosen(self):
        invoice = self.bill(amount=120.0, due=-10)
        with Form(self.env["billing.dispute"], VIEW_NEW) as form:
            self.assertFalse(form.user_id)
            form.move_id = invoice
            self.assertEqual(form.amount, 120.0)
            form.reason = "price"
        self.assertEqual(self.items(invoice).disputed_currency, 120.0)

    def test_two_currencies_are_kept_apart(self):
        euro = self.setup_other_currency("EUR", rates=[("2000-01-01", 2.0)])
        invoice = self.invoice([{"price_unit": 200.0}], currency=euro)
        dispute = self.dispute(invoice, amount=80.0)
        self.assertEqual((dispute.currency_id, dispute.amount_company), (euro, 40.0))
        item = self.items(invoice)
        self.assertEqual((item.disputed_currency, item.chased_currency), (80.0, 120.0))
        self.assertEqual((item.residual, float(item.chased)), (100.0, 60.0))

    def test_in_the_past_it_was_what_it_was(self):
        invoice = self.bill(amount=120.0, due=-40)
        dispute = self.dispute(invoice, amount=50.0)
        dispute.sudo().opened_on = self.day(-10)
        dispute.action_reject()
        dispute.sudo().closed_on = self.day(-5)
        self.env.flush_all()
        for day, disputed in ((-11, 0.0), (-10, 50.0), (-6, 50.0), (-5, 0.0), (0, 0.0)):
            row = self.env["billing.receivable"].with_context(billing_as_of=self.day(day))
            item = row.search([("move_id", "=", invoice.id)])
            self.assertEqual(item.disputed_currency, disputed, day)

    def test_the_answer_is_due_in_five_working_days(self):
        self.company.resource_calendar_id = self.env["resource.calendar"].create({"name": "Week"})
        monday = fields.Date.to_date("2026-11-23")
        deadline = self.company._get_billing_dispute_deadline
        self.assertEqual(deadline(monday), fields.Date.to_date("2026-11-30"))
        self.assertEqual(
            deadline(fields.Date.to_date("2026-11-28")), monday.replace(month=12, day=4)
        )
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.company.resource_calendar_id.id,
                "date_from": "2026-11-25 00:00:00",
                "date_to": "2026-11-25 23:59:59",
            }
        )
        self.assertEqual(deadline(monday), monday.replace(month=12, day=1))
        self.company.billing_dispute_days = 1
        self.assertEqual(deadline(monday), monday.replace(day=24))
        self.company.resource_calendar_id = False
        self.assertEqual(deadline(fields.Date.to_date("2026-11-27")), monday.replace(day=30))
