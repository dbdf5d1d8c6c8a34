"""Writing down a visit. Odoo alone writes down nothing; a note in the chatter is its nearest."""

from .measure import compare

VISITS = 200


def run(databases):
    return [compare(f"write down {VISITS} visits", databases, _prepare, _visit, rounds=5)]


def _prepare(env):
    moves = env["account.move"].search(
        [("move_type", "=", "out_invoice"), ("state", "=", "posted")], limit=VISITS, order="id"
    )
    if "billing.link" not in env:
        return [(move, None) for move in moves]
    links = env["billing.link"].sudo()
    return [(move, links._mint(move, move.partner_id).split("/")[-1]) for move in moves]


def _visit(env, visits):
    for position, (move, token) in enumerate(visits):
        if token:
            env["billing.event"].sudo()._log_visit(
                env["billing.link"].sudo()._find(token),
                move,
                "viewed",
                address=f"192.0.2.{position}",
                headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"},
            )
        else:
            move._message_log(body="Viewed")
