"""The arithmetic of interim bills: pure functions, then the ledger itself."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odoo.fields import Command
from odoo.tests import BaseCase, tagged

from ..models.documents.interim.split import split, split_lines, split_table, to_units
from .test_interim import InterimCommon

ROUNDINGS = st.sampled_from([1.0, 0.01, 0.001, 0.05])
WEIGHTS = st.lists(st.integers(1, 10**7), min_size=1, max_size=12)
QUICK = settings(
    max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)


@tagged("post_install", "-at_install")
class TestSplit(BaseCase):
    @QUICK
    @given(st.integers(-(10**8), 10**8), WEIGHTS, ROUNDINGS)
    def test_parts_add_up_and_each_is_close_to_its_share(self, total, weights, rounding):
        parts = split(total * rounding, [w * rounding for w in weights], rounding)
        units = [to_units(part, rounding) for part in parts]
        self.assertEqual(sum(units), total)
        for unit, weight in zip(units, weights, strict=True):
            self.assertLessEqual(abs(unit - total * weight / sum(weights)), 1.0)

    @QUICK
    @given(st.lists(st.integers(-(10**6), 10**7), min_size=1, max_size=6), WEIGHTS, ROUNDINGS)
    def test_a_table_meets_its_rows_and_columns(self, rows, columns, rounding):
        rows = [*rows, sum(columns) - sum(rows)]
        table = split_table([r * rounding for r in rows], [c * rounding for c in columns], rounding)
        units = [[to_units(cell, rounding) for cell in row] for row in table]
        self.assertEqual([sum(row) for row in units], rows)
        self.assertEqual([sum(column) for column in zip(*units, strict=True)], columns)
        for row, row_sum in zip(units, rows, strict=True):
            for cell, column_sum in zip(row, columns, strict=True):
                self.assertLessEqual(abs(cell - row_sum * column_sum / sum(columns)), 2.0)

    @QUICK
    @given(
        st.lists(
            st.tuples(st.integers(1, 10**6), st.integers(0, 10**5), st.integers(0, 10**5)),
            min_size=1,
            max_size=5,
        ),
        st.data(),
        ROUNDINGS,
    )
    def test_lines_add_up_base_by_base_and_tax_by_tax(self, rows, data, rounding):
        lines = [
            {
                "base": base * rounding,
                "taxes": {
                    "1": _tax(included * rounding, base * rounding, True),
                    "2": _tax(added * rounding, base * rounding, False),
                },
            }
            for base, included, added in rows
        ]
        total = sum(base + included for base, included, _added in rows)
        cuts = data.draw(st.lists(st.integers(1, total), max_size=8).map(lambda c: sorted(set(c))))
        weights = [b - a for a, b in zip([0, *cuts], [*cuts, total], strict=True) if b > a]
        table = split_lines(lines, [w * rounding for w in weights], rounding)

        def units(amounts):
            return to_units(sum(amounts), rounding)

        for line, parts in zip(lines, table, strict=True):
            self.assertEqual(units(p["base"] for p in parts), units([line["base"]]))
            for tax_id, tax in line["taxes"].items():
                for name in ("tax", "base"):
                    self.assertEqual(
                        units(p["taxes"][tax_id][name] for p in parts), units([tax[name]])
                    )
        for index, weight in enumerate(weights):
            prices = [p[index]["base"] + p[index]["taxes"]["1"]["tax"] for p in table]
            self.assertEqual(units(prices), weight)


def _tax(tax, base, included):
    return {"tax": tax, "base": base, "included": included, "reverse": False}


@tagged("post_install", "-at_install")
class TestInterimLedger(InterimCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()

        def tax(name, amount, **values):
            return cls.env["account.tax"].create(
                {"name": name, "amount": amount, "type_tax_use": "sale", **values}
            )

        cls.taxes = [
            tax("21% included", 21.0, price_include_override="tax_included"),
            tax("5.5%", 5.5),
            tax("7.7%, base of the next", 7.7, include_base_amount=True, sequence=1),
            tax("fixed", 1.37, amount_type="fixed", sequence=2),
            tax("10% included", 10.0, price_include_override="tax_included"),
        ]
        cls.currencies = [
            cls.env.company.currency_id,
            cls.setup_other_currency("JPY", rounding=1.0),
            cls.setup_other_currency("KWD", rounding=0.001),
        ]

    def test_any_split_of_any_taxes_is_the_contract_in_the_ledger(self):
        self.check_ledger()

    @settings(
        max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
    )
    @given(
        lines=st.lists(
            st.tuples(
                st.integers(50, 200000),
                st.integers(1, 7),
                st.lists(st.integers(0, 4), max_size=3, unique=True),
            ),
            min_size=1,
            max_size=3,
        ),
        shares=st.lists(st.integers(1, 100), min_size=1, max_size=4),
        currency=st.integers(0, 2),
        retention=st.sampled_from([0.0, 0.0, 5.0, 3.33]),
        globally=st.booleans(),
    )
    def check_ledger(self, lines, shares, currency, retention, globally):
        currency = self.currencies[currency]
        self.company.tax_calculation_rounding_method = (
            "round_globally" if globally else "round_per_line"
        )
        plan = self.env["billing.milestone.plan"].create(
            {
                "partner_id": self.partner_a.id,
                "payment_term_id": False,
                "currency_id": currency.id,
                "retention_rate": retention,
                "line_ids": [
                    Command.create(
                        {
                            "name": f"Line {index}",
                            "quantity": quantity,
                            "price_unit": price * currency.rounding,
                            "tax_ids": [self.taxes[i].id for i in taxes],
                        }
                    )
                    for index, (price, quantity, taxes) in enumerate(lines)
                ],
            }
        )
        units = to_units(plan.amount, currency.rounding)
        reached, before, amounts = 0, 0, []
        for share in shares:
            reached += share
            now = units * reached // sum(shares)
            amounts.append((now - before) * currency.rounding)
            before = now
        plan.milestone_ids = [
            Command.create({"name": "Part", "amount": a, "trigger": "manual", "sequence": i})
            for i, a in enumerate(filter(None, amounts))
        ]
        plan.action_confirm()
        untaxed, total = plan.amount_untaxed, plan.amount_total
        invoices = self.bill_all(plan)
        self.assert_adds_up(plan, invoices)
        self.assertEqual(plan.state, "done")
        self.assertAlmostEqual(plan.amount_remaining, 0.0)
        self.assertAlmostEqual(plan.amount_retained, 0.0)
        # and the contract is what one invoice of its lines would be
        whole = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.partner_a.id,
                "currency_id": currency.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": line.name,
                            "quantity": line.quantity,
                            "price_unit": line.price_unit,
                            "tax_ids": line.tax_ids.ids,
                        }
                    )
                    for line in plan.line_ids
                ],
            }
        )
        self.assertEqual(currency.compare_amounts(whole.amount_untaxed, untaxed), 0)
        self.assertEqual(currency.compare_amounts(whole.amount_total, total), 0)
        last = invoices[-1].billing_interim_figures
        self.assertEqual(last["remaining"], [0.0, 0.0])
        self.assertEqual(last["retained"], [0.0, 0.0])
