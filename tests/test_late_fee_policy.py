from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common_interest import InterestCommon


@tagged("post_install", "-at_install")
class TestLateFeePolicy(InterestCommon):
    """Who is charged what."""

    def chosen(self, partner=None):
        partner = partner or self.partner_a
        partner.invalidate_recordset()
        return partner.billing_applied_late_fee_policy_id

    def until(self, invoice):
        return self.accrue(invoice, "2025-04-10")

    def late(self, amount=1000.0, **values):
        """An invoice that is ten days late on 10 April."""
        return self.bill_due(amount, "2025-03-31", **values)

    # -- Whose policy ------------------------------------------------------------------------------

    def test_without_a_policy_nothing_is_charged(self):
        self.assertFalse(self.chosen())
        self.assertIsNone(self.until(self.late()))

    def test_the_customers_own_wins_then_rules_then_the_default(self):
        default = self.policy(name="Default")
        self.assertEqual(self.chosen(), default)
        belgium = self.policy(
            name="Belgium", applies="rule", country_ids=[Command.link(self.env.ref("base.be").id)]
        )
        self.assertEqual(self.chosen(), default)
        self.partner_a.country_id = self.env.ref("base.be")
        self.assertEqual(self.chosen(), belgium)
        own = self.policy(name="Own", applies="chosen")
        self.partner_a.billing_late_fee_policy_id = own
        self.assertEqual(self.chosen(), own)
        self.assertEqual(self.until(self.late()).policy, own)

    def test_a_tag_includes_those_below_it(self):
        tag = self.env["res.partner.category"].create({"name": "Trade"})
        below = self.env["res.partner.category"].create({"name": "Bakers", "parent_id": tag.id})
        policy = self.policy(applies="rule", category_ids=[Command.link(tag.id)])
        self.assertFalse(self.chosen())
        self.partner_a.category_id = below
        self.assertEqual(self.chosen(), policy)

    def test_the_companys_own_comes_before_those_of_all(self):
        self.policy(name="All", sequence=1)
        own = self.policy(name="Own", sequence=99, company_id=self.company.id)
        self.assertEqual(self.chosen(), own)

    def test_a_person_without_a_tax_number_is_a_consumer(self):
        business = self.policy(name="B", customer_kind="business")
        consumer = self.policy(name="C", customer_kind="consumer", margin=5)
        person = self.env["res.partner"].create({"name": "Somebody"})
        self.assertEqual(self.chosen(person), consumer)
        person.vat = "/"
        self.assertEqual(self.chosen(person), consumer)
        person.vat = "BE0477472701"
        self.assertEqual(self.chosen(person), business)
        person.write({"vat": False, "is_company": True})
        self.assertEqual(self.chosen(person), business)
        person.billing_customer_kind = "consumer"
        self.assertEqual(self.chosen(person), consumer)

    def test_a_contact_is_charged_as_its_company(self):
        policy = self.policy(customer_kind="business")
        contact = self.env["res.partner"].create({"name": "X", "parent_id": self.partner_a.id})
        self.assertEqual(self.until(self.late(partner=contact)).policy, policy)

    def test_presets_are_for_businesses_of_their_country(self):
        presets = self.env["billing.late.fee.policy"].with_context(active_test=False)
        presets.search([("applies", "=", "rule")]).active = True
        for code, name in (
            ("de", "de"), ("fr", "fr"), ("uk", "uk"), ("at", "at"), ("ie", "ie"), ("be", "eu")
        ):  # fmt: skip
            self.partner_a.country_id = self.env.ref(f"base.{code}")
            self.assertEqual(self.chosen(), self.env.ref(f"billing_crm.late_fee_policy_{name}"))
        self.partner_a.is_company = False
        self.assertFalse(self.chosen(), "the directive does not speak of consumers")
        self.partner_a.country_id = self.env.ref("base.de")
        self.assertEqual(self.chosen(), self.env.ref("billing_crm.late_fee_policy_de_consumer"))

    def test_a_margin_of_the_country(self):
        slovakia = self.env.ref("base.sk")
        self.policy(
            margin_ids=[Command.create({"country_id": slovakia.id, "margin": 36.5})], margin=73
        )
        self.assertEqual(self.until(self.late()).interest, 20)
        self.partner_a.country_id = slovakia
        self.assertEqual(self.until(self.late()).interest, 10)

    def test_a_rule_has_conditions_and_interest_a_rate(self):
        with self.assertRaises(ValidationError):
            self.policy(applies="rule")
        with self.assertRaises(ValidationError):
            self.policy(margin=0)

    @mute_logger("odoo.sql_db")
    def test_nothing_is_negative(self):
        for values in ({"cap_amount": -1}, {"cap_percent": -1}, {"minimum_interest": -1},
                       {"margin": -1}, {"grace_days": -1}, {"percentage": 101}):  # fmt: skip
            with self.assertRaises(IntegrityError, msg=values), self.env.cr.savepoint():
                self.policy(**values)
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.policy(tiers=[(0, -40)])

    # -- Fees --------------------------------------------------------------------------------------

    def test_the_fixed_fee_depends_on_the_amount(self):
        self.policy(tiers=[(0, 40), (1000, 70), (10000, 100)], charge_interest=False)
        for amount, fee in ((999.99, 40), (1000, 70), (9999.99, 70), (10000, 100)):
            accrual = self.until(self.late(amount))
            self.assertEqual((accrual.fee, accrual.interest, accrual.total), (fee, 0, fee))

    def test_the_fee_is_due_once_it_is_late_and_stays_when_paid(self):
        self.policy(tiers=[(0, 40)], charge_interest=False)
        invoice = self.late()
        self.assertEqual(self.accrue(invoice, "2025-03-31").fee, 0)
        self.assertEqual(self.accrue(invoice, "2025-04-01").fee, 40)
        self.pay_on(invoice, "2025-04-02")
        self.assertEqual(self.accrue(invoice).fee, 40)

    def test_a_percentage_of_what_was_late(self):
        self.policy(charge_interest=False, percentage=2.5)
        invoice = self.late()
        self.pay_on(invoice, "2025-03-30", 400)
        self.pay_on(invoice, "2025-04-03", 100)
        self.assertEqual(self.until(invoice).percentage_fee, 15)

    def test_one_fee_for_an_invoice_or_for_each_installment(self):
        policy = self.policy(tiers=[(0, 40)], charge_interest=False)
        term = self.env["account.payment.term"].create(
            {
                "name": "Halves",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": days})
                    for days in (0, 2)
                ],
            }
        )
        lines = self.installments(
            self.bill(amount=1000, invoice_date="2025-03-31", invoice_payment_term_id=term.id)
        )
        accruals = self.env["billing.accrual"]
        self.assertEqual(sorted(a.fee for a in accruals._accrue(lines).values()), [0, 40])
        # also if it is asked about the second one only
        self.assertEqual(accruals._accrue(lines[1])[lines[1].id].fee, 0)
        policy.fee_per = "installment"
        self.assertEqual([a.fee for a in accruals._accrue(lines).values()], [40, 40])

    def test_a_minimum_is_skipped_or_raised_to(self):
        policy = self.policy(margin=36.5, minimum_interest=15)  # 10 accrue
        self.assertEqual(self.until(self.late()).interest, 0)
        self.assertEqual(self.until(self.late(2000)).interest, 20)
        policy.minimum_rule = "raise"
        accrual = self.until(self.late())
        self.assertEqual((accrual.interest, accrual.full_interest), (15, 10))
        self.assertEqual(self.accrue(self.late(), "2025-03-31").interest, 0, "not late")

    def test_the_cap_takes_from_the_interest_first(self):
        policy = self.policy(
            margin=36.5, tiers=[(0, 40)], percentage=1, cap_amount=55
        )  # 10 of each
        accrual = self.until(self.late())
        self.assertEqual(
            (accrual.fee, accrual.percentage_fee, accrual.interest, accrual.total),
            (40, 10, 5, 55),
        )
        policy.write({"cap_amount": 0, "cap_percent": 4.5})
        accrual = self.until(self.late())
        self.assertEqual((accrual.fee, accrual.percentage_fee, accrual.interest), (40, 5, 0))

    def test_fees_are_converted_for_debts_in_another_currency(self):
        euro = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        self.policy(tiers=[(0, 40), (1000, 70)], charge_interest=False)
        accrual = self.until(self.late(1999.98, currency_id=euro.id))  # 999.99
        self.assertEqual((accrual.currency, accrual.fee), (euro, 80))
        self.assertEqual(self.until(self.late(2000, currency_id=euro.id)).fee, 140)

    def test_without_an_exchange_rate_nothing_is_made_up(self):
        yen = self.env.ref("base.JPY")
        yen.rate_ids.unlink()
        self.policy(tiers=[(0, 40)], currency_id=yen.id)
        accrual = self.until(self.late())
        self.assertIn("JPY", accrual.problem)
        self.assertEqual((accrual.total, accrual.increment), (0, 0))
