import io
from unittest.mock import patch
from zipfile import ZipFile

from lxml import etree
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_statement import StatementCommon

EXCEL = "odoo.addons.billing_crm.models.collections.statements.billing_statement_excel"
NAMESPACE = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


@tagged("post_install", "-at_install")
class TestStatementReach(StatementCommon):
    """Whose documents are on a statement, who may see it, what it costs, and what Excel gets."""

    def contact(self, name, parent, **values):
        return self.env["res.partner"].create({"name": name, "parent_id": parent.id, **values})

    def test_with_contacts_or_one_address_alone_or_the_whole_group(self):
        contact = self.contact("Branch office", self.partner_a)
        daughter = self.contact("Daughter Ltd", self.partner_a, is_company=True)
        self.assertEqual(daughter.commercial_partner_id, daughter)
        self.bill(amount=1.0, due=-10)
        self.bill(amount=10.0, due=-10, partner=contact)
        self.bill(amount=100.0, due=-10, partner=daughter)
        for kind in ("open", "activity", "overdue"):
            for scope, contact_id, expected in (
                ("customer", False, 11.0),
                ("contact", contact.id, 10.0),
                ("contact", self.partner_a.id, 1.0),
                ("group", False, 111.0),
            ):
                block = self.block(kind, scope=scope, contact_id=contact_id)
                self.assertEqual(block["closing"], expected, (kind, scope))
                self.assertEqual(block["rows"][-1]["balance"], expected, (kind, scope))

    def test_what_the_head_office_paid_for_an_address_is_settled_there(self):
        contact = self.contact("Branch office", self.partner_a)
        invoice = self.bill(amount=10.0, due=-10, partner=contact)
        payment = self.env["account.payment"].create(
            {
                "partner_id": self.partner_a.id,
                "amount": 10.0,
                "payment_type": "inbound",
                "partner_type": "customer",
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": self.day(-5),
            }
        )
        payment.action_post()
        (payment.move_id | invoice).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        for scope, contact_id in (
            ("contact", contact.id),
            ("contact", self.partner_a.id),
            ("customer", False),
            ("group", False),
        ):
            block = self.block("activity", scope=scope, contact_id=contact_id)
            self.assertEqual(block["closing"], 0.0, scope)
            self.assertEqual(block["rows"][-1]["balance"], 0.0, scope)
            self.assertEqual(len(block["rows"]), 2, scope)

    def test_another_companys_documents_are_on_no_statement(self):
        foreign = self.other_company_invoice(amount=500.0, due=-10)
        foreign.action_post()
        self.bill(amount=1.0, due=-10)
        for kind in ("open", "activity", "overdue"):
            self.assertEqual(self.block(kind)["closing"], 1.0, kind)

    def test_any_number_of_statements_costs_the_same_number_of_queries(self):
        customers = [self.partner_a.copy({"name": f"Customer {n}"}) for n in range(12)]
        for customer in customers:
            self.pay(self.bill(due=-40, partner=customer), amount=30.0, on=-5)
        reader = self.env["billing.statement.reader"].sudo()
        counts = {}
        for kind in ("open", "activity", "overdue"):
            for number in (1, 12):
                asks = [self.ask(kind, partner=one, date_from=-20) for one in customers[:number]]
                self.env.flush_all()
                self.env.invalidate_all()
                reader._read(asks)
                before = self.env.cr.sql_log_count
                reader._read(asks)
                counts[kind, number] = self.env.cr.sql_log_count - before
            self.assertEqual(counts[kind, 1], counts[kind, 12], kind)
        self.assertLessEqual(max(counts.values()), 6)

    def test_rendering_many_costs_the_same_number_of_queries(self):
        customers = self.partner_a.browse()
        for number in range(12):
            customers |= self.partner_a.copy({"name": f"Customer {number}"})
            self.bill(due=-40, partner=customers[-1])
        counts = []
        for some in (customers[:2], customers[2:]):
            statements = self.make(some)
            self.env.flush_all()
            self.env.invalidate_all()
            self.render(statements[:1])
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.render(statements)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def make(self, partners, **values):
        asks = [self.ask(partner=partner, **values) for partner in partners]
        return self.env["billing.statement"].sudo()._make(asks, channel="print", skip_zero=False)

    def render(self, statements):
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "billing_crm.report_statement", statements.ids
        )
        return html.decode()

    # -- Who may ---------------------------------------------------------------------------------

    def test_who_sees_and_makes_statements(self):
        self.make_people()
        self.partner_a.user_id = self.salesperson
        for partner in (self.partner_a, self.partner_b):
            self.bill(due=-10, partner=partner)
        statements = self.make(self.partner_a | self.partner_b)
        seen = {
            user: self.env["billing.statement"].with_user(user).search([])
            for user in (self.clerk, self.salesperson)
        }
        self.assertEqual(seen[self.clerk], statements)
        self.assertEqual(seen[self.salesperson].partner_id, self.partner_a)
        for user in (self.portal, self.accountant):
            with self.assertRaises(AccessError):
                self.env["billing.statement"].with_user(user).search([])
        theirs = statements.filtered(lambda one: one.partner_id == self.partner_b)
        with self.assertRaises(AccessError):
            self.env["ir.actions.report"].with_user(self.salesperson)._render_qweb_html(
                "billing_crm.report_statement", theirs.ids
            )
        for model in ("billing.statement.wizard", "billing.statement.schedule"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.salesperson).create({})
        with self.assertRaises(AccessError):
            statements.with_user(self.clerk).write({"state": "sent"})
        wizard = (
            self.env["billing.statement.wizard"]
            .with_user(self.clerk)
            .create({"partner_ids": self.partner_a.ids})
        )
        self.assertEqual(wizard.action_print()["report_name"], "billing_crm.report_statement")

    def test_no_statement_of_a_company_one_does_not_work_for(self):
        foreign = self.other_company_invoice(due=-10)
        foreign.action_post()
        self.make_people()
        with self.assertRaises(AccessError):
            self.env["billing.statement.wizard"].with_user(self.clerk).create(
                {"partner_ids": self.partner_a.ids, "company_id": foreign.company_id.id}
            ).action_print()

    # -- Excel -----------------------------------------------------------------------------------

    def read_sheets(self, content):
        """Return the cells of each sheet: texts as they are, numbers as numbers."""
        book = ZipFile(io.BytesIO(content))
        shared = [
            "".join(node.itertext()) for node in etree.fromstring(book.read("xl/sharedStrings.xml"))
        ]
        sheets = []
        for name in sorted(one for one in book.namelist() if "worksheets/sheet" in one):
            root = etree.fromstring(book.read(name))
            self.assertFalse(root.findall(".//x:f", NAMESPACE), "no formula")
            cells = {}
            for cell in root.iterfind(".//x:c", NAMESPACE):
                value = cell.findtext("x:v", namespaces=NAMESPACE)
                if value is not None:
                    is_text = cell.get("t") == "s"
                    cells[cell.get("r")] = shared[int(value)] if is_text else float(value)
            sheets.append((root, cells))
        return sheets

    def test_the_workbook_has_the_figures_as_numbers(self):
        self.partner_a.name = "=HYPERLINK(1)"
        self.bill(amount=1234.56, due=-10, ref="+1+1")
        self.credit_note(0.1)
        self.bill(amount=2.0, due=-10, partner=self.partner_b)
        content = self.make(self.partner_a | self.partner_b)._make_workbook()
        (_root, overview), (_own, mine), _theirs = self.read_sheets(content)
        self.assertEqual((overview["A2"], overview["G2"]), ("=HYPERLINK(1)", 1234.46))
        values = list(mine.values())
        for value in (1234.56, -0.1, 1234.46, "+1+1"):
            self.assertIn(value, values)
        [single] = self.read_sheets(self.make(self.partner_b)._make_workbook())
        self.assertIn(2.0, single[1].values())

    def test_a_workbook_of_too_many_statements_is_refused_with_words(self):
        statements = self.env["billing.statement"]._make(
            [self.ask(), self.ask(partner=self.partner_b)], channel="print", skip_zero=False
        )
        with patch(f"{EXCEL}.MOST_SHEETS", 1), self.assertRaisesRegex(UserError, "at most 1"):
            statements.action_excel()
        self.assertIn("xlsx", statements.action_excel()["url"])

    def test_a_workbook_from_right_to_left(self):
        self.env["res.lang"]._activate_lang("ar_001")
        self.bill(due=-10)
        statements = self.make(self.partner_a).with_context(lang="ar_001")
        [(root, _cells)] = self.read_sheets(statements._make_workbook())
        self.assertEqual(root.find(".//x:sheetView", NAMESPACE).get("rightToLeft"), "1")

    # -- The link --------------------------------------------------------------------------------

    def test_the_link_of_a_statement_offers_everything(self):
        self.bill(amount=100.0, due=-10)
        self.bill(amount=50.0, due=20)
        statement = self.make(self.partner_a)
        links = self.env["billing.link"].sudo()
        path = links._mint(statement, self.partner_a)
        link = links._find(path.rpartition("/")[2])
        selection = link._get_selection(link._get_statement(), None)
        self.assertEqual(selection["amount"], 150.0)
        link.offers_all = False
        selection = link._get_selection(link._get_statement(), None)
        self.assertEqual(selection["amount"], 100.0)

    def test_a_link_is_printed_where_there_is_something_to_pay(self):
        self.bill(due=-10)
        statements = self.make(self.partner_a | self.partner_b)
        printed = statements._get_billing_print_scope()
        self.assertEqual(printed.partner_id, self.partner_a)
        contact_alone = statements[0].copy({"scope": "contact", "contact_id": self.partner_a.id})
        self.assertFalse(contact_alone._get_billing_print_scope())

    def test_contacts_of_one_customer_are_one_account(self):
        """A selection may hold contacts of one customer: they are one account."""
        contact = self.contact("Branch office", self.partner_a)
        self.bill(due=-10)
        wizard = self.env["billing.statement.wizard"].create(
            {"partner_ids": [Command.set((self.partner_a | contact).ids)]}
        )
        self.assertEqual(len(wizard._make("print")), 1)
