"""Ledgers: what the reader refuses, what the generator promises, and whether Odoo agrees."""

import subprocess
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tools.ledger.generator import generate
from tools.ledger.reader import read
from tools.ledger.rows import LedgerError, Payment
from tools.workshop import runtime, templates

HEADER = "invoice,customer,invoice_date,due_date,settled_date,amount,paper\n"
TODAY = date(2026, 3, 20)


@pytest.fixture
def ledger(tmp_path):
    def write(*lines: str, header: str = HEADER):
        file = tmp_path / "ledger.csv"
        file.write_text(header + "".join(line + "\n" for line in lines))
        return file

    return write


def test_reader_reads_invoices_settlements_and_credit_notes(ledger):
    settled, unpaid, credit_note = read(
        ledger(
            "A1,Ada,2026-01-05,2026-02-04,2026-01-03,10.50,yes",
            'A2,"Bob, Ltd",2026-01-05,2026-02-04,,7,no',
            "A3,Ada,2026-01-06,2026-01-06,2026-01-07,-2.25,",
        )
    )
    assert settled.payments == (Payment(date(2026, 1, 3), Decimal("10.50")),)
    assert (unpaid.customer, unpaid.fate, unpaid.residual) == ("Bob, Ltd", "open", 7)
    assert (credit_note.move_type, credit_note.paid) == ("out_refund", Decimal("2.25"))


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("A2,Ada,2026-13-01,2026-02-04,,7,", "invoice_date '2026-13-01' is not a date"),
        ("A2,Ada,20260105,2026-02-04,,7,", "invoice_date '20260105' is not a date"),
        ("A2,Ada,2026-01-01,soon,,7,", "due_date 'soon' is not a date"),
        ("A2,Ada,0026-01-01,2026-02-04,,7,", "invoice_date '0026-01-01' is out of range"),
        ("A2,Ada,2026-01-01,2026-02-04,,seven,", "amount 'seven' is not a number"),
        ("A2,Ada,2026-01-01,2026-02-04,,nan,", "amount 'nan' is not a number"),
        ("A2,Ada,2026-01-01,2026-02-04,,0.00,", "amount is zero"),
        ("A2,Ada,2026-01-01,2026-02-04,,7.125,", "more than 2 decimals"),
        ("A2,,2026-01-01,2026-02-04,,7,", "customer is missing"),
        ("A1,Ada,2026-01-01,2026-02-04,,7,", "invoice A1 is on line 2 already"),
        ("A2,Ada,2026-01-01,2026-02-04", "amount is missing"),
        ("A2,Ada,2026-01-01,2026-02-04,,7,no,9", "more fields than columns"),
    ],
)
def test_reader_refuses_a_malformed_row_by_its_line(ledger, row, complaint):
    file = ledger("A1,Ada,2026-01-05,2026-02-04,,10.50,", row)
    with pytest.raises(LedgerError) as refusal:
        read(file)
    assert str(refusal.value).startswith("line 3: ")
    assert complaint in str(refusal.value)


def test_reader_names_every_malformed_line(ledger):
    with pytest.raises(LedgerError) as refusal:
        read(ledger("A1,,2026-01-05,2026-02-04,,1,", "A2,Ada,x,2026-02-04,,1,"))
    assert [line.split(":")[0] for line in str(refusal.value).splitlines()] == ["line 2", "line 3"]


def test_reader_refuses_other_files(ledger, tmp_path):
    with pytest.raises(LedgerError, match="no column settled_date, amount"):
        read(ledger(header="invoice,customer,invoice_date,due_date\n"))
    with pytest.raises(LedgerError, match="is empty"):
        read(ledger())
    with pytest.raises(LedgerError, match="cannot be read"):
        read(tmp_path / "absent.csv")


def test_generator_is_deterministic():
    assert generate(20, 200, TODAY) == generate(20, 200, TODAY)
    assert generate(20, 200, TODAY) != generate(20, 200, TODAY, seed=20)


def test_generator_makes_the_size_asked_for_up_to_today():
    invoices = generate(500, 5000, TODAY)
    assert len(invoices) == len({invoice.number for invoice in invoices}) == 5000
    assert len({invoice.customer for invoice in invoices}) == 500
    assert max(invoice.invoice_date for invoice in invoices) <= TODAY
    assert all(payment.date <= TODAY for invoice in invoices for payment in invoice.payments)
    assert all(0 <= invoice.residual <= invoice.amount for invoice in invoices)
    overdue = sum(bool(i.residual) and i.due_date < TODAY for i in invoices)
    assert 0.18 < overdue / len(invoices) < 0.32
    assert any(invoice.fate == "partial" for invoice in invoices)


def test_generated_weekends_are_free():
    for weekend in (date(2026, 3, 21), date(2026, 3, 22)):
        invoices = generate(20, 300, weekend)
        assert max(invoice.invoice_date for invoice in invoices) <= weekend - timedelta(days=1)


@pytest.fixture(scope="module")
def books():
    """A database of its own, and a way to load a ledger into it: returns exit code and output."""
    ready = runtime.prepare()
    database = templates.create(ready, "ledger", templates.shop())

    def load(*arguments: str) -> tuple[int, str]:
        result = subprocess.run(
            ready.script_command(database, templates.script("load_ledger"), *map(str, arguments)),
            env=ready.environment(database),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return result.returncode, result.stdout

    return load


def test_odoo_agrees_with_a_loaded_ledger(books, ledger):
    """The loader lets the ORM recompute, and fails if anything differs."""
    code, output = books("size", "20x300")
    assert code == 0, output
    assert output.count("  ok  ") == 6

    file = ledger(
        "C1,Ada,2024-12-30,2025-01-30,2025-02-01,100,",
        "C2,Ada,2025-01-02,2025-01-30,,-30.10,",
        "C3,Bob,2025-01-03,2025-01-30,2025-01-02,-0.01,",
        "C4,Bob,2025-01-01,2025-01-30,2025-03-01,0.01,",
    )
    code, output = books("ledger", file)
    assert code == 0, output
    assert "1 not_paid, 3 paid" in output

    code, output = books("ledger", file)
    assert code != 0
    assert "is in" in output and "already" in output


def test_nothing_is_loaded_of_a_malformed_ledger(books, ledger):
    good = "D1,Dan,2025-01-02,2025-01-30,,30.10,"
    code, output = books("ledger", ledger(good, "D2,Dan,2025-01-02,2025-01-30,,none,"))
    assert code != 0
    assert "line 3: amount 'none' is not a number" in output
    assert "Traceback" not in output
    # were D1 there, it would be refused now
    assert books("ledger", ledger(good))[0] == 0
