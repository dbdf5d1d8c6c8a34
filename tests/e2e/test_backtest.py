"""Replaying a ledger from a file: what is read and refused, and that nothing is known early."""

import csv
import random
import subprocess
import sys
from datetime import date, timedelta

import pytest

from tools.backtest.reader import Invoice, read
from tools.ledger.rows import LedgerError
from tools.workshop import paths

HEADER = "invoice,customer,invoice_date,due_date,settled_date,amount,days_late\n"
COLUMNS = ["invoice", "p_late", "p_late30", "pred_days_late", "lo80", "hi80"]


@pytest.fixture
def ledger(tmp_path):
    def write(*lines: str, header: str = HEADER, encoding="utf-8", name="ledger.csv"):
        file = tmp_path / name
        file.write_bytes((header + "".join(line + "\n" for line in lines)).encode(encoding))
        return file

    return write


@pytest.fixture
def backtest(tmp_path):
    """Replay a file on the command line: exit code, what was said, and the lines written."""

    def replay(file, target=None):
        target = target or tmp_path / "out.csv"
        command = [sys.executable, "-m", "tools.workshop", "backtest"]
        result = subprocess.run(
            [*command, "--ledger", file, "--out", target],
            cwd=paths.CHECKOUT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        rows = None
        if target.exists():
            with target.open(encoding="utf-8", newline="") as written:
                rows = list(csv.reader(written))
        return result.returncode, result.stdout, rows

    return replay


def check_sane(rows, count):
    assert rows[0] == COLUMNS
    assert len(rows) == count + 1
    for row in rows[1:]:
        late, late30, days, low, high = map(float, row[1:])
        assert 0 <= late30 <= late <= 1, row
        assert low <= days <= high, row


def test_reads_what_spreadsheets_and_databases_write(ledger):
    file = ledger(
        'A1;"Ada; ""the"" Great";2026-01-05 00:00:00;2026-02-04T00:00:00Z;2026-02-01;1,5',
        "",
        " A1 ; Ünïcode 客 ;1931-01-05;2105-02-04;;",
        header='\ufeff"Invoice"; CUSTOMER ;invoice_date;due_date;settled_date;note\r\n',
    )
    assert read(file) == [
        Invoice("A1", 'Ada; "the" Great', date(2026, 1, 5), date(2026, 2, 4), date(2026, 2, 1)),
        Invoice(" A1 ", "Ünïcode 客", date(1931, 1, 5), date(2105, 2, 4), None),
    ]


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("A2,Ada,2026-13-01,2026-02-04,,7,", "line 3: invoice_date '2026-13-01' is not a date"),
        ("A2,Ada,20260105,2026-02-04,,7,", "line 3: invoice_date '20260105' is not a date"),
        ("A2,Ada,05/01/2026,2026-02-04,,7,", "line 3: invoice_date '05/01/2026' is not a date"),
        ("A2,Ada,2026-01-01,,,7,", "line 3: due_date is missing"),
        ("A2,Ada,2026-01-01,2026-02-04,soon,7,", "line 3: settled_date 'soon' is not a date"),
        ("A2,Ada,2026-01-01,2026-02-04", "line 3: 4 fields, but 7 columns"),
        ("A2,Ada,Ltd,2026-01-01,2026-02-04,,7,", "line 3: 8 fields, but 7 columns"),
    ],
)
def test_a_malformed_row_is_named_by_its_line(ledger, row, complaint):
    with pytest.raises(LedgerError) as refusal:
        read(ledger("A1,Ada,2026-01-05,2026-02-04,,10.50,", row))
    assert str(refusal.value).startswith(complaint)


def test_other_files_are_refused(ledger, tmp_path):
    with pytest.raises(LedgerError, match="line 1: no column due_date, settled_date"):
        read(ledger(header="invoice,customer,invoice_date\n"))
    with pytest.raises(LedgerError, match="line 1: no column invoice, customer"):
        read(ledger(header=""))
    with pytest.raises(LedgerError, match="line 1: more than one column invoice"):
        read(ledger(header="invoice,customer,invoice_date,due_date,settled_date,Invoice\n"))
    with pytest.raises(LedgerError, match="not in UTF-8"):
        read(ledger("A1,Müller,2026-01-05,2026-02-04,,1,", encoding="latin-1"))
    with pytest.raises(LedgerError, match="cannot be read"):
        read(tmp_path / "absent.csv")


def test_refusals_leave_what_was_there_and_exit_with_1(backtest, ledger, tmp_path):
    target = tmp_path / "out.csv"
    target.write_text("mine")
    code, said, rows = backtest(ledger("A1,Ada,2026-01-05,never,,1,"), target)
    assert code == 1
    assert said.strip() == "error: line 2: due_date 'never' is not a date (YYYY-MM-DD)"
    assert rows == [["mine"]]
    code, said, _rows = backtest(ledger(), tmp_path / "no" / "such" / "out.csv")
    assert code == 1
    assert "cannot be written" in said
    assert "Traceback" not in said
    assert sorted(file.name for file in tmp_path.iterdir()) == ["ledger.csv", "out.csv"]


def test_a_ledger_of_nothing_has_no_predictions(backtest, ledger):
    code, said, rows = backtest(ledger())
    assert code == 0, said
    assert rows == [COLUMNS]


def test_every_row_of_an_odd_ledger_is_predicted_in_its_place(backtest, ledger):
    lines = [
        "D,Ada,2026-03-05,2026-04-04,2026-04-20,1,",
        "D,Ada,2026-01-05,2026-02-04,2026-02-20,1,",  # the number again, before the first
        'D,"Bob, ""Ltd""",2026-01-05,2026-01-01,2026-01-20,1,',  # due before its date
        ",,2026-01-05,2026-02-04,2026-02-10,1,",  # nothing of it is known
        "E,,2026-03-05,2026-03-05,,1,",
        "F,客户,2026-03-05,2026-04-04,2026-02-01,1,",  # paid before its date
        "G,Ada,1901-01-01,1901-01-31,1901-03-01,1,",
        "H,Ada,2199-01-01,2199-12-31,,1,",
        "'; DROP TABLE res_users; --,\\N,2026-03-05,2026-03-05,2026-03-05,1,",
        "I,Ada,2026-03-05,2027-03-05,2026-03-05,1,",
    ]
    code, said, rows = backtest(ledger(*lines))
    assert code == 0, said
    check_sane(rows, len(lines))
    assert [row[0] for row in rows[1:]] == [
        "D", "D", "D", "", "E", "F", "G", "H", "'; DROP TABLE res_users; --", "I",
    ]  # fmt: skip


def history(seed=5, count=300):
    """Customers with habits, some prepaid and some unpaid invoices, of all kinds of days."""
    chance = random.Random(seed)
    rows = []
    for number in range(count):
        customer = chance.randrange(12)
        day = date(2024, 1, 1) + timedelta(days=chance.randrange(500))
        due = day + timedelta(days=chance.choice((0, 14, 30, 30, 60)))
        settled = due + timedelta(days=round(chance.gauss(customer * 3 - 10, 8)))
        rows.append([str(number), f"c{customer}" if customer else "", day, due,
                     None if chance.random() < 0.05 else settled])  # fmt: skip
    return rows


def as_lines(rows):
    return [",".join([*map(str, row[:4]), str(row[4]) if row[4] else "", "1", ""]) for row in rows]


def test_no_outcome_after_a_day_moves_a_prediction_before_it(backtest, ledger):
    rows, chance = history(), random.Random(6)
    day = date(2024, 10, 1)
    code, said, before = backtest(ledger(*as_lines(rows)))
    assert code == 0, said
    check_sane(before, len(rows))
    assert "all" in said and "latest 30%" in said
    changed = []
    for number, customer, invoiced, due, settled in rows:
        if invoiced > day and chance.random() < 0.5:
            continue  # was never billed, though it may have been paid in advance
        if settled is None or max(settled, invoiced) >= day:
            settled = chance.choice(
                (None, max(day, invoiced), day + timedelta(days=chance.randrange(900)))
            )
        changed.append([number, customer, invoiced, due, settled])
    chance.shuffle(changed)
    code, said, after = backtest(ledger(*as_lines(changed)))
    assert code == 0, said
    early = {number for number, _customer, invoiced, *_rest in rows if invoiced <= day}
    known = {row[0]: row for row in before[1:] if row[0] in early}
    assert len(known) > 100
    assert {row[0]: row for row in after[1:] if row[0] in early} == known
    assert [row for row in after[1:] if row not in before]
