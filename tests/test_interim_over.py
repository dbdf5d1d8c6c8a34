from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_expense import ExpenseCommon
from .test_interim import InterimCommon


@tagged("post_install", "-at_install")
class TestInterimOver(InterimCommon, ExpenseCommon):
    """Nothing bills more than the contract, except a change order."""

    def refuse(self, change, message):
        """See that a change is refused with this message, and leaves nothing behind."""
        with self.assertRaises(UserError) as refused:  # Odoo's own, with a savepoint
            change()
        self.assertRegex(str(refused.exception), message)

    def add_line(self, invoice, price, **values):
        invoice.invoice_line_ids = [
            Command.create({"name": "Garden", "price_unit": price, "tax_ids": [], **values})
        ]

    def test_percentages_over_a_hundred(self):
        parts = [
            Command.create({"name": str(part), "percentage": part, "trigger": "manual"})
            for part in (60, 41)
        ]
        plan = self.plan(1000.0, (), confirm=False)
        self.refuse(lambda: plan.write({"milestone_ids": parts}), "101.00 %.*change order")
        for part in (60, 41):  # one by one, as another program may do it
            self.env["billing.milestone"].create(
                {"plan_id": plan.id, "name": str(part), "percentage": part, "trigger": "manual"}
            )
        self.refuse(plan.action_confirm, "101.00 %.*change order")
        self.assertEqual(plan.state, "draft")

    def test_a_confirmed_contract(self):
        plan = self.plan()
        for change in (
            lambda: self.env["billing.milestone"].create(
                {"plan_id": plan.id, "name": "More", "percentage": 10, "trigger": "manual"}
            ),
            lambda: plan.milestone_ids[0].write({"percentage": 40}),
            lambda: plan.line_ids.write({"quantity": 2}),
            lambda: plan.write({"line_ids": [Command.create({"name": "B", "price_unit": 1})]}),
        ):
            self.refuse(change, "change order")
        self.assertEqual(plan.milestone_ids.mapped("amount"), [300.0, 700.0])

    def test_a_milestone_stays_in_its_contract(self):
        plan, other = self.plan(), self.plan()
        first = plan.milestone_ids[0]
        self.refuse(lambda: first.write({"plan_id": other.id}), "stays there")
        self.refuse(lambda: other.write({"milestone_ids": [Command.link(first.id)]}), "stays there")

    def test_a_line_that_is_added_to_its_invoice(self):
        plan = self.plan()
        invoice = plan.milestone_ids[0]._invoice()
        self.add_line(invoice, 50.0)
        self.refuse(invoice.action_post, "«Garden» is not part of the contract")
        self.assertEqual(invoice.state, "draft")
        invoice.invoice_line_ids.filtered(lambda line: line.name == "Garden").unlink()
        self.add_line(invoice, -5.0, name="Sorry for the delay")
        invoice.invoice_line_ids = [
            Command.create({"display_type": "line_note", "name": "Thank you"})
        ]
        invoice.action_post()
        self.assertEqual(invoice.amount_untaxed, 295.0)

    def test_what_waits_for_any_invoice_may_be_on_it(self):
        self.spend(20.0, approve=True)
        invoice = self.plan().milestone_ids[0]._invoice()
        invoice.action_add_billing_expenses()
        invoice.action_post()
        self.assertEqual(invoice.amount_untaxed, 320.0)
