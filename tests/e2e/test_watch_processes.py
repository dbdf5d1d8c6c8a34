"""Several people open a watched invoice at the same time: whoever watches is told once."""

import json
from concurrent.futures import ThreadPoolExecutor
from urllib.request import Request, urlopen

WATCHED = """
partner = env["res.partner"].create({"name": "Six eyes", "email": "six@customers.example"})
invoice = env["account.move"].create({
    "move_type": "out_invoice", "partner_id": partner.id, "invoice_user_id": 2,
    "invoice_payment_term_id": False,
    "invoice_line_ids": [(0, 0, {"name": "Work", "price_unit": 40.0, "tax_ids": []})]})
invoice._post()
invoice.with_user(2).action_billing_watch()
print("MADE", invoice.id, env["billing.link"].sudo()._mint(invoice, partner))
"""
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:{}.0) Gecko/20100101 Firefox/{}.0"


def test_the_bell_rings_once(server, rpc, shell):
    made = shell(WATCHED).split("MADE")[1].split()
    invoice, address = int(made[0]), made[1]
    path = address[address.index("/billing/l/") :]

    def look(number):
        version = 120 + number
        request = Request(
            f"{server.url}{path}/seen",
            data=json.dumps({"params": {"invoice_id": invoice}}).encode(),
            headers={
                "Content-Type": "application/json",
                "User-Agent": BROWSER.format(version, version),
                "Accept-Language": "en",
                "Sec-Fetch-Mode": "cors",
                "Sec-Fetch-Site": "same-origin",
            },
        )
        with urlopen(request, timeout=60) as response:
            return json.load(response)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(look, range(6)))
    assert [answer.get("result") for answer in answers] == [True] * 6
    events = [("move_id", "=", invoice), ("kind", "=", "viewed"), ("agent", "=", "human")]
    assert rpc.call("billing.event", "search_count", events)
    told = [("model", "=", "account.move"), ("res_id", "=", invoice),
            ("message_type", "=", "user_notification")]  # fmt: skip
    assert rpc.call("mail.message", "search_count", told) == 1
