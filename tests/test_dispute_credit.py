from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..models.collections.disputes import share
from .common_dispute import DisputeCommon

CENTS = st.integers(min_value=-10_000, max_value=1_000_000)


def line(base, *taxes):
    return {
        "base": base / 100,
        "taxes": {
            str(number): {"tax": tax / 100, "base": base / 100, "included": False, "reverse": False}
            for number, tax in enumerate(taxes)
        },
    }


class TestShare(DisputeCommon):
    @settings(max_examples=300, deadline=None)
    @given(data=st.data())
    def test_parts_add_up_to_the_amount_whatever_it_is(self, data):
        lines = [
            line(base, *(base * rate // 100 for rate in rates))
            for base, rates in data.draw(
                st.lists(
                    st.tuples(CENTS, st.lists(st.integers(0, 30), max_size=3)),
                    min_size=1,
                    max_size=6,
                )
            )
        ]
        total = round(sum(map(share.total_of, lines)) * 100)
        if total <= 0:
            return
        amount = data.draw(st.integers(min_value=0, max_value=total))
        parts = share.take(lines, amount / 100, 0.01)
        self.assertEqual(round(sum(map(share.total_of, parts)) * 100), amount)
        for part, whole in zip(parts, lines, strict=True):
            ratio = amount / total
            self.assertAlmostEqual(
                share.total_of(part), share.total_of(whole) * ratio, delta=0.0651
            )
            self.assertAlmostEqual(part["base"], whole["base"] * ratio, delta=0.0301)


@tagged("post_install", "-at_install")
class TestDisputeCredit(DisputeCommon):
    """A dispute is resolved by a document over exactly what was disputed."""

    def assertCredits(self, invoice, dispute, amount, **values):
        before = invoice.amount_residual
        [credit] = self.resolve(dispute, amount=amount, **values)
        self.assertEqual(credit.move_type, "out_refund")
        self.assertFalse(credit.currency_id.compare_amounts(credit.amount_total, amount))
        self.assertEqual(credit.state, "posted")
        self.assertEqual(credit.reversed_entry_id, invoice)
        self.assertEqual(credit.billing_type, "credit")
        residual = invoice.currency_id.round(before - amount)
        self.assertEqual(invoice.amount_residual, residual)
        self.assertEqual(dispute.state, "resolved")
        self.assertEqual(dispute.resolution, "credit")
        self.assertEqual(credit.currency_id.round(sum(credit.line_ids.mapped("balance"))), 0.0)
        self.assertAlmostEqual(credit.amount_untaxed + credit.amount_tax, amount)
        return credit

    def test_the_whole_invoice(self):
        tax = self.tax(19)
        invoice = self.invoice(
            [{"price_unit": 33.33, "tax_ids": tax.ids}, {"price_unit": 0.77, "tax_ids": tax.ids}]
        )
        credit = self.assertCredits(invoice, self.dispute(invoice), invoice.amount_total)
        self.assertEqual(credit.amount_tax, invoice.amount_tax)
        self.assertEqual(invoice.payment_state, "reversed")
        self.assertFalse(self.plan())

    def test_every_amount_to_the_cent(self):
        """Taxes on top and included, both ways of rounding, discounts, negative lines."""
        on_top, included, second = self.tax(19), self.tax(7, included=True), self.tax(5.5)
        kinds = {
            "on top": [{"price_unit": 3.33, "quantity": 7, "tax_ids": on_top.ids}] * 3,
            "included": [{"price_unit": 9.99, "quantity": 3, "tax_ids": included.ids}] * 3,
            "two taxes": [{"price_unit": 11.11, "tax_ids": (on_top + second).ids}] * 2,
            "mixed": [
                {"price_unit": 100.01, "tax_ids": on_top.ids},
                {"price_unit": 17.77, "quantity": 3, "discount": 12.5, "tax_ids": included.ids},
                {"price_unit": -20.0, "tax_ids": on_top.ids},
                {"price_unit": 5.05},
            ],
        }
        for method in ("round_per_line", "round_globally"):
            self.company.tax_calculation_rounding_method = method
            for name, lines in kinds.items():
                for share_of in (0.01, 0.37, 0.5, 0.999):
                    with self.subTest(method=method, kind=name, share=share_of):
                        invoice = self.invoice(lines)
                        amount = round(invoice.amount_total * share_of, 2)
                        dispute = self.dispute(invoice, amount=amount)
                        credit = self.assertCredits(invoice, dispute, amount)
                        rest = self.resolve(self.dispute(invoice))
                        self.assertEqual(invoice.amount_residual, 0.0)
                        self.assertEqual(invoice.payment_state, "reversed")
                        self.assertAlmostEqual(
                            credit.amount_tax + rest.amount_tax, invoice.amount_tax, delta=0.03001
                        )

    def test_some_pieces_of_a_line(self):
        tax = self.tax(19)
        invoice = self.invoice(
            [
                {"price_unit": 10.0, "quantity": 10, "tax_ids": tax.ids},
                {"price_unit": 50.0, "tax_ids": tax.ids},
            ]
        )
        item = invoice.invoice_line_ids[0]
        dispute = self.dispute(invoice, lines=[{"move_line_id": item.id, "quantity": 3}])
        credit = self.assertCredits(invoice, dispute, 35.7)
        self.assertEqual(len(credit.invoice_line_ids), 1)
        self.assertEqual(credit.invoice_line_ids.quantity, 3.0)
        self.assertEqual(credit.invoice_line_ids.price_unit, 10.0)
        self.assertEqual(credit.invoice_line_ids.account_id, item.account_id)
        self.assertEqual(credit.invoice_line_ids.tax_ids, tax)

    def test_lines_to_the_cent_when_taxes_are_rounded_globally(self):
        self.company.tax_calculation_rounding_method = "round_globally"
        tax = self.tax(21)
        invoice = self.invoice([{"price_unit": 0.50, "tax_ids": tax.ids}] * 3)
        amounts = []
        for item in invoice.invoice_line_ids:
            dispute = self.dispute(invoice, lines=[{"move_line_id": item.id}])
            amounts.append(dispute.amount)
            self.assertCredits(invoice, dispute, dispute.amount)
        self.assertEqual(round(sum(amounts), 2), invoice.amount_total)
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_a_foreign_currency(self):
        euro = self.setup_other_currency("EUR", rates=[("2000-01-01", 3.0)])
        tax = self.tax(19)
        invoice = self.invoice(
            [{"price_unit": 100.01, "tax_ids": tax.ids}, {"price_unit": 7.03}], currency=euro
        )
        dispute = self.dispute(invoice, amount=33.33)
        credit = self.assertCredits(invoice, dispute, 33.33)
        self.assertEqual(credit.currency_id, euro)

    def test_a_currency_without_cents(self):
        yen = self.setup_other_currency("JPY", rounding=1.0, rates=[("2000-01-01", 150.0)])
        invoice = self.invoice(
            [{"price_unit": 1001, "tax_ids": self.tax(10).ids}, {"price_unit": 333}], currency=yen
        )
        self.assertCredits(invoice, self.dispute(invoice, amount=777), 777)

    def test_cash_rounding_and_terms_add_nothing(self):
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "Five cents",
                "rounding": 0.05,
                "strategy": "add_invoice_line",
                "rounding_method": "HALF-UP",
                "profit_account_id": self.company_data["default_account_revenue"].id,
                "loss_account_id": self.company_data["default_account_expense"].id,
            }
        )
        invoice = self.invoice(
            [{"price_unit": 10.02}, {"price_unit": 20.01}],
            invoice_cash_rounding_id=rounding.id,
        )
        self.assertEqual(invoice.amount_total, 30.05)
        self.assertCredits(invoice, self.dispute(invoice, amount=7.77), 7.77)
        self.assertCredits(invoice, self.dispute(invoice), 22.28)

    def test_taxes_changed_by_hand_are_credited_as_they_are(self):
        tax = self.tax(20)
        invoice = self.invoice([{"price_unit": 100.0, "tax_ids": tax.ids}])
        invoice.button_draft()
        tax_line = invoice.line_ids.filtered("tax_line_id")
        invoice.write({"line_ids": [(1, tax_line.id, {"amount_currency": -20.03})]})
        invoice.action_post()
        self.assertEqual(invoice.amount_total, 120.03)
        self.assertCredits(invoice, self.dispute(invoice, amount=60.01), 60.01)
        self.assertCredits(invoice, self.dispute(invoice), 60.02)

    def test_a_draft_resolves_it_when_it_is_confirmed(self):
        invoice = self.bill(amount=120.0, due=-10)
        dispute = self.dispute(invoice, amount=50.0)
        action = dispute.action_credit()
        credit = self.env["account.move"].browse(action["res_id"])
        self.assertEqual((credit.state, dispute.state), ("draft", "open"))
        self.assertEqual(self.items(invoice).chased_currency, 70.0)
        credit.action_post()
        self.assertEqual((dispute.state, dispute.resolution), ("resolved", "credit"))
        self.assertEqual(self.items(invoice).chased_currency, 70.0)
        self.assertFalse(dispute.activity_ids)
        credit.button_draft()
        self.assertEqual(dispute.state, "open")
        self.assertEqual(self.items(invoice).chased_currency, 70.0)
        self.assertTrue(dispute.activity_ids)

    def test_a_deleted_draft_leaves_it_open(self):
        invoice = self.bill(amount=120.0, due=-10)
        dispute = self.dispute(invoice, amount=50.0)
        dispute._create_credit(50.0).unlink()
        self.assertEqual((dispute.state, dispute.document_count), ("open", 0))

    def test_what_was_paid_meanwhile_becomes_credit(self):
        invoice = self.bill(amount=120.0, due=-10)
        dispute = self.dispute(invoice, amount=50.0)
        self.pay(invoice)
        [credit] = self.resolve(dispute)
        self.assertEqual((credit.amount_total, credit.amount_residual), (50.0, 50.0))
        self.assertEqual(invoice.payment_state, "paid")

    def test_a_debit_note_charges_more(self):
        tax = self.tax(19)
        invoice = self.invoice([{"price_unit": 100.0, "tax_ids": tax.ids}, {"price_unit": 30.0}])
        dispute = self.dispute(invoice, reason="quantity", amount=12.34)
        [debit] = self.resolve(dispute, "debit", amount=12.34)
        self.assertEqual((debit.amount_total, debit.billing_type), (12.34, "debit"))
        self.assertEqual(debit.debit_origin_id, invoice)
        self.assertEqual((dispute.state, dispute.resolution), ("resolved", "debit"))
        self.assertEqual(invoice.amount_residual, invoice.amount_total)

    def test_a_mixed_document_credits_and_charges_anew(self):
        tax = self.tax(19)
        invoice = self.invoice([{"price_unit": 100.0, "tax_ids": tax.ids}, {"price_unit": 30.0}])
        item = invoice.invoice_line_ids[0]
        dispute = self.dispute(invoice, lines=[{"move_line_id": item.id}])
        [document] = self.resolve(dispute, "mixed", amount=119.0, charge=83.3)
        self.assertEqual((document.billing_type, document.move_type), ("mixed", "out_refund"))
        self.assertEqual((document.amount_total, document.amount_tax), (35.7, 5.7))
        self.assertEqual(document.payment_state, "paid")
        self.assertEqual(invoice.amount_residual, 149.0 - 35.7)
        self.assertEqual(invoice.billing_adjustment_amount, -35.7)
        self.assertEqual((dispute.state, dispute.resolution), ("resolved", "mixed"))

    def test_a_mixed_document_may_charge_more_than_it_credits(self):
        invoice = self.invoice([{"price_unit": 100.0}, {"price_unit": 30.0}])
        dispute = self.dispute(invoice, amount=50.0)
        [document] = self.resolve(dispute, "mixed", amount=50.0, charge=60.0)
        self.assertEqual((document.move_type, document.amount_total), ("out_invoice", 10.0))
        self.assertEqual(invoice.amount_residual, 130.0)

    def test_replacing_credits_all_and_drafts_a_new_one(self):
        invoice = self.invoice([{"price_unit": 100.0}, {"price_unit": 30.0}])
        dispute = self.dispute(invoice, amount=50.0)
        documents = self.resolve(dispute, "replace")
        self.assertEqual(set(documents.mapped("move_type")), {"out_invoice", "out_refund"})
        self.assertEqual(invoice.payment_state, "reversed")
        self.assertEqual(documents.filtered(lambda d: d.state == "draft").amount_total, 130.0)
        self.assertEqual((dispute.state, dispute.resolution), ("resolved", "replace"))

    def test_more_than_is_disputed_is_not_credited(self):
        invoice = self.invoice([{"price_unit": 100.0}, {"price_unit": 30.0}])
        dispute = self.dispute(invoice, lines=[{"move_line_id": invoice.invoice_line_ids[1].id}])
        for amount in (30.01, 0.0, -1.0):
            with self.assertRaises(ValidationError):
                dispute._create_credit(amount)
        self.assertFalse(dispute.document_ids)
