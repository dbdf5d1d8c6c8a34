"""The page behind a payment link, compared with Odoo's own portal page of the same invoice."""

import time
from statistics import median

from odoo import http, sql_db
from odoo.api import Environment
from odoo.modules.registry import Registry
from odoo.service.server import load_server_wide_modules
from odoo.tools import config
from werkzeug.test import Client
from werkzeug.wrappers import Response

from .measure import Comparison, Figure

ROUNDS = 60
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


def run(databases):
    """Ask for both pages in turns, of one server in this process, as a stranger each time."""
    database = databases[-1]
    config["db_name"] = [database]
    load_server_wide_modules()
    portal, ours = _addresses(database)
    figures = {portal: [], ours: []}
    for _round in range(ROUNDS + 3):  # the first fill the caches
        for address in figures:
            figures[address].append(_get(address))
    alone, with_module = (_median(taken[3:]) for taken in figures.values())
    return [Comparison("invoice page (Odoo's portal, our link)", alone, with_module, ROUNDS)]


def _addresses(database):
    """Choose an open invoice that can be paid online, and give both addresses of it."""
    with Registry(database).cursor() as cursor:
        env = Environment(cursor, 2, {"lang": "en_US", "tz": "UTC"})
        env["payment.provider"].search([("code", "=", "demo")]).write(
            {"state": "test", "is_published": True}
        )
        invoice = env["account.move"].search(
            [
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("payment_state", "=", "not_paid"),
            ],
            order="id",
            limit=1,
        )
        link = env["billing.link"].sudo()._mint(invoice, invoice.partner_id)
        return invoice.get_portal_url(), link


def _get(address):
    client = Client(http.root, Response, use_cookies=False)
    queries, started = sql_db.sql_counter, time.perf_counter()
    answer = client.get(address, headers=BROWSER)
    seconds = time.perf_counter() - started
    if answer.status_code != 200 or b"o_payment_form" not in answer.data:
        raise RuntimeError(f"{address} answers {answer.status}")
    return Figure(seconds, sql_db.sql_counter - queries)


def _median(figures):
    return Figure(
        median(figure.seconds for figure in figures),
        round(median(figure.queries for figure in figures)),
    )
