from lxml import html
from odoo.fields import Command
from odoo.tests import tagged

from .test_adjustments_mixed import MixedCommon


@tagged("post_install", "-at_install")
class TestPrintedAdjustments(MixedCommon):
    """What the customer reads on credit, debit and mixed documents."""

    def printed(self, document, lang=None):
        if lang:
            document.partner_id.lang = lang
        self.env.flush_all()
        self.env.invalidate_all()
        content = self.env["ir.actions.report"]._render_qweb_html(
            "account.report_invoice_with_payments", document.ids
        )[0]
        return self.text(html.fromstring(content))

    def text(self, node):
        return " ".join(node.text_content().replace("\xa0", " ").replace("\ufeff", "").split())

    def columns(self, document):
        """Return the texts of the rows of the lines, cells apart."""
        content = self.env["ir.actions.report"]._render_qweb_html(
            "account.report_invoice", document.ids
        )[0]
        rows = html.fromstring(content).xpath("//tbody[contains(@class, 'invoice_tbody')]/tr")
        return [
            [self.text(cell) for cell in row.xpath("./td[not(contains(@class, 'd-md-none'))]")]
            for row in rows
        ]

    def test_a_credit_note_is_negative(self):
        self.company.display_invoice_amount_total_words = True
        credit_note = self._create_invoice_one_line(
            price_unit=100.0, quantity=2, tax_ids=self.tax_sale_a.ids, move_type="out_refund",
            partner_id=self.partner_a.id, post=True,
        )  # fmt: skip
        text = self.printed(credit_note)
        row = ["-2.00", "100.00", "15%", "$ -200.00"]
        self.assertEqual([cells[1:] for cells in self.columns(credit_note)], [row])
        for expected in ("Untaxed Amount $ -200.00", "$ -30.00", "Total $ -230.00",
                         "Minus Two Hundred"):  # fmt: skip
            self.assertIn(expected, text)
        self.assertNotIn("$ 230.00", text)
        self.assertEqual(credit_note.amount_total, 230.0, "the ledger keeps its sign")
        self._register_payment(credit_note, amount=30.0, payment_difference_handling="open")
        text = self.printed(credit_note)
        self.assertIn("$ -30.00 Amount Due $ -200.00", text)

    def test_an_invoice_is_printed_as_ever(self):
        invoice = self.bill(amount=100.0)
        self.pay(invoice, amount=30.0)
        text = self.printed(invoice)
        self.assertIn("$ 30.00 Amount Due $ 70.00", text)
        self.assertNotIn("-", " ".join(self.columns(invoice)[0][1:]))

    def test_cents_only_have_a_sign_in_words(self):
        credit_note = self._create_invoice_one_line(
            price_unit=0.5, tax_ids=[], move_type="out_refund", partner_id=self.partner_a.id
        )
        self.assertTrue(credit_note._get_billing_printed_words().startswith("Minus Zero"))

    def test_sections_and_hidden_details_of_a_credit_note(self):
        credit_note = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": self.partner_a.id,
                "invoice_line_ids": [
                    Command.create({"display_type": "line_section", "name": "Open"}),
                    Command.create({"name": "One", "price_unit": 10.0, "tax_ids": []}),
                    Command.create({"display_type": "line_section", "name": "Closed",
                                    "collapse_composition": True}),
                    Command.create({"name": "Two", "price_unit": 20.0, "tax_ids": []}),
                    Command.create({"display_type": "line_section", "name": "No prices",
                                    "collapse_prices": True}),
                    Command.create({"name": "Three", "price_unit": 30.0, "quantity": 2,
                                    "tax_ids": []}),
                ],
            }
        )  # fmt: skip
        rows = self.columns(credit_note)
        self.assertEqual([row[-1] for row in rows],
                         ["$ -10.00", "$ -10.00", "$ -20.00", "$ -60.00", ""])  # fmt: skip
        self.assertIn("-2.00", rows[-1])

    def test_the_original_and_the_reason_of_a_debit_note(self):
        invoice = self.bill()
        debit_note = self._create_debit_note(invoice, post=True, reason="more hours")
        text = self.printed(debit_note)
        self.assertIn(f"Debit note to {invoice.name}: more hours", text)
        self.assertNotIn("Reference", text, "it would say the same again")
        debit_note.ref = "PO 17"
        self.assertIn("Reference PO 17", self.printed(debit_note))

    def test_a_credit_note_says_what_becomes_of_it(self):
        credit_note = self._reverse_invoice(self.bill(), reason="Returned")
        credit_note.write({"billing_credit_use": "keep", "billing_reason": "Returned"})
        text = self.printed(credit_note)
        self.assertIn(f"Credit note to {credit_note.reversed_entry_id.name}: Returned", text)
        self.assertIn("kept as credit for your next invoice", text)
        credit_note.action_post()
        invoice = self.bill(amount=130.0)
        invoice.action_billing_apply_credit()
        text = self.printed(invoice)
        self.assertIn("Credit used on", text)
        self.assertNotIn("Reversed on", text)
        self.assertIn("$ 100.00 Amount Due $ 30.00", text)
        self.assertIn("Credit used on", self.printed(credit_note))

    def test_mixed_prints_two_blocks_and_a_net(self):
        invoice = self.bill()
        for amounts, move_type in (((100.0, -30.0, 5.0), "out_invoice"),
                                   ((100.0, -130.0, 5.0), "out_refund")):  # fmt: skip
            document = self.mixed(*amounts, taxes=self.tax_sale_a)
            document.invoice_line_ids[1].billing_adjusted_move_id = invoice
            document.action_post()
            self.assertEqual(document.move_type, move_type)
            rows = self.columns(document)
            self.assertEqual([row[0] for row in rows], [
                "Charges", "Line 100.0", "Line 5.0", "Total charges",
                "Credits", f"Line {amounts[1]} Adjusts {invoice.name}", "Total credits", "Net",
            ])  # fmt: skip
            net = sum(amounts)
            self.assertEqual([row[-1] for row in rows[1:] if row[0] != "Credits"], [
                "$ 100.00", "$ 5.00", "$ 105.00",
                f"$ {amounts[1]:.2f}", f"$ {amounts[1]:.2f}", f"$ {net:.2f}",
            ])  # fmt: skip
            self.assertEqual({row[1] for row in rows if len(row) == 5}, {"1.00"})
            text = self.printed(document)
            title = "Invoice with Credits" if net > 0 else "Credit Note with Charges"
            self.assertIn(f"{title} {document.name}", text)
            self.assertIn(f"Untaxed Amount $ {net:.2f}", text)
            self.assertIn(f"Total $ {net * 1.15:.2f}", text)

    def test_sections_and_notes_stay_with_their_block(self):
        def line(name, amount=None, kind="product", **values):
            values.update(name=name, display_type=kind, tax_ids=[])
            if amount is not None:
                values["price_unit"] = amount
            return Command.create(values)

        document = self.mixed(
            invoice_line_ids=[
                line("Work", kind="line_section"),
                line("About the work", kind="line_note"),
                line("Hours", 100.0),
                line("About the hours", kind="line_note"),
                line("Discount", -20.0),
                line("Details", kind="line_subsection"),
                line("More hours", 10.0),
                line("Returned", kind="line_section", collapse_composition=True),
                line("Goods", -50.0),
                line("Wrapping", 5.0),
                line("Empty", kind="line_section"),
            ]
        )
        charges, credits = document._get_billing_printed_blocks(
            document._get_move_lines_to_report()
        )
        self.assertEqual(charges["lines"].mapped("name"), [
            "Work", "About the work", "Hours", "About the hours", "Details", "More hours", "Empty",
        ])  # fmt: skip
        self.assertEqual(credits["lines"].mapped("name"),
                         ["Work", "About the work", "Discount", "Returned"])  # fmt: skip
        self.assertEqual((charges["total"], credits["total"]), (110.0, -65.0))
        work = document.invoice_line_ids.filtered(lambda line: line.name == "Work")
        self.assertEqual((charges["subtotals"][work.id], credits["subtotals"][work.id]),
                         (110.0, -20.0))  # fmt: skip
        self.printed(document)
        document.action_post()
        document.button_draft()

    def test_other_companies_see_odoos_figures_on_vendor_refunds(self):
        refund = self._create_invoice_one_line(
            price_unit=100.0, move_type="in_refund", partner_id=self.partner_a.id
        )
        self.assertNotIn("-1", " ".join(self.columns(refund)[0]))
