"""Scores of a year, and what people decided about them."""

# A customer who objected to being scored.
OBJECTOR = "Harborlight Credit Union"


def form(env) -> None:
    scores = env["billing.score"]
    env["res.partner"].search([("name", "=", OBJECTOR)]).billing_no_scoring = True
    for month in scores._get_missing_months(env.company):
        scores._rebuild_month(env.company, month)
    scores._refresh_company(env.company)
    # some proposals were accepted, the others wait
    poor = scores.search([("grade", "=", "E")])
    poor.action_accept_trust()
