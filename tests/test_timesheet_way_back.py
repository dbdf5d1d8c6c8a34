from odoo.fields import Command
from odoo.tests import tagged

from .timesheet_common import TimesheetCommon


@tagged("post_install", "-at_install")
class TestTimesheetWayBack(TimesheetCommon):
    """Deleting, cancelling and crediting free the hours; whatever comes back takes them back."""

    def setUp(self):
        super().setUp()
        self.hours = self.work(2.0) | self.work(3.0, user=self.bob)
        self.move = self.invoice_hours(invoice_date=self.today)

    def credit(self, amount=None, modify=False, on=None):
        """Credit the invoice, in full unless told an amount; returns what the wizard made."""
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=self.move.ids)
            .create({"journal_id": self.move.journal_id.id, "date": on or self.today})
        )
        getattr(wizard, "modify_moves" if modify else "refund_moves")()
        made = wizard.new_move_ids
        if amount:
            made.invoice_line_ids[1:].unlink()
            made.invoice_line_ids.write({"quantity": 1, "price_unit": amount, "tax_ids": False})
        if not modify:
            made.action_post()
        return made

    def assertFree(self):
        self.assertEqual(self.states(self.hours), ["to_bill"] * 2)

    def assertTaken(self, by=None):
        self.hours.invalidate_recordset()
        self.assertEqual(self.hours.billing_move_id, by or self.move)

    def bill_elsewhere(self):
        other = self.invoice_hours(invoice_date=self.today)
        other.action_post()
        return other

    def test_hours_are_billed_once(self):
        with self.assertRefused("no unbilled hours"):
            self.invoice_hours()
        self.move.action_post()
        with self.assertRefused("no unbilled hours"):
            self.invoice_hours()

    def test_hours_are_billed_to_whom_they_were_worked_for(self):
        self.move.partner_id = self.partner_b
        with self.assertRefused("worked for partner_a, not for partner_b"):
            self.move.action_post()
        self.assertEqual(self.move.state, "draft")
        self.move.partner_id = self.env["res.partner"].create(
            {"name": "Their office", "parent_id": self.partner_a.id}
        )
        self.move.action_post()
        self.assertTaken()

    def test_another_customer_pays_once_the_hours_are_removed(self):
        self.move.partner_id = self.partner_b
        self.move.invoice_line_ids = [Command.create({"name": "Advice", "price_unit": 5.0})]
        self.hours.action_remove_from_invoice()
        self.move.action_post()
        self.assertFree()

    def test_billed_hours_stay_as_they_are(self):
        for values in (
            {"unit_amount": 5.0},
            {"date": self.today},
            {"partner_id": self.partner_b.id},
            {"billing_billable": False},
            {"name": "Other"},
        ):
            with self.assertRefused("cannot be changed"):
                self.hours[0].write(values)
        with self.assertRefused("cannot be changed"):
            self.hours[0].unlink()
        with self.assertRefused("Invoice Hours"):
            self.hours[0].with_user(self.env.user).sudo(False).write(
                {"billing_move_line_id": False}
            )

    def test_a_copy_of_billed_hours_is_unbilled(self):
        copy = self.hours[0].copy()
        self.assertEqual(copy.billing_state, "to_bill")

    def test_deleting_the_draft(self):
        self.move.unlink()
        self.assertFree()
        self.assertTaken(self.invoice_hours())

    def test_deleting_a_line(self):
        line = self.hours[0].billing_move_line_id
        self.move.invoice_line_ids = [Command.delete(line.id)]
        self.assertEqual(self.states(self.hours), ["to_bill", "draft"])
        self.hours[0].unit_amount = 7.0
        self.hours[0].unlink()

    def test_removing_hours_from_the_draft(self):
        third = self.work(0.5)
        self.move.unlink()
        self.move = self.invoice_hours()
        third.action_remove_from_invoice()
        self.assertEqual(self.lines(self.move), [(2.0, 100.0), (3.0, 100.0)])
        self.assertEqual(self.move.amount_untaxed, 500.0)
        self.hours[1].action_remove_from_invoice()
        self.assertEqual(self.lines(self.move), [(2.0, 100.0)])
        self.assertEqual(self.states(third | self.hours), ["to_bill", "draft", "to_bill"])
        self.move.action_post()
        with self.assertRefused("is posted"):
            self.hours[0].action_remove_from_invoice()
        with self.assertRefused("None of these"):
            third.action_remove_from_invoice()

    def test_the_quantity_is_that_of_the_hours(self):
        line = self.hours[0].billing_move_line_id
        with self.assertRefused("its quantity and unit stay"):
            line.quantity = 1.0
        with self.assertRefused("its quantity and unit stay"):
            line.product_uom_id = self.env.ref("uom.product_uom_day")
        line.discount = 10.0
        self.assertEqual(self.move.amount_untaxed, 480.0)

    def test_cancelling_and_coming_back(self):
        self.move.button_cancel()
        self.assertFree()
        self.move.button_draft()
        self.assertTaken()

    def test_cancelling_what_is_posted(self):
        self.move.action_post()
        self.move.button_draft()
        self.assertTaken()
        self.move.action_post()
        self.move.button_cancel()
        self.assertFree()

    def test_a_cancelled_invoice_stays_cancelled_once_its_hours_are_billed(self):
        self.move.button_cancel()
        other = self.bill_elsewhere()
        with self.assertRefused(f"billed on .*{other.name}"):
            self.move.button_draft()
        self.assertTaken(other)

    def test_a_cancelled_invoice_stays_cancelled_once_its_hours_changed(self):
        self.move.button_cancel()
        self.hours[0].unit_amount = 2.5
        with self.assertRefused("changed or deleted"):
            self.move.button_draft()

    def test_crediting_in_full(self):
        self.move.action_post()
        self.credit()
        self.assertFree()

    def test_crediting_in_full_what_was_paid(self):
        self.move.action_post()
        self._register_payment(self.move)
        self.credit()
        self.assertFree()

    def test_crediting_in_part_frees_nothing_until_the_parts_are_all(self):
        self.move.action_post()
        self.credit(100.0)
        self.assertTaken()
        self.credit(self.move.amount_total - 100.0)
        self.assertFree()

    def test_a_credit_note_that_is_taken_back(self):
        self.move.action_post()
        note = self.credit()
        note.button_draft()
        self.assertTaken()

    def test_a_credit_note_stays_once_its_hours_are_billed(self):
        self.move.action_post()
        note = self.credit()
        other = self.bill_elsewhere()
        with self.assertRefused(f"billed on .*{other.name}"):
            note.button_draft()
        self.assertTaken(other)

    def test_credit_and_bill_anew(self):
        self.move.action_post()
        draft = self.credit(modify=True)
        self.assertEqual((draft.move_type, draft.state), ("out_invoice", "draft"))
        self.assertEqual(self.lines(draft), [(2.0, 100.0), (3.0, 100.0)])
        self.assertTaken(draft)
        draft.unlink()
        self.assertFree()

    def test_credit_of_tomorrow_and_bill_anew_today(self):
        """The credit note is no more than planned: the hours cannot be on two invoices."""
        self.move.action_post()
        with self.assertRefused(f"billed on .*{self.move.name}"):
            self.credit(modify=True, on=self.day(1))
        self.assertTaken()

    def test_a_duplicate_has_no_hours(self):
        copy = self.move.copy()
        self.assertFalse(copy.billing_hour_count)
        copy.invoice_line_ids[0].quantity = 9.0
        self.assertTaken()

    def test_another_type_keeps_lines_and_hours(self):
        self.move.billing_type = "standard"
        self.assertEqual(self.lines(self.move), [(2.0, 100.0), (3.0, 100.0)])
        self.assertTaken()

    def test_an_invoice_with_hours_is_no_credit_note(self):
        with self.assertRefused("cannot become a credit note"):
            self.move.action_switch_move_type()
        self.assertTaken()
