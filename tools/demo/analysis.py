"""What the analyses need: products with costs, hours of the day, and where customers came from."""

from datetime import datetime, time, timedelta
from random import Random

from odoo.tools import SQL

from .catalogue import BASKETS

# What share of its price a thing costs, by basket. Rental, care and planning are people's time,
# and nobody has entered what it costs.
COST_SHARES = {
    "desks": 0.58, "chairs": 0.62, "meeting": 0.51, "acoustics": 0.44, "storage": 0.66,
    "lighting": 0.71, "screens": 0.39,
}  # fmt: skip
# Charged for less than it takes.
COSTS = {"Delivery and assembly, per desk": 51.0, "Installation, hours": 0.0}
CATEGORIES = {
    "desks": "Desks and Chairs", "chairs": "Desks and Chairs", "meeting": "Meeting Rooms",
    "acoustics": "Acoustics", "storage": "Storage", "lighting": "Lighting", "screens": "Acoustics",
    "rental": "Services", "care": "Services", "planning": "Services",
}  # fmt: skip
HOURS = (8, 9, 9, 10, 10, 10, 11, 11, 13, 14, 14, 14, 15, 15, 16, 17)

# Campaign, source, medium, and how many customers of a hundred came that way.
CAME_FROM = (
    ("Spring Office Fair", "Trade Fair", "Visit", 12),
    ("Showroom Open Days", "Direct Mail", "Postcard", 9),
    ("Quiet Offices", "Newsletter Workplaces", "Email", 14),
    ("Desks for Everyone", "Search Ads", "Website", 17),
    (None, "Recommendation", "Phone", 11),
)


def products(env) -> None:
    """Make a product of everything that is sold, and put it on the lines that sell it."""
    names = dict.fromkeys(CATEGORIES.values())
    categories = {
        category.name: category
        for category in env["product.category"].create([{"name": name} for name in names])
    }
    made = env["product.product"].create(
        [
            {
                "name": text,
                "type": "service" if CATEGORIES[basket] == "Services" else "consu",
                "categ_id": categories[CATEGORIES[basket]].id,
                "list_price": float(price),
                "standard_price": COSTS.get(
                    text, round(float(price) * COST_SHARES.get(basket, 0), 2)
                ),
            }
            for basket, lines in BASKETS.items()
            for text, _quantity, price in lines
        ]
    )
    env.flush_all()
    env.cr.execute(
        SQL(
            """
            UPDATE account_move_line line
               SET product_id = product.id, product_uom_id = template.uom_id
              FROM product_product product
              JOIN product_template template ON template.id = product.product_tmpl_id
             WHERE product.id = ANY(%s) AND line.name = template.name->>'en_US'
               AND line.display_type = 'product'
            """,
            made.ids,
        )
    )
    env.invalidate_all()


def hours(env, clerk, rng: Random) -> None:
    """Say when in the day the clerk entered each invoice: mornings, and after lunch."""
    env.flush_all()
    moves = env.execute_query(
        SQL(
            "SELECT id, invoice_date FROM account_move"
            " WHERE move_type IN ('out_invoice', 'out_refund') AND state = 'posted' ORDER BY id"
        )
    )
    ids, moments = [], []
    for move_id, day in moves:
        ids.append(move_id)
        moments.append(datetime.combine(day, time(rng.choice(HOURS), rng.randrange(60))))
    env.cr.execute(
        SQL(
            """
            UPDATE account_move SET create_date = entered.moment, create_uid = %s
              FROM unnest(%s::int[], %s::timestamp[]) AS entered (id, moment)
             WHERE account_move.id = entered.id
            """,
            clerk.id,
            ids,
            moments,
        )
    )
    env.invalidate_all()


def origins(env, partners, rng: Random) -> None:
    """Win some customers by an opportunity that says where it came from, before they bought."""
    won = env["crm.stage"].search([("is_won", "=", True)], limit=1)
    first_bought = dict(
        env["account.move"]._read_group(
            [("move_type", "=", "out_invoice"), ("state", "=", "posted")],
            ["commercial_partner_id"],
            ["invoice_date:min"],
        )
    )
    values, days = [], []
    for campaign, source, medium, share in CAME_FROM:
        known = {
            "campaign_id": _named(env["utm.campaign"], campaign),
            "source_id": _named(env["utm.source"], source),
            "medium_id": _named(env["utm.medium"], medium),
        }
        buyers = [partner for partner in partners if partner in first_bought]
        for partner in rng.sample(buyers, min(len(buyers), share * len(buyers) // 100)):
            values.append(
                {
                    "type": "opportunity",
                    "name": f"First order of {partner.name}",
                    "partner_id": partner.id,
                    "user_id": partner.user_id.id,
                    "expected_revenue": rng.randrange(20, 120) * 100,
                    "stage_id": won.id,
                    **known,
                }
            )
            days.append(first_bought[partner] - timedelta(days=rng.randint(3, 30)))
    leads = env["crm.lead"].create(values)
    for lead, day in zip(leads, days, strict=True):
        lead.date_closed = datetime.combine(day, time(12))


def _named(model, name):
    return name and (model.search([("name", "=", name)]) or model.create({"name": name})).id
