"""A pro forma from the mail to the answer, and when two people do the same thing at once."""

import re
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
import requests

ESTIMATE = """
env.company.email = "billing@company.example"
partner = env["res.partner"].create({{"name": "Anna", "email": "{address}"}})
proforma = env["billing.proforma"].create({{
    "partner_id": partner.id,
    "line_ids": [(0, 0, {{"name": "Work", "quantity": 10, "price_unit": 100.0, "tax_ids": []}})],
}})
print(proforma.id)
"""


@pytest.fixture
def address():
    return f"{uuid4().hex[:8]}@customers.example"


@pytest.fixture
def proforma(shell, address):
    return int(shell(ESTIMATE.format(address=address)))


def send(rpc, proforma):
    """Send it as the button and the e-mail window do."""
    action = rpc.call("billing.proforma", "action_send", [proforma])
    context = action["context"]
    composer = rpc.call("mail.compose.message", "create", [{}], context=context)
    rpc.call("mail.compose.message", "action_send_mail", composer, context=context)


def read(rpc, proforma, *fields):
    [values] = rpc.call("billing.proforma", "read", [proforma], list(fields))
    return values


def test_sent_opened_accepted(rpc, smtp, server, phone, proforma, address):
    send(rpc, proforma)
    mail = smtp.wait_for(address)
    assert read(rpc, proforma, "state")["state"] == "sent"
    assert [name for name in mail.attachments if name.endswith(".pdf")], mail.attachments
    [link] = {link for link in mail.links if "/billing/l/" in link}
    assert "your-personal-link" not in link
    phone.goto(link)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.fill("#accept_name", "Anna Client")
    phone.click("form[name=billing_accept] button")
    phone.get_by_text("Accepted").first.wait_for()
    values = read(rpc, proforma, "state", "answered_by", "status")
    assert (values["state"], values["answered_by"]) == ("accepted", "Anna Client")
    events = rpc.call(
        "billing.event", "search_read", [("proforma_id", "=", proforma)], ["kind"], order="id"
    )
    assert events[0]["kind"] == "sent"
    assert "accepted" in [event["kind"] for event in events]


def test_two_answers_at_once_count_once(rpc, smtp, server, proforma, address):
    send(rpc, proforma)
    [link] = {link for link in smtp.wait_for(address).links if "/billing/l/" in link}

    def prepare(answer):
        session = requests.Session()
        session.trust_env = False
        page = session.get(link).text
        values = {
            name: re.search(rf'name="{name}"\s+value="([^"]+)"', page)[1]
            for name in ("csrf_token", "version")
        }
        return session, f"{link}/{answer}", {**values, "name": f"Someone who would {answer}"}

    prepared = [prepare(answer) for answer in ("accept", "decline") * 3]
    with ThreadPoolExecutor(len(prepared)) as pool:
        answers = list(
            pool.map(lambda one: one[0].post(one[1], data=one[2], allow_redirects=False), prepared)
        )
    assert [answer.status_code for answer in answers].count(303) == 1
    assert {answer.status_code for answer in answers} == {200, 303}
    values = read(rpc, proforma, "state", "answered_by")
    winner = answers[[answer.status_code for answer in answers].index(303)].url
    assert values["state"] == ("accepted" if winner.endswith("accept") else "declined")
    kinds = [("proforma_id", "=", proforma), ("kind", "in", ("accepted", "declined"))]
    assert rpc.call("billing.event", "search_count", kinds) == 1
    activities = [("res_model", "=", "billing.proforma"), ("res_id", "=", proforma)]
    assert rpc.call("mail.activity", "search_count", activities) == 1


def test_two_people_invoice_the_rest_at_once(rpc, server, proforma):
    rpc.call("billing.proforma", "action_mark_sent", [proforma])
    wizards = [
        rpc.call("billing.proforma.invoice", "create", [{"proforma_id": proforma}])[0]
        for _person in range(2)
    ]

    def invoice(wizard):
        try:
            return rpc.call("billing.proforma.invoice", "action_create_invoice", [wizard])
        except AssertionError as error:
            return str(error)

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(invoice, wizards))
    assert len([one for one in results if isinstance(one, dict)]) == 1, results
    moves = rpc.call(
        "account.move",
        "search_read",
        [("billing_proforma_id", "=", proforma)],
        ["amount_untaxed"],
    )
    assert [move["amount_untaxed"] for move in moves] == [1000.0]
