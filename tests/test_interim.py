from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import BillingCommon


class InterimCommon(BillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax = cls.env["account.tax"].create(
            {"name": "20%", "amount": 20.0, "type_tax_use": "sale"}
        )

    @classmethod
    def plan(cls, amount=1000.0, shares=(300.0, 700.0), confirm=True, **values):
        """Return a plan of one line and untriggered milestones, confirmed unless told otherwise."""
        taxes = values.pop("taxes", cls.tax)
        plan = cls.env["billing.milestone.plan"].create(
            {
                "partner_id": cls.partner_a.id,
                "payment_term_id": False,
                "line_ids": [
                    Command.create({"name": "A house", "price_unit": amount, "tax_ids": taxes.ids})
                ],
                "milestone_ids": [
                    Command.create(
                        {
                            "name": f"Part {index}",
                            "amount": share,
                            "trigger": "manual",
                            "sequence": index,
                        }
                    )
                    for index, share in enumerate(shares, start=1)
                ],
                **values,
            }
        )
        if confirm:
            plan.action_confirm()
        return plan

    def bill_all(self, plan):
        """Invoice and post every milestone, in order."""
        invoices = self.env["account.move"]
        for milestone in plan.milestone_ids.sorted("sequence"):
            invoice = milestone._invoice()
            if invoice.state == "draft":
                invoice.action_post()
            invoices += invoice
        return invoices

    def assert_adds_up(self, plan, invoices):
        """The ledger of the invoices is the contract: base, each tax and total, to the cent."""
        currency = plan.currency_id
        amounts = list(plan._get_line_amounts().values())
        for name, expected in (
            ("amount_untaxed", sum(part["base"] for part in amounts)),
            ("amount_total", plan.amount_total),
            ("amount_tax", plan.amount_tax),
        ):
            self.assertEqual(
                currency.compare_amounts(sum(invoices.mapped(name)), expected), 0, name
            )
        for tax in plan.line_ids.tax_ids.flatten_taxes_hierarchy():
            agreed = sum(p["taxes"].get(str(tax.id), {}).get("tax", 0.0) for p in amounts)
            lines = invoices.line_ids.filtered(lambda line, tax=tax: line.tax_line_id == tax)
            self.assertEqual(
                currency.compare_amounts(-sum(lines.mapped("amount_currency")), agreed), 0, tax.name
            )


@tagged("post_install", "-at_install")
class TestInterim(InterimCommon):
    def test_from_plan_to_posted_invoices(self):
        plan = self.plan(1000.01, (333.33, 333.34, 333.34))
        self.assertEqual(plan.state, "confirmed")
        first = plan.milestone_ids[0]
        first.action_invoice()
        invoice = first.invoice_id
        self.assertEqual(invoice.billing_type, "interim")
        self.assertEqual(invoice.billing_milestone_id, first)
        self.assertEqual(first.state, "draft")
        invoice.action_post()
        self.assertEqual(first.state, "invoiced")
        self.assertEqual(invoice.amount_untaxed, 333.33)
        invoices = invoice
        for milestone in plan.milestone_ids[1:]:
            invoices += milestone._invoice()
        invoices[1:].action_post()
        self.assert_adds_up(plan, invoices)
        self.assertEqual(plan.state, "done")
        self.assertAlmostEqual(plan.progress, 100.0)

    def test_percentages_and_the_last_takes_the_cents(self):
        plan = self.plan(100.0, (), confirm=False)
        plan.milestone_ids = [
            Command.create({"name": str(i), "percentage": p, "trigger": "manual"})
            for i, p in enumerate((33.33, 33.33, 33.34))
        ]
        self.assertEqual(plan.milestone_ids.mapped("amount"), [33.33, 33.33, 33.34])
        third = self.plan(10.0, (), confirm=False)
        third.milestone_ids = [
            Command.create({"name": str(i), "percentage": 100 / 3, "trigger": "manual"})
            for i in range(3)
        ]
        third.action_confirm()
        self.assertEqual(third.milestone_ids.mapped("amount"), [3.33, 3.33, 3.34])

    def test_too_much_is_refused_and_too_little_offers_the_rest(self):
        with self.assertRaisesRegex(UserError, "100.00 more than the total"):
            self.plan(1000.0, (600.0, 500.0), confirm=False)
        plan = self.plan(1000.0, (600.0,), confirm=False)
        with self.assertRaisesRegex(UserError, "Add the Rest"):
            plan.action_confirm()
        self.assertEqual(plan.state, "draft")
        plan.action_add_rest()
        plan.milestone_ids[-1].trigger = "manual"
        plan.action_confirm()
        self.assertEqual(plan.milestone_ids.mapped("amount"), [600.0, 400.0])

    def test_bad_input_says_what_is_wrong(self):
        with self.assertRaisesRegex(UserError, "no milestones"):
            self.plan(100.0, ())
        with self.assertRaisesRegex(UserError, "more than zero"):
            self.plan(0.0, ())
        with self.assertRaises(ValidationError):
            self.plan(100.0, (100.0,), retention_rate=100)
        with self.assertRaises(ValidationError):
            self.plan(100.0, (100.0,), retention_rate=-1)
        plan = self.plan(100.0, (100.0,), confirm=False)
        with self.assertRaisesRegex(UserError, "not confirmed"):
            plan.milestone_ids.action_invoice()
        plan.milestone_ids.trigger = "date"
        with self.assertRaisesRegex(UserError, "enter it"):
            plan.action_confirm()

    def test_a_milestone_is_billed_once(self):
        plan = self.plan()
        first = plan.milestone_ids[0]
        first.action_invoice()
        with self.assertRaisesRegex(UserError, "invoiced already"):
            first.action_invoice()
        duplicate = first.invoice_id.copy()
        self.assertFalse(duplicate.billing_milestone_id)
        self.assertEqual(first.state, "draft")

    def test_what_is_billed_is_fixed_and_what_is_open_may_move(self):
        plan = self.plan(1000.0, (300.0, 300.0, 400.0))
        first, second, third = plan.milestone_ids
        first._invoice()
        with self.assertRaisesRegex(UserError, "stays as it is"):
            first.amount = 200.0
        with self.assertRaisesRegex(UserError, "stays as it is"):
            first.unlink()
        with self.assertRaisesRegex(UserError, "more than the total"):
            second.amount = 400.0
        plan.write(
            {
                "milestone_ids": [
                    Command.update(second.id, {"amount": 100.0}),
                    Command.update(third.id, {"amount": 600.0}),
                ]
            }
        )
        self.assertEqual(second._invoice().amount_untaxed, 100.0)
        with self.assertRaisesRegex(UserError, "change order"):
            plan.line_ids.price_unit = 2000.0

    def test_changed_lines_cannot_be_posted(self):
        plan = self.plan()
        invoice = plan.milestone_ids[0]._invoice()
        invoice.invoice_line_ids.filtered("billing_plan_line_id").price_unit = 299.0
        with self.assertRaisesRegex(UserError, "Change the plan, not the lines"):
            invoice.action_post()

    # -- The way back ----------------------------------------------------------------------------

    def test_a_deleted_draft_frees_its_milestone(self):
        plan = self.plan()
        first = plan.milestone_ids[0]
        first._invoice().unlink()
        first.invalidate_recordset()
        self.assertFalse(first.is_billed)
        self.assertTrue(first._invoice())

    def test_a_cancelled_invoice_frees_its_milestone_and_cannot_come_back(self):
        plan = self.plan()
        first = plan.milestone_ids[0]
        old = first._invoice()
        old.action_post()
        old.button_draft()
        old.button_cancel()
        self.assertFalse(first.is_billed)
        new = first._invoice()
        new.action_post()
        old.button_draft()
        with self.assertRaisesRegex(UserError, "invoiced already"):
            old.action_post()
        self.assertEqual(first.invoice_id, new)

    def test_a_credited_invoice_frees_its_milestone(self):
        plan = self.plan()
        invoices = self.bill_all(plan)
        self.assertEqual(plan.state, "done")
        credit = self._reverse_invoice(invoices[0], post=True)
        self.assertEqual(plan.state, "confirmed")
        first = plan.milestone_ids[0]
        self.assertFalse(first.is_billed)
        again = first._invoice()
        again.action_post()
        self.assertEqual(plan.state, "done")
        self.assertEqual(plan.amount_invoiced, 1000.0)
        self.assertEqual(again.billing_interim_figures["before"][0], 700.0)
        credit.button_draft()
        self.assertEqual(plan.amount_invoiced, 1300.0, "what the ledger says")

    def test_a_partial_credit_shows(self):
        plan = self.plan()
        invoices = self.bill_all(plan)
        credit = self._reverse_invoice(invoices[0])
        credit.invoice_line_ids.filtered("price_unit").price_unit = 100.0
        credit.action_post()
        first = plan.milestone_ids[0]
        self.assertEqual(first.state, "invoiced")
        self.assertEqual(first.amount_credited, 120.0)
        self.assertEqual(plan.amount_credited, 100.0)
        self.assertEqual(plan.amount_remaining, 100.0)

    def test_reverse_and_create_hands_the_milestone_over(self):
        plan = self.plan()
        first = plan.milestone_ids[0]
        old = first._invoice()
        old.action_post()
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=old.ids)
            .create({"journal_id": old.journal_id.id})
        )
        wizard.modify_moves()
        new = wizard.new_move_ids
        self.assertEqual(first.invoice_id, new)
        self.assertEqual(new.billing_type, "interim")
        with self.assertRaisesRegex(UserError, "invoiced already"):
            first.action_invoice()
        new.action_post()
        self.assertEqual(new.amount_total, old.amount_total)

    def test_cancel_and_delete_a_plan(self):
        plan = self.plan()
        invoice = plan.milestone_ids[0]._invoice()
        with self.assertRaisesRegex(UserError, "is invoiced by"):
            plan.action_cancel()
        invoice.unlink()
        plan.invalidate_recordset()
        plan.milestone_ids.invalidate_recordset()
        plan.action_cancel()
        plan.action_draft()
        self.assertFalse(plan.line_ids.amounts)
        copy = plan.copy()
        self.assertEqual(len(copy.milestone_ids), 2)
        self.assertEqual(copy.state, "draft")
        plan.unlink()
        copy.action_confirm()
        with self.assertRaisesRegex(UserError, "Cancel"):
            copy.unlink()
