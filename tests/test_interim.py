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
        untaxed = plan.milestone_ids[1]._invoice()
        untaxed.invoice_line_ids.filtered("billing_plan_line_id").tax_ids = False
        self.assertEqual(untaxed.amount_untaxed, 700.0, "only the tax is missing")
        with self.assertRaisesRegex(UserError, "Change the plan, not the lines"):
            untaxed.action_post()

    def test_another_currency_cannot_be_posted(self):
        """The same figures in another currency are another amount."""
        euro = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        invoice = self.plan().milestone_ids[0]._invoice()
        invoice.currency_id = euro
        self.assertEqual(invoice.amount_untaxed, 300.0)
        with self.assertRaisesRegex(UserError, "Change the plan, not the lines"):
            invoice.action_post()
