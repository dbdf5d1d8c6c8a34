from odoo.tests import HttpCase, tagged

from .common_statement import StatementCommon


@tagged("post_install", "-at_install")
class TestStatementPortal(StatementCommon, HttpCase):
    """The page of a customer on the portal: their own account, over HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = cls.make_user("paul", "base.group_portal")
        cls.portal.partner_id.parent_id = cls.partner_a
        cls.own = cls.bill(amount=1111.0, due=-10)
        cls.foreign = cls.bill(amount=2222.0, due=-10, partner=cls.partner_b)

    def setUp(self):
        super().setUp()
        self.authenticate("paul", "paul")

    def get(self, path=""):
        return self.url_open(f"/my/statement{path}", allow_redirects=False)

    def post(self, **data):
        page = self.get().text
        token = page.split('name="csrf_token" value="')[1].split('"')[0]
        return self.url_open(
            "/my/statement/pay", data={"csrf_token": token, **data}, allow_redirects=False
        )

    def test_customers_see_their_own_account_only(self):
        self.assertIn("/my/statement", self.url_open("/my").text)
        for query in ("", "?kind=activity", "?kind=overdue", "?kind=nonsense"):
            text = self.get(query).text
            self.assertIn("1,111.00", text, query)
            self.assertIn(self.own.name, text, query)
            self.assertNotIn("2,222.00", text, query)
            self.assertNotIn(self.partner_b.name, text, query)

    def test_nothing_in_the_address_opens_another_account(self):
        for query in (
            f"partner_id={self.partner_b.id}",
            f"company={self.foreign.company_id.id}&partner={self.partner_b.id}",
            f"contact_id={self.partner_b.id}&scope=group",
        ):
            for path in ("", "/pdf", "/xlsx"):
                response = self.get(f"{path}?{query}")
                self.assertEqual(response.status_code, 200)
                self.assertNotIn(b"2,222.00", response.content)
        self.assertEqual(self.url_open("/billing/statements/xlsx?ids=1").status_code, 404)

    def test_another_company_only_where_the_customer_has_an_account(self):
        other = self.other_company_invoice(amount=333.0, due=-10)
        page = self.get(f"?company={other.company_id.id}").text
        self.assertIn("1,111.00", page)
        other.action_post()
        page = self.get(f"?company={other.company_id.id}").text
        self.assertIn("333.00", page)
        self.assertNotIn("1,111.00", page)

    def test_the_past(self):
        self.pay(self.own, on=-2)
        self.assertNotIn("1,111.00", self.get().text)
        self.assertIn("1,111.00", self.get(f"?date={self.day(-3)}").text)

    def test_bad_input_is_a_clear_answer(self):
        for query, status in (
            ("?date=yesterday", 400),
            ("?date=99999-01-01", 400),
            ("?date=2026-02-30", 400),
            ("?kind=activity&from=x", 400),
            ("?kind=activity&from=2026-05-01&date=2026-04-01", 400),
            ("?date=0001-01-01", 200),
            ("?kind=activity&date=0001-01-01", 200),
            ("?date=9999-12-31", 200),
            ("?company=abc", 200),
            ("?company=99999999999999", 200),
        ):
            self.assertEqual(self.get(query).status_code, status, query)
        for path in ("/pdf?date=x", "/xlsx?date=x&kind=%00"):
            self.assertEqual(self.get(path).status_code, 200, path)

    def test_looking_writes_nothing(self):
        models = [self.env[name].sudo() for name in ("billing.statement", "billing.link")]
        for path in ("", "/xlsx"):
            self.get(path)
        self.assertEqual([model.search_count([]) for model in models], [0, 0])
        self.get("/pdf")  # with a link of its own, as on the PDF of an invoice
        self.assertEqual([model.search_count([]) for model in models], [0, 1])
        self.assertEqual(models[1].search([]).partner_id, self.partner_a)

    def test_files(self):
        workbook = self.get("/xlsx?kind=activity")
        self.assertTrue(workbook.content.startswith(b"PK"))
        self.assertIn("attachment", workbook.headers["Content-Disposition"])
        self.assertEqual(self.get("/pdf").status_code, 200)

    def test_paying_leads_to_a_link_of_their_own_with_everything_ticked(self):
        self.bill(amount=10.0, due=20)
        response = self.post()
        self.assertEqual(response.status_code, 303)
        path = response.headers["Location"]
        link = self.env["billing.link"].sudo()._find(path.rpartition("/")[2])
        self.assertEqual(
            (link.recipient_id, link.partner_id), (self.portal.partner_id, self.partner_a)
        )
        selection = link._get_selection(link._get_statement(), None)
        self.assertEqual(selection["amount"], 1121.0)
        without_token = self.url_open("/my/statement/pay", method="POST", allow_redirects=False)
        self.assertEqual(without_token.status_code, 400)

    def test_a_clerk_gets_the_workbook_of_what_she_may_see(self):
        statements = (
            self.env["billing.statement"]
            .sudo()
            ._make([self.ask(), self.ask(partner=self.partner_b)], channel="print", skip_zero=False)
        )
        clerk = self.make_user("cleo", "billing_crm.group_billing_user")
        seller = self.make_user("saul", "sales_team.group_sale_salesman")
        self.partner_a.user_id = seller
        ids = ",".join(map(str, statements.ids))
        for user, expected in ((clerk, 200), (seller, 404)):
            self.authenticate(user.login, user.login)
            response = self.url_open(f"/billing/statements/xlsx?ids={ids}")
            self.assertEqual(response.status_code, expected)
        for bad in ("", "x", "1,,2", "-1", "9" * 12, "999999"):
            self.assertEqual(
                self.url_open(f"/billing/statements/xlsx?ids={bad}").status_code, 404, bad
            )

    def test_without_anything_open_there_is_nothing_to_pay(self):
        self.pay(self.own)
        self.assertNotIn('name="pay"', self.get().text)
