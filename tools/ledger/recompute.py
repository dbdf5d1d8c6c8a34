"""Let the ORM compute again what was inserted behind its back, and compare."""

from odoo.tools import float_compare

from .rehearsal import rehearsal

# In Community account.payment.create() fills this after the compute, which alone leaves it empty.
SET_BY_CREATE = {"account.payment": {"outstanding_account_id"}}


def disagreements(moves) -> tuple[list[str], int]:
    """Return what the ORM would have stored otherwise, and the number of values compared.

    Only fields that nobody may edit are computed again: the others are the ledger's to say.
    """
    env = moves.env
    lines = moves.line_ids
    found, compared = [], 0
    for records in (
        moves,
        lines,
        moves.origin_payment_id,
        lines.matched_debit_ids | lines.matched_credit_ids,
    ):
        names = [
            name
            for name, field in records._fields.items()
            if _is_derived(field) and name not in SET_BY_CREATE.get(records._name, ())
        ]
        stored = _values(records, names)
        with rehearsal(env):
            for name in names:
                env.add_to_compute(records._fields[name], records)
            computed = _values(records, names)
        compared += len(records) * len(names)
        found += [
            f"{records._name} {record_id}.{name}: {computed[record_id][name]!r}, stored {value!r}"
            for record_id, values in stored.items()
            for name, value in values.items()
            if not _same(value, computed[record_id][name])
        ]
    for unbalanced in moves._get_unbalanced_moves({"records": moves}) or ():
        found.append(f"account.move {unbalanced[0]} is not balanced")
    for move in moves:
        if not move._sequence_matches_date():
            found.append(f"{move.name} is not a number of {move.date}")
    return found, compared


def _is_derived(field) -> bool:
    return field.store and field.column_type and field.compute and field.readonly


def _values(records, names: list[str]) -> dict[int, dict]:
    return {
        record.id: {
            name: record[name].id if records._fields[name].relational else record[name]
            for name in names
        }
        for record in records
    }


def _same(one, other) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return float_compare(one, other, precision_digits=4) == 0
    return one == other
