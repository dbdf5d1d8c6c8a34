from odoo.fields import Command
from odoo.tests import Form, tagged

from .test_interim import InterimCommon


@tagged("post_install", "-at_install")
class TestInterimShare(InterimCommon):
    """Milestones entered as percentages follow the total of a draft; amounts stay."""

    def shares(self, *percentages, **values):
        plan = self.plan(1000.0, (), confirm=False, **values)
        plan.milestone_ids = [
            Command.create(
                {"name": str(i), "percentage": share, "trigger": "manual", "sequence": i}
            )
            for i, share in enumerate(percentages)
        ]
        return plan

    def test_percentages_follow_and_amounts_stay(self):
        plan = self.shares(30, 50)
        plan.milestone_ids = [
            Command.create({"name": "Fee", "amount": 200.0, "trigger": "manual", "sequence": 9})
        ]
        plan.line_ids.price_unit = 2000.0
        self.assertEqual(plan.milestone_ids.mapped("amount"), [600.0, 1000.0, 200.0])
        self.assertEqual(plan.milestone_ids.mapped("percentage"), [30.0, 50.0, 10.0])
        plan.line_ids = [Command.create({"name": "More", "price_unit": 500.0})]
        self.assertEqual(plan.milestone_ids.mapped("amount"), [750.0, 1250.0, 200.0])
        plan.line_ids[1].unlink()
        self.assertEqual(plan.milestone_ids.mapped("amount"), [600.0, 1000.0, 200.0])
        plan.action_add_rest()
        plan.milestone_ids.trigger = "manual"
        plan.action_confirm()
        self.assert_adds_up(plan, self.bill_all(plan))

    def test_a_typed_amount_does_not_follow_any_more(self):
        plan = self.shares(30, 50)
        plan.milestone_ids[0].amount = 400.0
        self.assertEqual(plan.milestone_ids[0].percentage, 40.0)
        plan.line_ids.price_unit = 2000.0
        self.assertEqual(plan.milestone_ids.mapped("amount"), [400.0, 1000.0])
        self.assertEqual(plan.milestone_ids[0].percentage, 20.0)

    def test_thirds_take_the_cents_whatever_the_total(self):
        plan = self.shares(*[100 / 3] * 3)
        for total in (10.0, 0.0, 100.01):
            plan.line_ids.price_unit = total
        plan.action_confirm()
        self.assertEqual(plan.milestone_ids.mapped("amount"), [33.34, 33.34, 33.33])
        plan.action_draft()
        plan.line_ids.price_unit = 10.0
        plan.action_confirm()
        self.assertEqual(plan.milestone_ids.mapped("amount"), [3.33, 3.33, 3.34])

    def test_a_copy_and_a_confirmed_contract(self):
        plan = self.shares(40, 60)
        copy = plan.copy()
        plan.action_confirm()
        self.env["billing.change.order"].create(
            {"plan_id": plan.id, "amount": 500.0, "reason": "Windows"}
        ).action_approve()
        self.assertEqual(plan.milestone_ids.mapped("amount"), [400.0, 600.0, 500.0])
        copy.line_ids.price_unit = 500.0
        self.assertEqual(copy.milestone_ids.mapped("amount"), [200.0, 300.0])

    def test_on_the_form(self):
        plan = self.plan(1000.0, (), confirm=False)
        with Form(plan) as form:
            with form.milestone_ids.new() as line:
                line.name = "A"
                line.trigger = "manual"
                line.percentage = 30
            with form.milestone_ids.new() as line:
                line.name = "B"
                line.trigger = "manual"
                line.amount = 100.0
            with form.line_ids.edit(0) as line:
                line.price_unit = 2000.0
            with form.milestone_ids.edit(0) as line:
                self.assertEqual((line.percentage, line.amount), (30.0, 600.0))
        self.assertEqual(plan.milestone_ids.mapped("amount"), [600.0, 100.0])
        with Form(plan) as form:
            with form.milestone_ids.edit(0) as line:
                line.amount = 500.0
                self.assertEqual(line.percentage, 25.0)
            with form.milestone_ids.edit(1) as line:
                line.percentage = 10.0
            with form.line_ids.edit(0) as line:
                line.price_unit = 3000.0
        self.assertEqual(plan.milestone_ids.mapped("amount"), [500.0, 300.0])
        with Form(plan) as form, form.line_ids.edit(0) as line:
            line.price_unit = 1000.0
        self.assertEqual(plan.milestone_ids.mapped("amount"), [500.0, 100.0])
