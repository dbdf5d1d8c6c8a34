from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odoo.fields import Command
from odoo.tests import tagged

from .test_adjustments_mixed import MixedCommon

CENTS = st.integers(min_value=-500_000, max_value=500_000)
LINES = st.lists(
    st.tuples(CENTS, st.sampled_from([1, 1, 3, 7, -2]), st.sets(st.integers(0, 3), max_size=2)),
    min_size=1,
    max_size=5,
)


@tagged("post_install", "-at_install")
class TestMixedSums(MixedCommon):
    """Printed blocks, document totals and ledger agree to the cent, whatever is in them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        tax = cls.env["account.tax"].create
        common = {"type_tax_use": "sale", "company_id": cls.company.id}
        cls.taxes = (
            tax({**common, "name": "19 %", "amount": 19.0})
            | tax({**common, "name": "7 % included", "amount": 7.0,
                   "price_include_override": "tax_included"})
            | tax({**common, "name": "Fee", "amount": 0.35, "amount_type": "fixed"})
            | tax({**common, "name": "5.5 % on top", "amount": 5.5, "include_base_amount": True,
                   "sequence": 0})
        )  # fmt: skip
        cls.currencies = (
            cls.company.currency_id
            | cls.setup_other_currency("JPY", rounding=1.0, rates=[("2020-01-01", 133.7)])
            | cls.setup_other_currency("KWD", rounding=0.001, rates=[("2020-01-01", 0.307)])
            | cls.setup_other_currency("EUR", rounding=0.01, rates=[("2020-01-01", 0.913)])
        )

    def check(self, document):
        currency, company_currency = document.currency_id, document.company_currency_id
        equal = lambda a, b: currency.compare_amounts(a, b) == 0  # noqa: E731
        draft_total = document.amount_total * (-1 if document.move_type == "out_refund" else 1)
        document.action_post()
        sign = -1 if document.move_type == "out_refund" else 1
        self.assertGreaterEqual(document.amount_total, 0)
        self.assertTrue(equal(sign * document.amount_total, draft_total))
        blocks = document._get_billing_printed_blocks(document._get_move_lines_to_report())
        totals = document._get_billing_printed_totals()
        net = sum(block["total"] for block in blocks)
        included = document.company_price_include == "tax_included"
        expected = sign * (document.amount_total if included else document.amount_untaxed)
        self.assertTrue(equal(net, expected), (net, expected))
        self.assertTrue(equal(totals["total_amount_currency"], sign * document.amount_total))
        receivable = document.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        self.assertTrue(
            equal(sum(receivable.mapped("amount_currency")), sign * document.amount_total)
        )
        self.assertEqual(
            company_currency.compare_amounts(
                sum(receivable.mapped("balance")), document.amount_total_signed
            ),
            0,
        )
        for block in blocks:
            zero = currency.is_zero(block["total"])
            self.assertTrue(zero or (block["total"] > 0) == (block["title"] == "Charges"))
        if currency.is_zero(document.amount_total):
            self.assertEqual(document.payment_state, "paid")
            self.assertFalse(receivable.filtered(lambda line: not line.reconciled))

    def run_examples(self, company_values):
        self.company.write(company_values)

        @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
        @given(LINES, st.integers(0, 3), st.sampled_from(["no", "mirror", "once"]))
        def each(lines, currency_index, settle):
            currency = self.currencies[currency_index]
            unit = 10**-currency.decimal_places
            amounts = [(cents * unit, quantity, taxes) for cents, quantity, taxes in lines]
            if settle == "mirror":
                amounts += [(-price, quantity, taxes) for price, quantity, taxes in amounts]
            elif settle == "once":
                # amounts that are converted one by one, and as one: in the company's currency they
                # may miss each other
                amounts = [(price, quantity, set()) for price, quantity, _taxes in amounts]
                net = sum(price * quantity for price, quantity, _taxes in amounts)
                amounts.append((-currency.round(net), 1, set()))
            with self.env.cr.savepoint() as savepoint:
                document = self.mixed(
                    currency_id=currency.id,
                    invoice_line_ids=[
                        Command.create(
                            {
                                "name": "Line",
                                "price_unit": price,
                                "quantity": quantity,
                                "tax_ids": [Command.set([self.taxes[i].id for i in taxes])],
                            }
                        )
                        for price, quantity, taxes in amounts
                    ],
                )
                self.check(document)
                savepoint.rollback()
            self.env.invalidate_all()

        each()

    def test_rounded_by_line(self):
        self.run_examples({"tax_calculation_rounding_method": "round_per_line"})

    def test_rounded_by_document(self):
        self.run_examples({"tax_calculation_rounding_method": "round_globally"})

    def test_prices_with_taxes(self):
        self.run_examples(
            {
                "tax_calculation_rounding_method": "round_globally",
                "account_price_include": "tax_included",
            }
        )
