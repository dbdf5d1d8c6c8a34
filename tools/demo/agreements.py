"""What customers said and what was agreed: promises, disputes, a pause, a payment plan."""

from datetime import timedelta

from .sales import pay

# Answers to "when will you pay?": days ago, promised for how many days later, and if that is over,
# whether it was kept.
PROMISES = (
    (24, 7, True), (19, 7, True), (17, 5, False), (12, 6, True), (10, 4, False),
    (2, 6), (1, 9), (0, 5),
)  # fmt: skip
DISPUTES = (
    ("quantity", "Only eight of the ten chairs arrived.", 0.2, 6),
    ("price", "We agreed on 5 % less for the whole order.", 0.05, 3),
    ("order_number", "Please add our order number, or our system refuses it.", 1, 9),
    ("quality", "Two desks are scratched.", 0.3, 14),
    ("paid", "Paid by check on the 3rd.", 1, 2),
    ("duplicate", "The same delivery is on the invoice of last month.", 1, 21),
)


def make(env, today) -> None:
    """Of different customers each, so that every list has something to show."""
    owing = iter(_get_owing(env))
    for (ago, days, *is_kept), rows in zip(PROMISES, owing, strict=False):
        _promise(env, rows, today, ago, days, is_kept=is_kept == [True])
    env["billing.promise"]._judge(env.company)
    disputes = [
        _dispute(env, rows[0].move_id, today, *said)
        for said, rows in zip(DISPUTES, owing, strict=False)
    ]
    env["billing.dispute.resolve"].create({
        "dispute_id": disputes[0].id, "resolution": "credit", "post": True,
        "answer": "The two missing chairs are credited.",
    }).action_apply()  # fmt: skip
    disputes[-1].action_reject()
    env["billing.pause"].create({
        "partner_id": next(owing).partner_id.id, "reason": "holiday",
        "note": "Closed until the first week of next month",
        "date_end": today + timedelta(days=12),
    })  # fmt: skip
    _plan(env, max(owing, key=lambda rows: sum(rows.mapped("residual"))), today)


def _get_owing(env):
    """Return the overdue invoices of each customer, of those who owe in dollars."""
    rows = env["billing.receivable"].search([
        ("is_overdue", "=", True), ("kind", "=", "invoice"), ("can_be_reminded", "=", True),
        ("currency_id", "=", env.company.currency_id.id), ("days_overdue", "<", 60),
    ], order="date_maturity, id")  # fmt: skip
    return rows.grouped("partner_id").values()


def _promise(env, rows, today, ago, days, *, is_kept=None) -> None:
    """A promise made some days ago; whether it was kept is judged from the ledger."""
    day, amount = today - timedelta(days=ago), sum(rows.mapped("residual_currency"))
    promise = env["billing.promise"]._record(rows, amount, today)
    promise.write({
        "promised_on": day,
        "date_promised": day + timedelta(days=days),
        "date_until": day + timedelta(days=days + env.company.billing_promise_tolerance),
    })  # fmt: skip
    promise.item_ids.date_until = promise.date_until
    if is_kept:
        for row in rows:
            pay(row.move_id, promise.date_promised, row.residual_currency)


def _dispute(env, move, today, reason, words, share, ago):
    amount = move.currency_id.round(move.amount_residual * share)
    dispute = env["billing.dispute"].create({
        "move_id": move.id, "reason": reason, "description": words,
        **({"scope": "amount", "amount": amount} if share < 1 else {}),
    })  # fmt: skip
    dispute.sudo().opened_on = today - timedelta(days=ago)
    return dispute


def _plan(env, rows, today) -> None:
    """Six months for the customer who owes most."""
    wizard = env["billing.payment.plan.wizard"].with_context(
        active_model="billing.receivable", active_ids=rows.ids
    )
    action = wizard.create({"count": 6, "date_first": today + timedelta(days=5)}).action_apply()
    env["billing.payment.plan"].browse(action["res_id"]).action_confirm()
