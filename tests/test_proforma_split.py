from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odoo.tests import tagged
from odoo.tools import float_compare

from .test_proforma import ProformaCommon

QUIET = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
CUTS = st.lists(st.sampled_from([3, 10, 12.5, 25, 33.33, 41.7]), min_size=0, max_size=2)


@tagged("post_install", "-at_install")
class TestProformaSplit(ProformaCommon):
    """The invoices made from an estimate are together the estimate, to the cent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        taxes = cls.env["account.tax"]
        kinds = (("tax_excluded", 21.0), ("tax_included", 19.0), ("tax_excluded", 7.7))
        cls.taxes = taxes.create(
            [
                {
                    "name": f"{amount} {kind}",
                    "amount": amount,
                    "price_include_override": kind,
                    "type_tax_use": "sale",
                }
                for kind, amount in kinds
            ]
        )
        cls.currencies = [
            cls.company.currency_id,
            cls.setup_other_currency("JPY", rounding=1.0, rates=[("2020-01-01", 150.0)]),
            cls.setup_other_currency("KWD", rounding=0.001, rates=[("2020-01-01", 0.3)]),
        ]

    def check(self, cuts, taxes, lines, currency, method):
        self.company.tax_calculation_rounding_method = method
        proforma = self.estimate(
            *(
                {
                    "name": "Work",
                    "quantity": quantity,
                    "price_unit": price,
                    "discount": discount,
                    "tax_ids": [(6, 0, taxes[i % len(taxes)].ids)] if taxes else [],
                }
                for i, (quantity, price, discount) in enumerate(lines)
            ),
            currency_id=currency.id,
        )
        invoices = self.env["account.move"]
        for percent in cuts:
            invoices |= self.invoice(proforma, "percent", percent=percent, post=False)
        invoices |= self.invoice(proforma, post=False)
        for fname in ("amount_untaxed", "amount_tax", "amount_total"):
            self.assertEqual(
                float_compare(
                    sum(invoices.mapped(fname)),
                    proforma[fname],
                    precision_rounding=currency.rounding,
                ),
                0,
                f"{fname}: {invoices.mapped(fname)} != {proforma[fname]}",
            )
        self.assertEqual(
            float_compare(
                proforma.amount_in_draft,
                proforma.amount_untaxed,
                precision_rounding=currency.rounding,
            ),
            0,
        )
        invoices.action_post()
        self.env.invalidate_all()
        self.assertEqual(proforma.status, "invoiced")
        self.assertTrue(currency.is_zero(proforma.amount_difference))

    @QUIET
    @given(
        cuts=CUTS,
        tax=st.sampled_from(["none", "excluded", "included", "mixed", "several"]),
        currency=st.integers(0, 2),
        method=st.sampled_from(["round_globally", "round_per_line"]),
        lines=st.lists(
            st.tuples(
                st.sampled_from([1, 3, 0.75, 7.5, 12]),
                st.integers(1, 99999).map(lambda cents: cents / 100),
                st.sampled_from([0, 0, 5, 33.33]),
            ),
            min_size=1,
            max_size=4,
        ),
    )
    def test_any_split(self, cuts, tax, currency, method, lines):
        first, included, third = self.taxes
        taxes = {
            "none": [],
            "excluded": [first],
            "included": [included],
            "mixed": [first, included],
            "several": [first | third, third],
        }[tax]
        self.check(cuts, taxes, lines, self.currencies[currency], method)

    def test_a_third_is_a_lump_sum_with_its_share(self):
        proforma = self.estimate((1, 1000.0))
        first = self.invoice(proforma, "percent", percent=33.33)
        self.assertEqual(first.amount_untaxed, 333.3)
        self.assertIn("33.33% of 1.00", first.invoice_line_ids.name)
        self.assertEqual(proforma.line_ids.quantity_invoiced, 0.33)
        self.assertEqual(self.invoice(proforma).amount_untaxed, 666.7)

    def test_a_part_that_is_a_quantity_is_billed_as_one(self):
        proforma = self.estimate((10, 100.0))
        line = self.invoice(proforma, "percent", percent=30).invoice_line_ids
        self.assertEqual((line.quantity, line.price_unit), (3.0, 100.0))
        self.assertEqual(line.name, "Work")

    def test_what_someone_changed_is_not_made_good(self):
        proforma = self.estimate((10, 100.0))
        first = self.invoice(proforma, "percent", percent=50, post=False)
        first.invoice_line_ids.price_unit = 120.0
        first.action_post()
        self.env.invalidate_all()
        self.assertEqual(self.invoice(proforma).amount_untaxed, 500.0)
        self.assertEqual(proforma.amount_difference, 100.0)

    def test_the_first_part_cancelled_is_billed_with_the_rest(self):
        proforma = self.estimate((1, 100.0), (1, 0.05))
        parts = [self.invoice(proforma, "percent", percent=33.33) for _i in range(2)]
        parts[0].button_draft()
        parts[0].button_cancel()
        self.env.invalidate_all()
        self.invoice(proforma)
        self.assertEqual(proforma.amount_invoiced, proforma.amount_untaxed)
