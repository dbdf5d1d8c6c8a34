"""What customers did with their invoices before they paid: received, opened, viewed, paid."""

from datetime import datetime, time, timedelta
from random import Random

MAIL = {"channel": "mail"}
PERSON = {"channel": "page", "agent": "human", "reason": "gesture", "device": "phone"}
CLICK = {"channel": "page", "agent": "likely_human", "reason": "navigated", "device": "phone"}
VISITS = {"sent": MAIL, "delivered": MAIL, "bounced": MAIL, "link_clicked": CLICK, "viewed": PERSON}


def leave(env, today, rng: Random) -> None:
    """Events for the posted invoices, as the pages and mails would have recorded them.

    What building has recorded so far happened today to all of them, and makes room.
    """
    env["billing.event"].search([]).unlink()
    moves = env["account.move"].search(
        [("move_type", "=", "out_invoice"), ("state", "=", "posted")], order="id"
    )
    sent = moves.filtered(lambda move: move.invoice_date < today - timedelta(days=2))
    sent.with_context(skip_is_manually_modified=True).write({"is_move_sent": True})
    events = []
    for move in sent:
        recipient = move.partner_id.child_ids[:1] or move.partner_id
        start = time(rng.randint(8, 16), rng.randint(0, 40))
        for step, (kind, day) in enumerate(_story(move, rng)):
            if day <= today:
                events.append(
                    {
                        "kind": kind,
                        "date": datetime.combine(day, start) + timedelta(minutes=2 * step),
                        "move_id": move.id,
                        "partner_id": move.commercial_partner_id.id,
                        "recipient_id": recipient.id if kind not in ("sent", "paid") else False,
                        "company_id": move.company_id.id,
                        **VISITS.get(kind, {}),
                    }
                )
    env["billing.event"].create(sorted(events, key=lambda event: event["date"]))


def _story(move, rng: Random):
    yield "sent", move.invoice_date
    if rng.random() < 0.05:
        yield "bounced", move.invoice_date
        return
    yield "delivered", move.invoice_date
    opened = move.invoice_date + timedelta(days=rng.randint(0, 4))
    if rng.random() < 0.75:
        yield "link_clicked", opened
        yield "viewed", opened
    if move.payment_state == "paid":
        yield "paid", max(move.matched_payment_ids.mapped("date"), default=opened)
