from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import BillingCommon


@tagged("post_install", "-at_install")
class TestInvoiceType(BillingCommon):
    """A company's own kinds of documents: what is set on the type follows on the document."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.types = cls.env["billing.invoice.type"]
        cls.retainer = cls.types.create(
            {
                "name": "Retainer",
                "behavior": "standard",
                "company_id": cls.company.id,
                "title": "Retainer Invoice",
            }
        )

    def draft(self, **values):
        return self._create_invoice_one_line(
            price_unit=100.0, tax_ids=[], partner_id=self.partner_a.id, **values
        )

    # -- The ten ----------------------------------------------------------------------------

    def test_a_new_company_has_all_ten(self):
        company = self.env["res.company"].create({"name": "Newcomer"})
        types = self.types.search([("company_id", "=", company.id)])
        behaviors = self.types._fields["behavior"].get_values(self.env)
        self.assertEqual(types.mapped("behavior"), behaviors)

    def test_an_update_neither_repeats_nor_overwrites(self):
        self.types._get_default(self.company, "interim").name = "Progress Bill"
        self.types._get_default(self.company, "mixed").active = False
        self.assertFalse(self.types._create_missing(self.company))
        self.assertEqual(self.types._get_default(self.company, "interim").name, "Progress Bill")
        self.assertFalse(self.types._get_default(self.company, "mixed"))

    def test_a_branch_bills_with_the_types_of_its_company(self):
        self.company.child_ids = [Command.create({"name": "Branch"})]
        branch = self.company.child_ids
        self.assertFalse(self.types.search([("company_id", "=", branch.id)]))
        default = self.types._get_default(branch, "standard")
        self.assertEqual(default.company_id, self.company)
        own = self.types.create(
            {"name": "Ours", "behavior": "standard", "company_id": branch.id, "sequence": 1}
        )
        self.assertEqual(self.types._get_default(branch, "standard"), own)
        self.assertNotEqual(self.types._get_default(self.company, "standard"), own)

    def test_another_companys_type_is_refused(self):
        other = self.setup_other_company()["company"]
        theirs = self.types._get_default(other, "standard")
        with self.assertRaises(UserError):
            self.draft(billing_type_id=theirs.id)

    # -- What follows from the type ----------------------------------------------------------

    def test_payment_terms_of_the_type(self):
        self.retainer.payment_term_id = self.env.ref("account.account_payment_term_15days")
        self.partner_a.property_payment_term_id = self.env.ref(
            "account.account_payment_term_45days"
        )
        invoice = self.draft(billing_type_id=self.retainer.id)
        self.assertEqual(invoice.invoice_payment_term_id, self.retainer.payment_term_id)
        self.assertEqual(
            self.draft().invoice_payment_term_id, self.partner_a.property_payment_term_id
        )

    def test_terms_that_someone_chose_stay(self):
        self.retainer.payment_term_id = self.env.ref("account.account_payment_term_15days")
        chosen = self.env.ref("account.account_payment_term_45days")
        invoice = self.draft(billing_type_id=self.retainer.id, invoice_payment_term_id=chosen.id)
        self.assertEqual(invoice.invoice_payment_term_id, chosen)

    def test_numbers_of_their_own(self):
        self.retainer.number_prefix = "RET"
        numbers = []
        for type_id in (self.retainer.id, False, self.retainer.id, False):
            values = {"billing_type_id": type_id} if type_id else {}
            invoice = self.draft(invoice_date="2026-03-01", **values)
            invoice.action_post()
            numbers.append(invoice.name)
        self.assertEqual(
            numbers,
            ["RET/2026/00001", "INV/2026/00001", "RET/2026/00002", "INV/2026/00002"],
        )

    def test_numbers_start_anew_each_year(self):
        self.retainer.number_prefix = "RET"
        for day, number in (("2026-12-31", "RET/2026/00001"), ("2027-01-01", "RET/2027/00001")):
            invoice = self.draft(invoice_date=day, billing_type_id=self.retainer.id)
            invoice.action_post()
            self.assertEqual(invoice.name, number)

    def test_a_credit_type_is_numbered_without_odoos_letter(self):
        self.types._get_default(self.company, "credit").number_prefix = "CN"
        credit_note = self._reverse_invoice(self.bill(), date="2026-03-01")
        credit_note.action_post()
        self.assertEqual(credit_note.name, "CN/2026/00001")

    def test_a_mixed_type_numbers_invoices_and_credit_notes_apart(self):
        mixed = self.types._get_default(self.company, "mixed")
        mixed.number_prefix = "MIX"
        names = set()
        for move_type in ("out_invoice", "out_refund"):
            move = self.draft(
                move_type=move_type, billing_type_id=mixed.id, invoice_date="2026-03-01"
            )
            move.action_post()
            names.add(move.name)
        self.assertEqual(names, {"MIX/2026/00001", "RMIX/2026/00001"})

    def test_prefixes_that_would_collide_or_be_misread_are_refused(self):
        code = self.company_data["default_journal_sale"].code
        for prefix in (code, f"R{code}", f"D{code}", "A1", "2026", "/A", "A B", "A%"):
            with self.assertRaises(ValidationError, msg=prefix):
                self.retainer.number_prefix = prefix
        self.retainer.number_prefix = "RET"
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.retainer.copy({"number_prefix": "RET"})
        self.assertFalse(self.retainer.copy().number_prefix)

    def test_the_mail_template_of_the_type(self):
        template = self.env.ref("account.email_template_edi_invoice").copy()
        self.retainer.mail_template_id = template
        invoice = self.draft(billing_type_id=self.retainer.id)
        self.assertEqual(invoice._get_mail_template(), template)
        usual = self.env.ref("account.email_template_edi_invoice")
        self.assertEqual((invoice | self.draft())._get_mail_template(), usual)
        self.assertEqual(self.draft()._get_mail_template(), usual)

    # -- Another type ------------------------------------------------------------------------

    def test_a_draft_changes_its_type_and_keeps_its_lines(self):
        invoice = self.draft()
        lines = invoice.invoice_line_ids
        for behavior in ("mixed", "timesheet", "interim", "recurring", "standard"):
            invoice.billing_type_id = self.types._get_default(self.company, behavior)
            self.assertEqual(invoice.billing_type, behavior)
            self.assertEqual(invoice.invoice_line_ids, lines)
            self.assertEqual(invoice.amount_total, 100.0)

    def test_whoever_names_a_behavior_gets_its_usual_type(self):
        invoice = self.draft(billing_type="recurring")
        self.assertEqual(
            invoice.billing_type_id, self.types._get_default(self.company, "recurring")
        )
        self.types._get_default(self.company, "interim").active = False
        with self.assertRaisesRegex(UserError, "no active invoice type"):
            invoice.billing_type = "interim"

    def test_an_invoice_cannot_be_what_it_is_not(self):
        for behavior in ("credit", "debit", "proforma", "expense"):
            with self.assertRaises(UserError, msg=behavior):
                self.draft().billing_type_id = self.types._get_default(self.company, behavior)

    def test_a_duplicate_keeps_a_chosen_type_and_a_bound_one_does_not(self):
        standard = self.types._get_default(self.company, "standard")
        for invoice_type, expected in (
            (self.retainer, self.retainer),
            (self.types._get_default(self.company, "interim"), standard),
            (self.types._get_default(self.company, "timesheet"), standard),
        ):
            duplicate = self.draft(billing_type_id=invoice_type.id).copy()
            self.assertEqual(duplicate.billing_type_id, expected)

    def test_what_odoo_repeats_stays_what_it_is(self):
        invoice = self.draft(
            billing_type_id=self.retainer.id, auto_post="monthly", invoice_date=self.today
        )
        invoice.action_post()
        following = self.env["account.move"].search(
            [("auto_post_origin_id", "=", invoice.id), ("id", "!=", invoice.id)]
        )
        self.assertEqual(following.billing_type_id, self.retainer)

    def test_credit_and_debit_notes_of_a_retainer(self):
        self.retainer.behavior = "mixed"
        invoice = self.draft(billing_type_id=self.retainer.id)
        invoice.action_post()
        self.assertEqual(self._reverse_invoice(invoice).billing_type, "credit")
        self.assertEqual(self._create_debit_note(invoice, reason="More").billing_type, "debit")

    def test_invoices_and_receivables_are_analyzed_by_type(self):
        self.draft(billing_type_id=self.retainer.id).action_post()
        self.bill(amount=30.0)
        for model, amount in (
            ("account.invoice.report", "price_subtotal:sum"),
            ("billing.receivable", "residual:sum"),
        ):
            groups = self.env[model]._read_group(
                [("partner_id", "=", self.partner_a.id)], ["billing_type_id"], [amount]
            )
            standard = self.types._get_default(self.company, "standard")
            self.assertEqual(dict(groups), {self.retainer: 100.0, standard: 30.0}, model)

    # -- A type that is used -----------------------------------------------------------------

    def test_a_type_that_is_used_stays(self):
        self.draft(billing_type_id=self.retainer.id)
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            self.retainer.unlink()
        with self.assertRaisesRegex(UserError, "behavior and company stay"):
            self.retainer.behavior = "mixed"
        self.retainer.write({"behavior": "standard", "name": "Retainer 2"})  # unchanged is fine
        self.retainer.active = False
        unused = self.retainer.copy()
        unused.behavior = "mixed"
        unused.unlink()

    # -- Custom fields -----------------------------------------------------------------------

    def test_custom_fields_are_kept_found_and_formatted(self):
        self.retainer.properties_definition = [
            {"name": "project", "type": "char", "string": "Project"},
            {"name": "until", "type": "date", "string": "Until"},
            {"name": "hours", "type": "float", "string": "Hours"},
            {"name": "empty", "type": "char", "string": "Empty"},
            {"name": "level", "type": "selection", "string": "Level",
             "selection": [["g", "Gold"], ["s", "Silver"]]},
        ]  # fmt: skip
        invoice = self.draft(
            billing_type_id=self.retainer.id,
            billing_properties={
                "project": "Harbor", "until": "2026-12-31", "hours": 1234.5, "level": "g",
            },
        )  # fmt: skip
        found = self.env["account.move"].search([("billing_properties.project", "=", "Harbor")])
        self.assertEqual(found, invoice)
        self.assertEqual(
            invoice._get_billing_custom_fields(),
            [("Project", "Harbor"), ("Until", "12/31/2026"), ("Hours", "1,234.50"),
             ("Level", "Gold")],
        )  # fmt: skip
        self.assertEqual(self.retainer.custom_field_names, "Project, Until, Hours, Empty, Level")

    def test_amounts_in_words_are_in_the_language_asked_for(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        invoice = self.draft()
        english = invoice.with_context(lang="en_US").amount_total_words
        french = invoice.with_context(lang="fr_FR").amount_total_words
        self.assertIn("Hundred", english)
        self.assertIn("Cent", french)
        self.assertNotEqual(english, french)
