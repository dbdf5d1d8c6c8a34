from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.documents.timesheet.arithmetic import round_hours, spread
from .timesheet_common import TimesheetCommon


@tagged("post_install", "-at_install")
class TestTimesheetRates(TimesheetCommon):
    """What an hour costs, in which currency, and how long it is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.day = cls.env.ref("uom.product_uom_day")
        cls.design, cls.build = cls.env["product.product"].create(
            [
                {
                    "name": name,
                    "type": "service",
                    "list_price": price,
                    "uom_id": cls.env.ref("uom.product_uom_hour").id,
                    "taxes_id": False,
                }
                for name, price in (("Designing", 70.0), ("Building", 60.0))
            ]
        )

    def rate_of(self, **values):
        hours = self.work(**values)
        return hours.billing_rate

    def test_customer_then_person_then_product(self):
        hours = self.work(product_id=self.design.id)
        self.assertEqual(hours.billing_rate, 70.0, "the product's price before the general rate")
        self.assertEqual(self.rate_of(), 100.0)
        for values, rate in (
            ({"product_id": self.design.id}, 71.0),
            ({"user_id": self.ann.id}, 72.0),
            ({"user_id": self.ann.id, "product_id": self.design.id}, 73.0),
            ({"partner_id": self.partner_a.id}, 74.0),
            ({"partner_id": self.partner_a.id, "product_id": self.design.id}, 75.0),
            ({"partner_id": self.partner_a.id, "user_id": self.ann.id}, 76.0),
        ):
            self.Rate.create({"rate": rate, **values})
            hours.invalidate_recordset()
            self.assertEqual(hours.billing_rate, rate, values)
        self.assertEqual(self.rate_of(user=self.bob), 74.0)
        self.assertEqual(self.rate_of(partner=self.partner_b), 72.0)
        self.assertEqual(self.rate_of(partner=self.partner_b, user=self.bob), 100.0)

    def test_a_contacts_own_rate(self):
        contact = self.partner_a.copy({"name": "Desk", "parent_id": self.partner_a.id})
        self.Rate.create({"partner_id": self.partner_a.id, "rate": 90.0})
        self.assertEqual(self.rate_of(partner=contact), 90.0)
        self.Rate.create({"partner_id": contact.id, "rate": 95.0})
        self.assertEqual(self.rate_of(partner=contact), 95.0)
        self.assertEqual(self.rate_of(), 90.0)

    def test_a_price_per_day_is_a_price_per_eight_hours(self):
        self.design.uom_id = self.day
        self.design.list_price = 800.0
        self.assertEqual(self.rate_of(product_id=self.design.id), 100.0)

    def test_the_companys_product_for_hours(self):
        self.company.billing_hours_product_id = self.build
        self.work()
        move = self.invoice_hours()
        self.assertEqual(self.lines(move), [(1.0, 60.0)])
        self.assertEqual(move.invoice_line_ids.product_id, self.build)
        self.assertEqual(move.invoice_line_ids.name, "Building: Ann")

    def test_a_rate_is_given_once(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(Exception):  # noqa: B017
            self.Rate.create({"rate": 1.0})
        with mute_logger("odoo.sql_db"), self.assertRaises(Exception):  # noqa: B017
            self.Rate.create({"partner_id": self.partner_a.id, "rate": -1.0})
        self.rate.active = False
        self.env.flush_all()
        self.Rate.create({"rate": 1.0})

    def test_a_rate_of_another_company_does_not_count(self):
        other = self.setup_other_company()["company"]
        self.Rate.create({"company_id": other.id, "rate": 5.0, "partner_id": self.partner_a.id})
        self.assertEqual(self.rate_of(), 100.0)

    def test_a_branch_uses_its_own_rate_then_its_parents(self):
        self.company.write({"child_ids": [Command.create({"name": "Branch"})]})
        branch = self.company.child_ids
        self.env.user.company_ids += branch
        self.assertEqual(self.rate_of(company_id=branch.id), 100.0)
        self.Rate.create({"company_id": branch.id, "rate": 55.0})
        self.assertEqual(self.rate_of(company_id=branch.id), 55.0)
        self.assertEqual(self.rate_of(), 100.0)

    def test_the_currency_is_that_of_the_rates(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0), ("2026-03-10", 4.0)])
        self.Rate.create({"partner_id": self.partner_a.id, "rate": 50.0, "currency_id": euro.id})
        self.work(2.0)
        move = self.invoice_hours()
        self.assertEqual((move.currency_id, self.lines(move)), (euro, [(2.0, 50.0)]))

    def test_rates_are_converted_at_the_date_of_the_hour(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0), ("2026-03-10", 3.0)])
        yen = self.setup_other_currency("JPY", rates=[("2026-01-01", 150.3)], rounding=1.0)
        self.Rate.create({"user_id": self.bob.id, "rate": 10.0, "currency_id": euro.id})
        self.work(1.0, user=self.bob, on="2026-03-09")
        self.work(1.0, user=self.bob, on="2026-03-10")
        self.work(1.0)
        wizard = self.wizard(grouping="one")
        self.assertEqual(wizard.line_ids.currency_id, self.company.currency_id)
        self.assertEqual(sorted(wizard.line_ids.mapped("rate")), [3.33, 5.0, 100.0])
        wizard.currency_id = yen
        self.assertEqual(sorted(wizard.line_ids.mapped("rate")), [501.0, 752.0, 15030.0])
        wizard.action_create_invoices()
        move = self.Hours.search([("billing_move_line_id", "!=", False)]).billing_move_id
        self.assertEqual((move.currency_id, move.amount_untaxed), (yen, 16283.0))

    def test_hours_are_rounded_by_the_companys_rule_and_stay_as_entered(self):
        hours = self.work(0.1) | self.work(1.26, user=self.bob)
        for rule, expected in (
            ("none", [0.1, 1.26]),
            ("up_6", [0.1, 1.3]),
            ("up_15", [0.25, 1.5]),
            ("up_30", [0.5, 1.5]),
            ("nearest_6", [0.1, 1.3]),
            ("nearest_15", [0.0, 1.25]),
            ("nearest_30", [0.0, 1.5]),
        ):
            self.company.billing_hours_rounding = rule
            hours.invalidate_recordset()
            self.assertEqual(hours.mapped("billing_hours"), expected, rule)
        self.company.billing_hours_rounding = "up_15"
        move = self.invoice_hours()
        self.assertEqual(self.lines(move), [(0.25, 100.0), (1.5, 100.0)])
        self.company.billing_hours_rounding = "up_30"
        hours.invalidate_recordset()
        self.assertEqual(hours.mapped("billing_hours"), [0.25, 1.5], "as billed")
        self.assertEqual(hours.mapped("unit_amount"), [0.1, 1.26])

    def test_days_are_hours(self):
        hours = self.work()
        hours.product_uom_id = self.day
        self.assertEqual(hours.billing_hours, 8.0)

    def test_many_hours_are_few_queries(self):
        for number in range(1, 6):
            self.Rate.create({"partner_id": self.partner_a.copy().id, "rate": number})
        hours = self.Hours.create(
            [{"billing_entry": True, "partner_id": self.partner_a.id, "user_id": self.ann.id,
              "name": f"Step {day}", "unit_amount": 1.0, "date": date(2026, 3, 1 + day % 28)}
             for day in range(200)]
        )  # fmt: skip
        hours.flush_recordset()
        wizard = self.wizard(grouping="one")
        self.env.invalidate_all()
        with self.assertQueryCount(130):
            wizard.action_create_invoices()
            self.env.flush_all()
        self.assertEqual(set(self.states(hours)), {"draft"})


@tagged("post_install", "-at_install")
class TestTimesheetArithmetic(TimesheetCommon):
    @settings(max_examples=60, deadline=None)
    @given(st.integers(1, 24 * 60), st.sampled_from([6, 15, 30]))
    def test_rounding_up_never_loses_and_never_adds_a_whole_step(self, minutes, step):
        billed = round_hours(minutes / 60, step, True, 2) * 60
        self.assertGreaterEqual(billed + 1e-6, minutes)
        self.assertLess(billed - minutes, step)
        self.assertAlmostEqual(billed % step, 0 if billed % step < 1 else step)

    @settings(max_examples=60, deadline=None)
    @given(st.integers(1, 24 * 60), st.sampled_from([6, 15, 30]))
    def test_the_nearest_step_is_at_most_half_a_step_away(self, minutes, step):
        billed = round_hours(minutes / 60, step, False, 2) * 60
        self.assertLessEqual(abs(billed - minutes), step / 2 + 1e-6)

    @settings(max_examples=60, deadline=None)
    @given(
        st.integers(-(10**7), 10**7),
        st.lists(st.integers(0, 2400), min_size=1, max_size=40),
        st.sampled_from([1.0, 0.01, 0.001]),
    )
    def test_shares_add_up_to_the_total(self, units, weights, rounding):
        total = units * rounding
        amounts = spread(total, [weight / 100 for weight in weights], rounding)
        self.assertEqual(len(amounts), len(weights))
        self.assertAlmostEqual(sum(amounts), total, delta=rounding / 1000)
        if sum(weights):
            for amount, weight in zip(amounts, weights, strict=True):
                fair = total * weight / sum(weights)
                self.assertLessEqual(abs(amount - fair), 1.01 * rounding)

    def test_shares_of_nothing(self):
        self.assertEqual(spread(5.0, [], 0.01), [])
        self.assertEqual(spread(5.0, [0.0, 0.0], 0.01), [0.0, 5.0])
