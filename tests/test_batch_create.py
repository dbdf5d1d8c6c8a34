from unittest.mock import patch

from odoo import SUPERUSER_ID
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import BillingCommon


class BatchCommon(BillingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.env["res.partner"].create(
            [
                {"name": f"Customer {i}", "email": f"c{i}@customers.example", "city": "Bern"}
                for i in range(5)
            ]
        )

    @classmethod
    def wizard(cls, partners=None, lines=(), **values):
        """The wizard as it opens from a list of customers, with a line of 100 unless told."""
        lines = lines or [{"name": "Work", "price_unit": 100.0, "tax_ids": []}]
        partners = cls.customers if partners is None else partners
        return (
            cls.env["billing.batch.create"]
            .with_context(active_model="res.partner", active_ids=partners.ids)
            .create({"line_ids": [Command.create(line) for line in lines], **values})
        )

    @classmethod
    def create_drafts(cls, partners=None, lines=(), **values):
        action = cls.wizard(partners, lines, **values).action_create()
        return cls.env["billing.batch"].browse(action["res_id"])

    def work(self):
        """Do what the background job does, without its commits."""
        while self.env["billing.batch"].with_user(SUPERUSER_ID)._work_chunk():
            self.env.invalidate_all()

    @staticmethod
    def results(batch):
        return dict(batch.line_ids.sorted("id").mapped(lambda line: (line.partner_id, line.state)))


@tagged("post_install", "-at_install")
class TestBatchCreate(BatchCommon):
    def test_one_draft_for_each_customer(self):
        batch = self.create_drafts(ref="Fee 2026", invoice_date=self.day(-1))
        moves = batch.line_ids.move_id
        self.assertEqual(moves.partner_id, self.customers)
        self.assertEqual(len(moves), 5)
        self.assertEqual(set(moves.mapped("state")), {"draft"})
        self.assertEqual(set(moves.mapped("ref")), {"Fee 2026"})
        self.assertEqual(set(moves.mapped("amount_total")), {100.0})
        self.assertEqual(set(moves.mapped("invoice_date")), {self.day(-1)})
        self.assertEqual((batch.state, batch.progress, batch.done_count), ("done", 100.0, 5))

    def test_the_wizard_says_what_each_will_be(self):
        lines = [
            {"name": "Work", "price_unit": 33.333, "quantity": 3, "tax_ids": []},
            {"product_id": self.product_a.id},
        ]
        wizard = self.wizard(lines=lines)
        self.assertEqual(wizard.invoice_count, 5)
        self.assertFalse(wizard.remark)
        self.assertFalse(wizard.left_out)
        batch = self.create_drafts(lines=lines)
        untaxed = set(batch.line_ids.move_id.mapped("amount_untaxed"))
        self.assertEqual(untaxed, {wizard.amount_untaxed})

    def test_each_gets_what_odoo_would_give_it(self):
        """Terms, salesperson, account, language and taxes are those of an invoice made by hand."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.product_a.with_context(lang="fr_FR").name = "Bureau"
        french, plain = self.customers[:2]
        french.write(
            {
                "lang": "fr_FR",
                "property_payment_term_id": self.env.ref("account.account_payment_term_15days").id,
                "user_id": self.env["res.users"].search([("share", "=", False)], limit=1).id,
                "property_account_position_id": self.fiscal_pos_a.id,
            }
        )
        batch = self.create_drafts(french | plain, [{"product_id": self.product_a.id}])
        for move in batch.line_ids.move_id:
            by_hand = self.env["account.move"].create(
                {
                    "move_type": "out_invoice",
                    "partner_id": move.partner_id.id,
                    "invoice_line_ids": [Command.create({"product_id": self.product_a.id})],
                }
            )
            for fname in ("invoice_payment_term_id", "invoice_user_id", "fiscal_position_id",
                          "currency_id", "journal_id", "billing_type_id", "narration",
                          "amount_total", "invoice_line_ids.name", "invoice_line_ids.account_id",
                          "invoice_line_ids.tax_ids", "invoice_line_ids.price_unit"):  # fmt: skip
                self.assertEqual(move.mapped(fname), by_hand.mapped(fname), fname)
        names = {line.partner_id: line.name for line in batch.line_ids.move_id.invoice_line_ids}
        self.assertEqual(names[french], "Bureau")
        self.assertNotEqual(names[plain], "Bureau")

    def test_a_price_with_tax_is_adapted_for_those_who_pay_none(self):
        included = self.env["account.tax"].create(
            {"name": "20% included", "amount": 20.0, "price_include_override": "tax_included"}
        )
        none = self.env["account.tax"].create({"name": "Export", "amount": 0.0})
        position = self.env["account.fiscal.position"].create({"name": "Export"})
        none.write({"fiscal_position_ids": position.ids, "original_tax_ids": included.ids})
        home, abroad = self.customers[:2]
        abroad.property_account_position_id = position
        batch = self.create_drafts(
            home | abroad, [{"name": "Book", "price_unit": 120.0, "tax_ids": included.ids}]
        )
        amounts = {m.partner_id: (m.amount_untaxed, m.amount_total) for m in batch.line_ids.move_id}
        self.assertEqual(amounts, {home: (100.0, 120.0), abroad: (100.0, 100.0)})

    def test_a_company_and_its_contacts_are_one_customer(self):
        company = self.customers[0]
        anna, bert = self.env["res.partner"].create(
            [{"name": name, "parent_id": company.id} for name in ("Anna", "Bert")]
        )
        wizard = self.wizard(anna | company | bert)
        self.assertEqual(wizard.invoice_partner_ids, company)
        self.assertIn("the same customer", wizard.left_out)
        batch = self.create_drafts(bert | anna)
        self.assertEqual(batch.line_ids.move_id.partner_id, bert, "chosen first")
        self.assertEqual(self.results(batch), {bert: "done", anna: "skipped"})

    def test_who_is_left_out(self):
        archived, foreign, good = self.customers[:3]
        archived.active = False
        foreign.company_id = self.setup_other_company()["company"]
        good.city = False
        wizard = self.wizard(archived | foreign | good)
        self.assertEqual(wizard.invoice_partner_ids, good)
        self.assertIn("archived", wizard.left_out)
        self.assertIn("another company", wizard.left_out)
        self.assertIn(good.name, wizard.remark, "it has no address")
        batch = self.create_drafts(archived | foreign | good)
        self.assertEqual(
            self.results(batch), {archived: "skipped", foreign: "skipped", good: "done"}
        )
        with self.assertRaisesRegex(UserError, "at least one customer"):
            self.create_drafts(archived)
        with self.assertRaisesRegex(UserError, "at least one line"):
            self.wizard(line_ids=[]).action_create()

    def test_a_bad_customer_in_the_middle_stops_nobody(self):
        broken = self.customers[2]
        create = type(self.env["account.move"]).create
        message = "No account for this customer."

        def sabotaged(moves, vals_list):
            if any(vals.get("partner_id") == broken.id for vals in vals_list):
                raise UserError(message)
            return create(moves, vals_list)

        self.patch(type(self.env["account.move"]), "create", sabotaged)
        batch = self.create_drafts()
        self.assertEqual(
            self.results(batch),
            {c: "failed" if c == broken else "done" for c in self.customers},
        )
        [failed] = batch.line_ids.filtered(lambda line: line.state == "failed")
        self.assertEqual(batch.line_ids[0], failed, "what failed comes first")
        self.assertEqual(failed.reason, message)
        self.assertEqual(len(batch.line_ids.move_id), 4)

        self.patch(type(self.env["account.move"]), "create", create)
        batch.action_retry()
        self.work()
        self.assertEqual(set(self.results(batch).values()), {"done"})
        self.assertEqual(len(batch.line_ids.move_id), 5)

    def test_a_type_of_the_users_own(self):
        retainer = self.env["billing.invoice.type"].create(
            {
                "name": "Retainer",
                "behavior": "standard",
                "number_prefix": "RET",
                "payment_term_id": self.env.ref("account.account_payment_term_15days").id,
                "properties_definition": [
                    {"name": "a1b2c3", "string": "Contract", "type": "char"},
                ],
            }
        )
        batch = self.create_drafts(
            billing_type_id=retainer.id, billing_properties={"a1b2c3": "C-17"}
        )
        moves = batch.line_ids.move_id
        self.assertEqual(moves.billing_type_id, retainer)
        self.assertEqual(moves.invoice_payment_term_id, retainer.payment_term_id)
        self.assertEqual({move.billing_properties["a1b2c3"] for move in moves}, {"C-17"})
        self.assertEqual(retainer.properties_definition[0]["string"], "Contract")

    def test_credit_notes_for_many(self):
        credit = self.env["billing.invoice.type"]._get_default(self.company, "credit")
        moves = self.create_drafts(billing_type_id=credit.id).line_ids.move_id
        self.assertEqual(set(moves.mapped("move_type")), {"out_refund"})
        self.assertEqual(set(moves.mapped("billing_type")), {"credit"})

    def test_another_currency(self):
        euro = self.env.ref("base.EUR") if self.company.currency_id.name != "EUR" else (
            self.env.ref("base.USD"))  # fmt: skip
        euro.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": euro.id, "company_id": self.company.id, "name": "2020-01-01", "rate": 2}
        )
        wizard = self.wizard(
            currency_id=euro.id, lines=[{"product_id": self.product_a.id, "tax_ids": []}]
        )
        self.assertEqual(wizard.line_ids.price_unit, 2 * self.product_a.lst_price)
        batch = self.create_drafts(currency_id=euro.id)
        moves = batch.line_ids.move_id
        self.assertEqual(moves.currency_id, euro)
        self.assertEqual(set(moves.mapped("amount_total")), {100.0})
        self.assertEqual(set(moves.mapped("amount_total_signed")), {50.0})

    def test_many_are_left_to_the_background_job(self):
        with patch("odoo.addons.billing_crm.wizards.batch_create.AT_ONCE", 3):
            batch = self.create_drafts()
        self.assertEqual((batch.state, batch.waiting_count), ("waiting", 5))
        with self.enter_registry_test_mode():
            self.env.ref("billing_crm.ir_cron_batch").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((batch.state, batch.done_count), ("done", 5))

    def test_queries_for_each_draft_are_bounded(self):
        """A draft costs one query more than in Odoo's own batch create of the same drafts."""

        def queries(count):
            partners = self.env["res.partner"].create(
                [{"name": f"Many {i}", "city": "Bern"} for i in range(count)]
            )
            wizard = self.wizard(partners)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            wizard.action_create()
            self.env.flush_all()
            ours = self.env.cr.sql_log_count - before
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            # as a person has it, not as this test: with the messages in the chatter
            self.env(context={})["account.move"].create(
                [
                    {
                        "move_type": "out_invoice",
                        "partner_id": partner.id,
                        "invoice_line_ids": [
                            Command.create({"name": "Work", "price_unit": 100.0, "tax_ids": []})
                        ],
                    }
                    for partner in partners
                ]
            )
            self.env.flush_all()
            return ours, self.env.cr.sql_log_count - before

        queries(1)  # Odoo's caches
        (few, few_alone), (many, many_alone) = queries(5), queries(25)
        self.assertLessEqual(many - few, many_alone - few_alone + 20, "20 more drafts")
        self.assertLess(many, many_alone + 60)
