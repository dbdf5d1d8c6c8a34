from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_interim import InterimCommon


@tagged("post_install", "-at_install")
class TestInterimOrders(InterimCommon):
    """Change orders, retention, and the figures that are printed."""

    def order(self, plan, amount, method="milestone", **values):
        return self.env["billing.change.order"].create(
            {"plan_id": plan.id, "amount": amount, "reason": "Windows", "method": method, **values}
        )

    def test_a_change_order_with_a_milestone_of_its_own(self):
        plan = self.plan()
        order = self.order(plan, 199.99)
        self.assertEqual(plan.amount_untaxed, 1000.0, "not approved yet")
        order.action_approve()
        self.assertEqual(order.approved_by_id, self.env.user)
        self.assertEqual(order.name, f"{plan.name}/CO1")
        self.assertEqual(plan.amount_untaxed, 1199.99)
        self.assertEqual((plan.amount_original, plan.amount_changes), (1000.0, 199.99))
        order.action_approve()
        self.assertEqual(plan.amount_untaxed, 1199.99, "a second click changes nothing")
        own = plan.line_ids.milestone_id
        self.assertEqual(own.amount, 199.99)
        with self.assertRaisesRegex(UserError, "another one"):
            own.amount = 100.0
        invoices = self.bill_all(plan)
        self.assert_adds_up(plan, invoices)
        self.assertEqual(invoices[-1].billing_interim_figures["changes"], [199.99, 239.99])
        with self.assertRaisesRegex(UserError, "approved"):
            order.amount = 5.0
        with self.assertRaisesRegex(UserError, "history"):
            order.unlink()

    def test_a_change_order_spread_over_what_is_open(self):
        plan = self.plan(1000.0, (300.0, 300.0, 400.0))
        first = plan.milestone_ids[0]._invoice()
        first.action_post()
        reduced = self.env["account.tax"].create(
            {"name": "7%", "amount": 7.0, "type_tax_use": "sale"}
        )
        self.order(plan, -99.99, "spread", tax_ids=reduced.ids).action_approve()
        self.order(plan, 50.0, "spread").action_approve()
        self.assertEqual(sum(plan.milestone_ids.mapped("amount")), 950.01)
        rest = plan.milestone_ids[1:]
        invoices = first + rest[0]._invoice() + rest[1]._invoice()
        invoices[1:].action_post()
        self.assert_adds_up(plan, invoices)
        self.assertEqual(plan.state, "done")
        self.order(plan, 10.0).action_approve()
        self.assertEqual(plan.state, "confirmed", "there is more to invoice")

    def test_change_orders_that_cannot_be(self):
        plan = self.plan()
        refused = self.order(plan, 50.0)
        refused.action_cancel()
        refused.action_approve()
        self.assertEqual((refused.state, plan.amount_untaxed), ("cancel", 1000.0))
        with self.assertRaisesRegex(UserError, "enter an amount"):
            self.order(plan, 0.0).action_approve()
        with self.assertRaisesRegex(UserError, "spread it"):
            self.order(plan, -1.0).action_approve()
        plan.milestone_ids[0]._invoice()
        with self.assertRaisesRegex(UserError, "credit an invoice first"):
            self.order(plan, -700.0, "spread").action_approve()
        plan.milestone_ids[1]._invoice()
        with self.assertRaisesRegex(UserError, "no milestone"):
            self.order(plan, 10.0, "spread").action_approve()
        draft = self.plan(confirm=False)
        with self.assertRaisesRegex(UserError, "change its lines"):
            self.order(draft, 10.0).action_approve()
        self.assertEqual(len(plan.line_ids), 1, "nothing half-made")

    def test_retention_is_withheld_and_released(self):
        plan = self.plan(1000.01, (333.33, 666.68), retention_rate=5)
        release = plan.milestone_ids.filtered("is_release")
        self.assertEqual(release.amount_bill, 50.0)
        first = plan.milestone_ids[0]._invoice()
        self.assertEqual(first.amount_untaxed, 316.66)
        with self.assertRaisesRegex(UserError, "after the other milestones"):
            release._invoice()
        first.action_post()
        second = plan.milestone_ids[1]._invoice()
        second.action_post()
        figures = second.billing_interim_figures
        self.assertEqual(figures["contract"], [1000.01, 1200.01])
        self.assertEqual(figures["before"][0], 316.66)
        self.assertEqual(figures["retention"][0], 33.33)
        self.assertEqual(figures["retained"][0], 50.0)
        self.assertEqual(figures["remaining"][0], 50.0)
        self.assertEqual(plan.amount_retained, 50.0)
        last = release._invoice()
        last.action_post()
        self.assertEqual(last.amount_untaxed, 50.0)
        self.assert_adds_up(plan, first + second + last)
        self.assertEqual(last.billing_interim_figures["remaining"], [0.0, 0.0])

        # a bill that comes back after the release still withholds what was released
        self.assertEqual(plan.amount_retained, 0.0)
        self._reverse_invoice(first, post=True)
        self.env.invalidate_all()
        self.assertEqual(plan.amount_retained, -16.67, "released, and not withheld any more")
        again = plan.milestone_ids[0]._invoice()
        again.action_post()
        self.assert_adds_up(plan, again + second + last)
        # work that is added after it withholds nothing
        self.order(plan, 100.0).action_approve()
        self.assertEqual(plan.line_ids.milestone_id._invoice().amount_untaxed, 100.0)

    def test_printed_figures_stay(self):
        plan = self.plan(1000.0, (200.0, 300.0, 500.0))
        invoices = self.bill_all(plan)
        printed = [invoice._get_billing_interim_figures() for invoice in invoices]
        self.assertEqual([p["before"][0] for p in printed], [0.0, 200.0, 500.0])
        self.assertEqual([p["remaining"][0] for p in printed], [800.0, 500.0, 0.0])
        self._reverse_invoice(invoices[0], post=True)
        self.order(plan, 100.0).action_approve()
        self.env.invalidate_all()
        self.assertEqual([i._get_billing_interim_figures() for i in invoices], printed)
        # an earlier bill that is corrected and posted again does not count those after it
        invoices[1].button_draft()
        invoices[1].action_post()
        self.assertEqual(invoices[1].billing_interim_figures["before"][0], 200.0)

    def test_figures_on_paper(self):
        plan = self.plan(1000.0, (200.0, 800.0), retention_rate=10)
        invoice = plan.milestone_ids[0]._invoice()
        invoice.action_post()
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("account.report_invoice_with_payments", invoice.ids)[0]
            .decode()
        )
        for text in ("Contract total", "Invoiced so far", "This invoice", "Remaining", "Retention"):
            self.assertIn(text, html)
        self.assertIn("1,200.00", html)
        ordinary = self.bill(100.0)
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("account.report_invoice_with_payments", ordinary.ids)[0]
            .decode()
        )
        self.assertNotIn("Contract total", html)

    # -- Where contracts come from ---------------------------------------------------------------

    def test_from_an_opportunity(self):
        self.env.user.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        lead = self.env["crm.lead"].create(
            {"name": "House", "type": "opportunity", "expected_revenue": 5000.0}
        )
        with self.assertRaisesRegex(UserError, "customer"):
            lead.action_new_billing_plan()
        lead.contact_name = "Carla"
        action = lead.action_new_billing_plan()
        plan = self.env["billing.milestone.plan"].browse(action["res_id"])
        self.assertEqual(plan.partner_id.name, "Carla")
        self.assertEqual(plan.amount_untaxed, 5000.0)
        self.assertEqual(lead.billing_plan_count, 1)
        lead2 = lead.copy({"expected_revenue": 0.0})
        with self.assertRaisesRegex(UserError, "expected revenue"):
            lead2.action_new_billing_plan()

    def test_from_a_pro_forma_and_the_comparison_stays(self):
        proforma = self.env["billing.proforma"].create(
            {
                "partner_id": self.partner_a.id,
                "line_ids": [
                    Command.create(
                        {"name": "Work", "quantity": 10, "price_unit": 100, "tax_ids": self.tax.ids}
                    ),
                    Command.create({"name": "Fee", "price_unit": 33.33, "tax_ids": []}),
                ],
            }
        )
        proforma._mark_sent()
        plan = self.env["billing.milestone.plan"].browse(
            proforma.action_new_billing_plan()["res_id"]
        )
        self.assertEqual(plan.amount_total, proforma.amount_total)
        with self.assertRaisesRegex(UserError, "billed in milestones"):
            proforma._lock_for_invoicing()
        plan.milestone_ids = [
            Command.create({"name": "A", "amount": 500, "trigger": "manual", "sequence": 1}),
            Command.create({"name": "B", "amount": 533.33, "trigger": "manual", "sequence": 2}),
        ]
        plan.action_confirm()
        invoices = self.bill_all(plan)
        self.assert_adds_up(plan, invoices)
        self.env.invalidate_all()
        self.assertEqual(proforma.amount_invoiced, proforma.amount_untaxed)
        self.assertEqual(proforma.status, "invoiced")

    def test_two_currencies(self):
        euro = self.setup_other_currency(
            "EUR", rates=[("2016-01-01", 2.0), (fields.Date.to_string(self.day(0)), 4.0)]
        )
        plan = self.plan(1000.0, (300.0, 700.0), currency_id=euro.id)
        invoices = self.bill_all(plan)
        self.assertEqual(invoices.currency_id, euro)
        self.assert_adds_up(plan, invoices)
        self.assertAlmostEqual(-sum(invoices.mapped("amount_untaxed_signed")), -250.0)
