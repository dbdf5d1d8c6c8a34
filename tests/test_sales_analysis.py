from odoo.tests import tagged
from odoo.tools import SQL

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestSalesAnalysis(BillingCommon):
    """Revenue is what the ledger says; there is a margin where a cost is known."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.model = cls.env["billing.sales.analysis"]
        cls.desk, cls.lamp = cls.env["product.product"].create(
            [
                {"name": "Desk", "standard_price": 60.0, "list_price": 100.0},
                {"name": "Lamp", "list_price": 20.0},
            ]
        )

    def sell(self, *lines, move_type="out_invoice", on=0, partner=None, post=True, **values):
        """Bill lines of (product, quantity, price) ``on`` days from today."""
        return self._create_invoice(
            move_type=move_type,
            partner_id=(partner or self.partner_a).id,
            invoice_date=self.day(on),
            invoice_line_ids=[
                self._prepare_invoice_line(
                    price, product_id=product, quantity=quantity, tax_ids=values.pop("tax", [])
                )
                for product, quantity, price in lines
            ],
            post=post,
            **values,
        )

    def by(self, groupby, *aggregates, domain=()):
        """Return group -> figures of the company."""
        rows = self.model._read_group(
            [("company_id", "=", self.company.id), *domain], groupby, aggregates
        )
        return {row[: len(groupby)]: row[len(groupby) :] for row in rows}

    def total(self, aggregate, domain=()):
        [(value,)] = self.model._read_group(
            [("company_id", "=", self.company.id), *domain], [], [aggregate]
        )
        return value

    def test_revenue_of_products_is_the_balance_of_the_income_lines(self):
        tax = self.company_data["default_tax_sale"]
        self.sell((self.desk, 3, 99.99), (self.lamp, 7, 3.33), tax=tax)
        self.sell((self.desk, 1, 99.99), move_type="out_refund")
        self.sell((self.lamp, 2, 19.95), move_type="out_receipt")
        self.sell((self.desk, 5, 10.0), post=False)
        cancelled = self.sell((self.desk, 5, 10.0))
        cancelled.button_draft()
        cancelled.button_cancel()
        self.sell((self.desk, 5, 10.0), move_type="in_invoice")
        self.pay(self.bill(12.34))
        income = self.env["account.move.line"].search(
            [
                ("company_id", "=", self.company.id),
                ("account_id.internal_group", "=", "income"),
                ("parent_state", "=", "posted"),
            ]
        )
        products = self.by(["product_id"], "revenue:sum")
        for product in (self.desk, self.lamp, self.env["product.product"]):
            lines = income.filtered(lambda line, product=product: line.product_id == product)
            self.assertTrue(lines)
            self.assertAlmostEqual(products[product,][0], -sum(lines.mapped("balance")), 2)
        self.assertAlmostEqual(self.total("revenue:sum"), -sum(income.mapped("balance")), 2)

    def test_odoos_own_report_says_the_same(self):
        self.sell((self.desk, 3, 99.99), (self.lamp, 7, 3.33))
        self.sell((self.desk, 1, 99.99), move_type="out_refund")
        domain = [("company_id", "=", self.company.id), ("state", "=", "posted")]
        [(theirs, quantity)] = self.env["account.invoice.report"]._read_group(
            domain, [], ["price_subtotal:sum", "quantity:sum"]
        )
        self.assertAlmostEqual(self.total("revenue:sum"), theirs, 2)
        self.assertAlmostEqual(self.total("quantity:sum"), quantity, 2)

    def test_of_what_has_no_cost_there_is_no_margin(self):
        self.sell((self.desk, 2, 100.0), (self.lamp, 10, 20.0))
        margins = self.by(["product_id"], "margin:sum", "margin_rate:avg", "costed_revenue:sum")
        self.assertEqual(margins[self.desk,], (80.0, 40.0, 200.0))
        self.assertEqual(margins[self.lamp,], (False, False, False))
        self.assertEqual(self.total("margin:sum"), 80.0)
        self.assertEqual(self.total("margin_rate:avg"), 40.0, "of what has a cost, not of 400")
        lamp = self.model.search([("product_id", "=", self.lamp.id)])
        self.assertEqual((lamp.has_cost, lamp.cost_source, lamp.margin), (False, False, 0))

    def test_the_rate_of_a_group_is_not_the_average_of_its_rates(self):
        self.sell((self.desk, 1, 120.0), (self.desk, 9, 60.0))
        self.assertAlmostEqual(self.total("margin_rate:avg"), 60 / 660 * 100)

    def test_credit_notes_take_back_revenue_quantity_cost_and_margin(self):
        self.sell((self.desk, 5, 100.0))
        self.sell((self.desk, 2, 100.0), move_type="out_refund")
        figures = self.by(["product_id"], "revenue:sum", "quantity:sum", "cost:sum", "margin:sum")
        self.assertEqual(figures[self.desk,], (300.0, 3.0, 180.0, 120.0))
        self.sell((self.desk, 3, 100.0), move_type="out_refund")
        self.assertEqual(self.total("revenue:sum"), 0)
        self.assertIs(self.total("margin_rate:avg"), False, "nothing to divide by")

    def test_quantities_and_costs_are_in_the_unit_of_the_product(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        invoice = self.sell((self.desk, 2, 1200.0), post=False)
        invoice.invoice_line_ids.product_uom_id = dozen
        invoice.invoice_line_ids.price_unit = 1200.0
        invoice.action_post()
        figures = self.by(["product_id"], "quantity:sum", "cost:sum", "margin:sum")
        self.assertEqual(figures[self.desk,], (24.0, 1440.0, 960.0))

    def test_foreign_documents_count_at_their_own_rate(self):
        euro = self.setup_other_currency(
            "EUR", rates=[("1900-01-01", 2.0), (str(self.day(-5)), 4.0)]
        )
        self.sell((self.desk, 1, 400.0), on=-10, currency_id=euro)
        self.sell((self.desk, 1, 400.0), on=-1, currency_id=euro)
        self.assertEqual(self.total("revenue:sum"), 200.0 + 100.0)
        self.assertEqual(self.total("margin:sum"), 300.0 - 2 * 60.0)

    def test_a_company_has_its_own_costs(self):
        data = self.setup_other_company()
        other = data["company"]
        self.desk.with_company(other).standard_price = 10.0
        self.sell((self.desk, 1, 100.0))
        self.sell((self.desk, 1, 100.0), company_id=other, journal_id=data["default_journal_sale"])
        margins = self.model.with_context(
            allowed_company_ids=(self.company | other).ids
        )._read_group([("product_id", "=", self.desk.id)], ["company_id"], ["margin:sum"])
        self.assertEqual(dict(margins), {self.company: 40.0, other: 90.0})

    def test_rates_of_companies_with_different_currencies_are_not_mixed(self):
        data = self.setup_other_company(currency_id=self.setup_other_currency("EUR").id)
        other = data["company"]
        self.desk.with_company(other).standard_price = 10.0
        self.sell((self.desk, 1, 100.0))
        self.sell((self.desk, 1, 100.0), company_id=other, journal_id=data["default_journal_sale"])
        [(rate,)] = self.model.with_context(
            allowed_company_ids=(self.company | other).ids
        )._read_group([("product_id", "=", self.desk.id)], [], ["margin_rate:avg"])
        self.assertIs(rate, False)

    def test_the_place_is_one_address(self):
        france, germany = self.env.ref("base.fr"), self.env.ref("base.de")
        self.partner_a.write({"city": "Paris", "zip": "75001", "country_id": france.id})
        contact, branch = self.env["res.partner"].create(
            [
                {"name": "Ann", "parent_id": self.partner_a.id, "type": "other"},
                {
                    "name": "Branch",
                    "parent_id": self.partner_a.id,
                    "type": "invoice",
                    "city": " Köln ",
                    "country_id": germany.id,
                },
            ]
        )
        self.sell((self.desk, 1, 1.0), partner=contact)
        self.sell((self.desk, 1, 2.0), partner=branch)
        places = self.by(["country_id", "city", "zip"], "revenue:sum")
        self.assertEqual(
            places, {(france, "Paris", "75001"): (1.0,), (germany, "Köln", False): (2.0,)}
        )
        self.assertEqual(self.by(["partner_id"], "revenue:sum"), {(self.partner_a,): (3.0,)})

    def test_groups_of_which_nothing_is_known_come_last(self):
        self.sell((self.desk, 1, 100.0), (self.lamp, 1, 20.0))
        for direction in ("asc", "desc"):
            answer = self.model.web_read_group(
                [("company_id", "=", self.company.id)],
                ["product_id"],
                ["margin_rate:avg"],
                order=f"margin_rate {direction}",
            )
            self.assertEqual(
                [group["product_id"][0] for group in answer["groups"]],
                [self.desk.id, self.lamp.id],
            )

    def test_a_question_asks_only_for_what_it_needs(self):
        """More dimensions cost nothing: PostgreSQL leaves out their joins."""
        self.sell((self.desk, 1, 100.0))
        query = self.model._search([("company_id", "=", self.company.id)])
        revenue = self.model._read_group_select("revenue:sum", query)
        plan = self.env.execute_query(SQL("EXPLAIN %s", query.select(revenue)))
        text = "\n".join(row for (row,) in plan)
        for table in ("crm_lead", "res_partner", "product_template", "uom_uom"):
            self.assertNotIn(table, text)

    def test_a_question_is_one_query_however_many_rows_there_are(self):
        def ask():
            self.model._read_grouping_sets(
                [("company_id", "=", self.company.id)],
                [[], ["product_id"], ["product_id", "campaign_id"]],
                ["revenue:sum", "margin:sum", "margin_rate:avg"],
            )

        self.sell((self.desk, 1, 100.0))
        ask()  # who may see what is known from then on
        self.sell(*[(product, 1, 10.0) for product in (self.desk, self.lamp) * 10])
        self.env.flush_all()
        with self.assertQueryCount(2):  # with the one that turns compiling off
            ask()
        self.env.cr.execute("SHOW jit")
        self.assertEqual(self.env.cr.fetchone(), ("off",))

    def test_a_row_leads_to_its_document(self):
        invoice = self.sell((self.desk, 1, 100.0))
        row = self.model.search([("move_id", "=", invoice.id)])
        action = row.action_open_document()
        self.assertEqual((action["res_model"], action["res_id"]), ("account.move", invoice.id))
        self.assertEqual(row.invoice_date, self.day(0))
