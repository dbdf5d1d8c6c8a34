"""A customer on a phone: something is wrong, a part of it; and two at the same time."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import requests

INVOICE = """
partner = env["res.partner"].create({{"name": "Anna Berg", "email": "anna@customers.example"}})
invoice = env["account.move"].create({{
    "move_type": "out_invoice",
    "partner_id": partner.id,
    "invoice_date": "{day}",
    "invoice_date_due": "{day}",
    "invoice_payment_term_id": False,
    "invoice_line_ids": [
        (0, 0, {{"name": "Work", "price_unit": 400.0, "tax_ids": []}}),
        (0, 0, {{"name": "Travel to a very far away place", "price_unit": 32.1, "tax_ids": []}}),
    ],
}})
invoice.action_post()
print(invoice.id, env["billing.link"]._mint(invoice, partner))
"""


def make(shell):
    day = date.today() - timedelta(days=20)
    invoice, path = shell(INVOICE.format(day=day)).split()[-2:]
    return int(invoice), path


def read(rpc, invoice):
    fields = ["amount", "state", "reason", "raised_by", "is_elsewhere"]
    return rpc.call("billing.dispute", "search_read", [("move_id", "=", invoice)], fields)


def test_a_line_is_disputed_and_taken_back_on_a_phone(server, rpc, shell, phone):
    invoice, path = make(shell)
    phone.goto(server.url + path)
    phone.get_by_text("Something is wrong").click()
    phone.select_option("#dispute_reason", "quantity")
    phone.check("#dispute_lines")
    phone.get_by_label("Travel to a very far away place").check()
    phone.fill("#dispute_text", "Nobody came")
    phone.fill("#dispute_name", "Anna Berg")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.get_by_role("button", name="Tell us").click()
    phone.get_by_text("We are looking into it").wait_for()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    [dispute] = read(rpc, invoice)
    assert (dispute["amount"], dispute["reason"], dispute["raised_by"]) == (
        32.1, "quantity", "Anna Berg",
    )  # fmt: skip
    assert not dispute["is_elsewhere"]
    [status] = rpc.call("account.move", "read", [invoice], ["billing_status"])
    assert status["billing_status"] == "disputed"

    phone.get_by_role("button", name="Withdraw this").click()
    phone.get_by_text("You have withdrawn this").wait_for()
    assert [dispute["state"] for dispute in read(rpc, invoice)] == ["withdrawn"]


def test_a_question_is_asked_on_a_phone(server, rpc, shell, phone):
    invoice, path = make(shell)
    phone.goto(server.url + path)
    phone.get_by_text("Ask a question").click()
    phone.fill("#ask_text", "Which order is this?")
    phone.fill("#ask_name", "Anna Berg")
    phone.get_by_role("button", name="Send", exact=True).click()
    phone.get_by_text("Your question has reached us").wait_for()
    kinds = rpc.call("billing.event", "search_read", [("move_id", "=", invoice)], ["kind"])
    assert "asked" in [event["kind"] for event in kinds]


def test_at_the_same_time_no_more_is_disputed_than_is_open(server, rpc, shell):
    invoice, path = make(shell)

    def say(_number):
        session = requests.Session()
        session.trust_env = False
        page = session.get(server.url + path).text
        values = {
            "csrf_token": re.search(r'name="csrf_token"\s+value="([^"]+)"', page)[1],
            "reason": "price", "scope": "amount", "amount": "300", "text": "x", "name": "y",
        }  # fmt: skip
        return session.post(
            f"{server.url}{path}/{invoice}/dispute", data=values, allow_redirects=False
        ).status_code

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(say, range(4)))
    assert sorted(answers) == [200, 200, 200, 303], answers
    assert [dispute["amount"] for dispute in read(rpc, invoice)] == [300.0]
