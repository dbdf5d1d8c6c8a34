from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_score import ScoreCommon


@tagged("post_install", "-at_install")
class TestScoreObjection(ScoreCommon):
    """Whoever does not want to be scored, is not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("base.group_partner_manager")
        for partner in (cls.partner_a, cls.partner_b):
            cls.paid(partner, 0, 10, 20)
        cls.refresh()

    def kept(self, company=None):
        """The customers of whom anything is kept, by model."""
        domain = [("company_id", "=", (company or self.company).id)]
        return [
            self.env[model].sudo().search(domain).partner_id & (self.partner_a | self.partner_b)
            for model in ("billing.score", "billing.score.history")
        ]

    def test_what_is_kept_is_deleted_at_once(self):
        self.assertEqual(self.kept(), [self.partner_a | self.partner_b] * 2)
        self.partner_a.billing_no_scoring = True
        self.assertEqual(self.kept(), [self.partner_b] * 2)
        self.assertFalse(self.partner_a.billing_grade)
        self.assertFalse(self.partner_a.billing_score_reasons)

    def test_nothing_is_formed_again_until_it_is_switched_on(self):
        self.partner_a.billing_no_scoring = True
        self.refresh()
        self.env["billing.score"]._rebuild_month(self.company, self.day(-40).replace(day=1))
        self.assertEqual(self.kept(), [self.partner_b] * 2)
        self.partner_a.billing_no_scoring = False
        self.assertIn(self.partner_a, self.refresh())

    def test_their_payments_are_not_in_the_average_either(self):
        self.paid(self.partner_b, 40)
        self.partner_b.billing_no_scoring = True
        self.assertAlmostEqual(self.refresh()[self.partner_a].house_delay, 10, 4)

    def test_it_is_noted_once_who_switched_it(self):
        before = self.partner_a.message_ids
        self.partner_a.billing_no_scoring = True
        self.partner_a.billing_no_scoring = True
        [note] = self.partner_a.message_ids - before
        self.assertIn("switched off", note.body)
        self.assertIn(self.company.name, note.body)
        self.assertEqual(note.author_id, self.env.user.partner_id)
        self.partner_a.billing_no_scoring = False
        self.assertIn("switched on again", self.partner_a.message_ids[0].body)

    def test_it_is_said_to_one_company(self):
        other = self.other_company_invoice(due=-40)
        other.action_post()
        self.refresh(other.company_id)
        self.partner_a.billing_no_scoring = True
        self.assertEqual(self.kept(other.company_id), [self.partner_a] * 2)
        self.assertIn(self.partner_a, self.refresh(other.company_id))

    def test_contacts_follow_their_company(self):
        contact = self.env["res.partner"].create({"name": "Bea", "parent_id": self.partner_a.id})
        self.partner_a.billing_no_scoring = True
        self.assertTrue(contact.billing_no_scoring)
        self.bill(due=-40, partner=contact)
        self.assertNotIn(self.partner_a, self.refresh())

    def test_the_worklist_forgets_too(self):
        self.bill(due=-10)
        self.env["billing.collection"]._refresh(self.company)
        row = self.env["billing.collection"].search([("partner_id", "=", self.partner_a.id)])
        self.assertTrue(row.grade)
        self.partner_a.billing_no_scoring = True
        self.assertFalse(row.grade)

    def test_those_who_may_not_write_customers_cannot(self):
        self.make_people()
        with self.assertRaises(AccessError):
            self.partner_a.with_user(self.portal).billing_no_scoring = True
        with self.assertRaises(AccessError):
            self.partner_a.with_user(self.clerk).billing_no_scoring = True
        self.clerk.group_ids += self.env.ref("base.group_partner_manager")
        self.partner_a.with_user(self.clerk).billing_no_scoring = True
        self.assertEqual(self.kept(), [self.partner_b] * 2)
