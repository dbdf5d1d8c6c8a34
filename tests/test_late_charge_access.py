from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_charge import ChargeCommon


@tagged("post_install", "-at_install")
class TestLateChargeAccess(ChargeCommon):
    """Who may see, propose, approve and waive late charges."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_people()
        cls.partner_a.user_id = cls.salesperson
        cls.mine = cls.bill(amount=3650.0, due=-20)
        cls.theirs = cls.bill(amount=3650.0, due=-20, partner=cls.partner_b)

    def test_a_clerk_does_it_all(self):
        charges = self.env["billing.late.charge"].with_user(self.clerk)
        action = self.mine.with_user(self.clerk).action_billing_charge_late()
        proposals = charges.search(action["domain"])
        proposals.action_refresh()
        fee = proposals.filtered(lambda one: one.kind == "fee")
        charges.env["billing.late.charge.waive"].create(
            {"charge_ids": fee.ids, "amount": 40.0, "reason": "Good customer"}
        ).action_apply()
        (proposals - fee).action_approve()
        self.assertEqual(
            self.charges(self.mine), [("fee", "waived", 40.0), ("interest", "charged", 20.0)]
        )
        self.assertTrue(proposals.mapped("calculation_html"))
        self.assertEqual((proposals - fee).decided_by_id, self.clerk)
        (proposals - fee).move_id.action_billing_reverse_late_charges()
        self.assertEqual((proposals - fee).state, "reversed")

    def test_a_salesperson_sees_own_customers_and_changes_nothing(self):
        proposals = self.propose(self.mine, self.theirs)
        seen = self.env["billing.late.charge"].with_user(self.salesperson).search([])
        self.assertEqual(seen.move_origin_id, self.mine)
        self.assertTrue(seen.mapped("calculation_html"))
        for forbidden in (
            seen.action_approve,
            seen.action_refresh,
            seen.action_reverse,
            lambda: seen.write({"amount": 1.0}),
            seen.unlink,
            lambda: self.mine.with_user(self.salesperson).action_billing_charge_late(),
            lambda: proposals.with_user(self.salesperson).mapped("amount"),
        ):
            with self.assertRaises(UserError):  # AccessError is one
                forbidden()

    def test_a_clerk_cannot_write_by_hand(self):
        charge = self.propose(self.mine).with_user(self.clerk)[0]
        for forbidden in (
            lambda: charge.write({"state": "charged"}),
            charge.unlink,
            lambda: charge.copy(),
        ):
            with self.assertRaises(AccessError):
                forbidden()

    def test_nobody_reaches_another_company(self):
        foreign = self.other_company_invoice(amount=3650.0, due=-20)
        foreign.action_post()
        self.make_policy(company_id=foreign.company_id.id)
        proposals = self.propose(foreign)
        self.assertTrue(proposals)
        charges = self.env["billing.late.charge"].with_user(self.clerk)
        self.assertFalse(charges.search([]))
        with self.assertRaises(AccessError):
            proposals.with_user(self.clerk).action_approve()
        with self.assertRaises(AccessError):
            foreign.with_user(self.clerk).action_billing_charge_late()

    def test_others_have_no_part_in_it(self):
        self.propose(self.mine)
        for user in (self.accountant, self.portal, self.env.ref("base.public_user").sudo()):
            with self.assertRaises(AccessError):
                self.env["billing.late.charge"].with_user(user).search([])

    def test_an_accountant_without_the_group_keeps_working(self):
        note = self.charge(self.mine)
        self.env.invalidate_all()
        note = note.with_user(self.accountant)
        self.assertTrue(note.read())
        self.assertTrue(self.mine.with_user(self.accountant).read())
        note.button_draft()
        note.button_cancel()
        self.assertEqual({state for _kind, state, _amount in self.charges(self.mine)}, {"reversed"})
        html = self.env["ir.actions.report"]._render_qweb_html("account.report_invoice", note.ids)[
            0
        ]
        self.assertIn("Annex", html.decode())
