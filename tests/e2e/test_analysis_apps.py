"""With Odoo's Sales, Margins and Stock Accounting: what they know comes before what we infer."""

import json
import subprocess

import pytest

from tools.workshop import databases, runtime, templates

STORY = """
import json
from datetime import datetime, timedelta
from odoo import Command, fields

company = env.company
company.partner_id.tz = "America/New_York"
today = fields.Date.context_today(company)
customer = env["res.partner"].create({"name": "Customer"})
fair, ads, web = env["utm.campaign"].create([{"name": name} for name in ("Fair", "Ads", "Web")])
won = env["crm.stage"].search([("is_won", "=", True)], limit=1)

def lead(campaign):
    made = env["crm.lead"].create({
        "type": "opportunity", "name": campaign.name, "partner_id": customer.id,
        "campaign_id": campaign.id, "stage_id": won.id})
    made.date_closed = datetime.combine(today - timedelta(days=30), datetime.min.time())
    return made

own, latest = lead(fair), lead(ads)
desk = env["product.product"].create({
    "name": "Desk", "type": "service", "invoice_policy": "order",
    "standard_price": 50.0, "list_price": 100.0})
dozen, unit = env.ref("uom.product_uom_dozen"), env.ref("uom.product_uom_unit")

def order(quantity=1, uom=unit, cost=False, **values):
    made = env["sale.order"].create({
        "partner_id": customer.id,
        "order_line": [Command.create({
            "product_id": desk.id, "product_uom_qty": quantity, "product_uom_id": uom.id,
            "price_unit": 100.0, "tax_ids": [Command.clear()]})],
        **values})
    if cost:
        made.order_line.purchase_price = cost
    made.action_confirm()
    made.date_order = datetime(2026, 3, 2, 3, 15)  # the evening before, in New York
    invoice = made._create_invoices()
    invoice.invoice_date = today
    invoice.action_post()
    return invoice

def row(invoice):
    env.flush_all()
    rows = env["billing.sales.analysis"].search([("move_id", "=", invoice.id)])
    rows.invalidate_recordset()
    return [[r.campaign_id.name, r.origin, r.cost, r.cost_source, r.quantity, r.hour, r.weekday,
             str(r.bought_on), r.revenue, r.margin] for r in rows]

said = {
    "opportunity": row(order(opportunity_id=own.id, campaign_id=web.id)),
    "order": row(order(campaign_id=web.id)),
    "customer": row(order()),
    "its cost": row(order(quantity=2, cost=80.0)),
    "dozens": row(order(quantity=2, uom=dozen, cost=600.0)),
}
euro = env.ref("base.EUR")
euro.active = True
env["res.currency.rate"].create({"currency_id": euro.id, "name": "2020-01-01", "rate": 0.5})
pricelist = env["product.pricelist"].create({"name": "Euro", "currency_id": euro.id})
said["euros"] = row(order(cost=20.0, pricelist_id=pricelist.id))

# Odoo posts what was sold as cost: the ledger knows better than any order
expense = env["account.account"].search([("account_type", "=", "expense_direct_cost")], limit=1)
stock = env["account.account"].search([("account_type", "=", "asset_current")], limit=1)
posted = order(cost=80.0)
line = posted.invoice_line_ids
env["account.move.line"].with_context(check_move_validity=False, skip_invoice_sync=True).create([
    {"move_id": posted.id, "account_id": account.id, "balance": balance, "display_type": "cogs",
     "cogs_origin_id": line.id, "product_id": desk.id, "name": "Cost"}
    for account, balance in ((expense, 61.5), (stock, -61.5))])
said["posted"] = row(posted)
rows = env["billing.sales.analysis"].search([("partner_id", "=", customer.id)])
said["rows"] = [len(rows), round(sum(rows.mapped("revenue")), 2)]
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What the analysis says in a database with Odoo's own sales apps."""
    ready = runtime.prepare()
    database = templates.create(ready, "e2e_analysis", templates.shop())
    ready.install(database, ["sale_crm", "sale_margin", "stock_account"])
    script = tmp_path_factory.mktemp("analysis") / "story.py"
    script.write_text(STORY)
    result = subprocess.run(
        ready.script_command(database, script),
        env=ready.environment(database),
        capture_output=True,
        text=True,
        check=False,
    )
    databases.drop(ready.cluster, database)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout.strip().splitlines()[-1])


def test_the_orders_opportunity_comes_before_its_campaign_and_that_before_the_customers(said):
    origins = {name: said[name][0][:2] for name in ("opportunity", "order", "customer")}
    assert origins == {
        "opportunity": ["Fair", "document"],
        "order": ["Web", "order"],
        "customer": ["Ads", "customer"],
    }


def test_the_cost_is_that_of_the_order_in_the_companys_currency_and_the_products_unit(said):
    assert said["customer"][0][2:4] == [50.0, "order"], "Odoo puts the product's there"
    assert said["its cost"][0][2:5] == [160.0, "order", 2.0]
    assert said["dozens"][0][2:5] == [1200.0, "order", 24.0]
    assert said["euros"][0][2:4] == [40.0, "order"]
    assert said["euros"][0][8:] == [200.0, 160.0]


def test_posted_cost_of_goods_sold_comes_before_all_others(said):
    assert said["posted"][0][2:4] == [61.5, "entry"]
    assert said["posted"][0][8:] == [100.0, 38.5]


def test_one_buys_when_the_order_is_confirmed_on_the_companys_clock(said):
    assert said["customer"][0][5:8] == ["22:00", "7", "2026-03-01"]


def test_each_line_counts_once(said):
    assert said["rows"] == [7, 3 * 100 + 200 + 200 + 200 + 100]
