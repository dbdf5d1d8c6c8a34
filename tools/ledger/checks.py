"""Does Odoo agree with what was loaded? Every check raises on a difference, and prints a line."""

from collections import Counter

from odoo.tools import SQL

from .recompute import disagreements
from .rehearsal import rehearsal
from .rows import Invoice, LedgerError

SAMPLE = 60
PAYMENT_STATES = {"open": "not_paid", "partial": "partial", "paid": "paid"}


def balances(env, company) -> Counter:
    """The balance of each account of the company."""
    env.flush_all()
    rows = env.execute_query(
        SQL(
            "SELECT account_id, SUM(balance) FROM account_move_line"
            " WHERE company_id = %s AND parent_state = 'posted' AND account_id IS NOT NULL"
            " GROUP BY account_id",
            company.id,
        )
    )
    return Counter(dict(rows))


def run(env, company, invoices: list[Invoice], before: Counter) -> None:
    """Check the ledger that was just staged and cloned."""
    print("Does Odoo agree?")
    for check in (_counts, _entries_balance, _accounts, _open_items, _numbers, _sample):
        print(f"  ok  {check(env, company, invoices, before)}", flush=True)


def check_books(env, company) -> None:
    """Check all the books of a company, whoever made the entries."""
    print("Does Odoo agree?")
    documents = env["account.move"].search(
        [("company_id", "=", company.id), ("state", "=", "posted")], order="id"
    )
    for result in (
        _entries_balance(env, company),
        _open_items(env, company),
        _recompute(documents),
    ):
        print(f"  ok  {result}", flush=True)


def _expect(what: str, found, expected) -> None:
    if found != expected:
        raise LedgerError(f"self-check failed: {what}: {found} in the books, {expected} expected")


def _counts(env, _company, invoices, _before) -> str:
    expected = Counter(PAYMENT_STATES[invoice.fate] for invoice in invoices)
    found = Counter(
        dict(
            env.execute_query(
                SQL(
                    "SELECT payment_state, COUNT(*) FROM account_move"
                    " JOIN staged_invoice ON move_id = id GROUP BY payment_state"
                )
            )
        )
    )
    _expect("documents by payment state", found, expected)
    return "documents: " + ", ".join(f"{n:,} {state}" for state, n in sorted(found.items()))


def _entries_balance(env, company, *_ledger) -> str:
    [(entries, unbalanced)] = env.execute_query(
        SQL(
            """
            SELECT COUNT(*), COUNT(*) FILTER (WHERE balance != 0 OR debit != credit)
              FROM (SELECT SUM(balance) AS balance, SUM(debit) AS debit, SUM(credit) AS credit
                      FROM account_move_line
                     WHERE company_id = %s AND parent_state = 'posted'
                  GROUP BY move_id) AS entry
            """,
            company.id,
        )
    )
    _expect("unbalanced entries", unbalanced, 0)
    return f"entries: all {entries:,} balance"


def _accounts(env, company, invoices, before) -> str:
    billed = sum(invoice.amount for invoice in invoices)
    received = sum(invoice.paid for invoice in invoices if invoice.amount > 0)
    refunded = sum(invoice.paid for invoice in invoices if invoice.amount < 0)
    changes = {
        "income": -billed,
        "receivable": billed - received + refunded,
        "inbound": received,
        "outbound": -refunded,
    }
    roles = env.execute_query(
        SQL(
            """
            SELECT DISTINCT line.account_id,
                   CASE WHEN line.display_type = 'payment_term' OR line.reconciled THEN 'receivable'
                        ELSE COALESCE(payment.payment_type, 'income') END
              FROM prototype_account_move_line AS line
         LEFT JOIN prototype_account_payment AS payment ON payment.id = line.payment_id
            """
        )
    )
    expected = Counter(before)
    for account_id, role in roles:
        expected[account_id] += float(changes[role])
    found = balances(env, company)
    for account in env["account.account"].browse(expected.keys() | found.keys()):
        currency = company.currency_id
        _expect(
            f"balance of {account.display_name}",
            currency.round(found[account.id]),
            currency.round(expected[account.id]),
        )
    return f"accounts: {len(found)} balances are what the ledger adds up to"


def _open_items(env, company, *_ledger) -> str:
    [(balance, residual, count)] = env.execute_query(
        SQL(
            """
            SELECT COALESCE(SUM(line.balance), 0),
                   COALESCE(SUM(line.amount_residual) FILTER (WHERE NOT line.reconciled), 0),
                   COUNT(*) FILTER (WHERE NOT line.reconciled)
              FROM account_move_line AS line
              JOIN account_account AS account ON account.id = line.account_id
             WHERE account.account_type = 'asset_receivable'
               AND line.company_id = %s AND line.parent_state = 'posted'
            """,
            company.id,
        )
    )
    currency = company.currency_id
    _expect("sum of the open items", currency.round(residual), currency.round(balance))
    return f"receivable: {count:,} open items add up to the account's balance, {balance:,.2f}"


def _numbers(env, *_ledger) -> str:
    gaps = env.execute_query(
        SQL(
            """
            SELECT sequence_prefix
              FROM (SELECT sequence_prefix, sequence_number FROM staged_invoice
                     UNION ALL
                    SELECT sequence_prefix, sequence_number FROM staged_payment) AS staged
          GROUP BY sequence_prefix
            HAVING COUNT(*) != MAX(sequence_number) - MIN(sequence_number) + 1
            """
        )
    )
    _expect("series of numbers with gaps", [prefix for (prefix,) in gaps], [])
    [(last_id,)] = env.execute_query(
        SQL("SELECT move_id FROM staged_invoice ORDER BY move_id DESC LIMIT 1")
    )
    last = env["account.move"].browse(last_id)
    with rehearsal(env):
        new = last.copy({"invoice_date": last.invoice_date, "date": last.date})
        new._post(soft=False)
        name, expected = new.name, last.sequence_number + 1
        _expect(f"number after {last.name}", new.sequence_number, expected)
    return f"numbers: no gaps, and Odoo's next invoice is {name}"


def _sample(env, *_ledger) -> str:
    return _recompute(_random_moves(env))


def _recompute(moves) -> str:
    found, values = disagreements(moves)
    _expect("values that Odoo computes otherwise", found[:10], [])
    return f"sample: {values:,} values of {len(moves)} entries, recomputed by Odoo, are the same"


def _random_moves(env):
    """Some documents of every sort, and the entries of their payments."""
    ids = env.execute_query(
        SQL(
            """
            SELECT move_id
              FROM (SELECT move_id, ROW_NUMBER() OVER (PARTITION BY prototype ORDER BY RANDOM())
                      FROM staged_invoice) AS shuffled
             WHERE row_number <= %s
            """,
            SAMPLE,
        )
    )
    documents = env["account.move"].browse(move_id for (move_id,) in ids)
    return documents | documents.matched_payment_ids.move_id
