"""Who reads an invoice: everything that comes by on the way from the mail server to a person."""

from datetime import date, timedelta
from itertools import count

import pytest
import requests

BROWSER = {
    "User-Agent": "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "Accept-Language": "en-US,en;q=0.5",
}
GMAIL = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
APPLE = "Mozilla/5.0"
SLACK = "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"
NUMBERS = count(1)

# Minutes later: what is told by the clock cannot wait for it.
LATER = """
env.cr.execute("UPDATE billing_event SET date = date - interval '10 minutes' WHERE move_id = {id}")
env.cr.execute("UPDATE billing_link SET create_date = create_date - interval '10 minutes'")
env.cr.commit()
"""


@pytest.fixture(scope="module")
def company(rpc):
    [company] = rpc.call("res.company", "search", [], limit=1)
    values = {
        "email": "billing@company.example",
        "billing_pixel": True,
        "external_report_layout_id": rpc.ref("web.external_layout_standard"),
    }
    rpc.call("res.company", "write", [company], values)
    yield company
    rpc.call("res.company", "write", [company], {"billing_pixel": False})


@pytest.fixture
def send(rpc, company, smtp):
    """Send an invoice to so many people; return its id and their mails."""

    def send(people=1):
        names = [f"reader{next(NUMBERS)}" for _person in range(people)]
        partners = [
            rpc.call(
                "res.partner",
                "create",
                [{"name": name, "email": f"{name}@customers.example", "customer_rank": 1}],
            )[0]
            for name in names
        ]
        line = {"name": "Garden design", "price_unit": 250.0, "tax_ids": [(5, 0, 0)]}
        [invoice] = rpc.call(
            "account.move",
            "create",
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": partners[0],
                    "invoice_date": str(date.today()),
                    "invoice_date_due": str(date.today() + timedelta(days=60)),
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [(0, 0, line)],
                }
            ],
        )
        rpc.call("account.move", "action_post", [invoice])
        wizard = rpc.call(
            "account.move.send.wizard",
            "create",
            [{"mail_partner_ids": [(6, 0, partners)]}],
            context={"active_model": "account.move", "active_ids": [invoice]},
        )
        rpc.call("account.move.send.wizard", "action_send_and_print", wizard)
        return invoice, [smtp.wait_for(f"{name}@customers.example") for name in names]

    return send


@pytest.fixture
def events(rpc):
    def events(invoice, *names):
        rows = rpc.call(
            "billing.event",
            "search_read",
            [("move_id", "=", invoice)],
            ["kind", "agent", "reason", *names],
            order="id",
        )
        return [tuple(row[name] for name in ("kind", "agent", "reason", *names)) for row in rows]

    return events


def fetch(address, method="GET", **headers):
    session = requests.Session()
    session.trust_env = False
    response = session.request(method, address, headers={**BROWSER, **headers})
    assert response.status_code < 500, (address, response.status_code)
    return response


def parts(mail):
    """Return the link, the link for machines and the picture in a mail."""
    html = mail.message.get_body(("html",)).get_content()
    picture = html.split('<img src="')[-1].split('"')[0]
    [link] = {one for one in mail.links if "/billing/l/" in one}
    [trap] = {one for one in mail.links if "/billing/m/" in one}
    assert picture.endswith(".gif")
    assert "/billing/o/" in picture
    text = mail.message.get_body(("plain",)).get_content()
    assert link in text
    assert "/billing/m/" not in text
    assert "/billing/o/" not in text
    return link, trap, picture


def read(tab, link):
    tab.goto(link)
    tab.wait_for_timeout(2300)  # the page asks for two seconds of being looked at
    with tab.expect_response("**/seen"):
        tab.touchscreen.tap(200, 60)


def test_only_a_person_is_a_reader(send, events, rpc, browser, phone, shell):
    invoice, [mail] = send()
    link, trap, picture = parts(mail)

    # a scanner with a browser's name: asks, fetches everything, and runs the scripts
    fetch(link, "HEAD")
    for address in (link, trap, picture, f"{link}/{invoice}/pdf"):
        fetch(address)
    context = browser.new_context(user_agent=BROWSER["User-Agent"])
    tab = context.new_page()
    tab.goto(link)
    tab.wait_for_timeout(2500)
    tab.evaluate("window.scrollTo(0, 9999)")
    tab.evaluate("document.dispatchEvent(new PointerEvent('pointermove', {bubbles: true}))")
    tab.evaluate("document.querySelector('a[href]').dispatchEvent(new KeyboardEvent('keydown'))")
    tab.wait_for_timeout(500)
    # even one that moves the mouse says that it is steered
    with tab.expect_response("**/seen"):
        tab.mouse.move(100, 100)
        tab.mouse.move(120, 120)
    context.close()

    # mailboxes and messengers, when nobody has opened anything yet
    fetch(picture, **{"User-Agent": GMAIL})
    fetch(picture, **{"User-Agent": APPLE})
    fetch(link, **{"User-Agent": SLACK})
    seen = events(invoice)
    assert {kind for kind, _agent, _reason in seen} >= {
        "sent", "delivered", "opened", "link_clicked", "trapped", "downloaded", "viewed",
    }  # fmt: skip
    visits = [event for event in seen if event[0] not in ("sent", "delivered")]
    assert {event[1] for event in visits if event[2] != "image_proxy"} == {"machine"}, visits
    assert ("opened", "unknown", "image_proxy") in visits
    [status] = rpc.call("account.move", "read", [invoice], ["billing_status"])
    assert status["billing_status"] == "delivered"

    # then the person, from the very same network
    shell(LATER.format(id=invoice))
    read(phone, link)
    person = [event for event in events(invoice, "device") if event[1] == "human"]
    assert person == [("viewed", "human", "gesture", "phone")]
    [status] = rpc.call("account.move", "read", [invoice], ["billing_status"])
    assert status["billing_status"] == "viewed"

    # a late finding changes nothing about the person
    fetch(trap)
    assert person == [event for event in events(invoice, "device") if event[1] == "human"]


def test_two_recipients_two_histories_and_a_forwarded_link(
    send, events, rpc, browser, phone, shell
):
    invoice, [anna, bert] = send(people=2)
    assert parts(anna)[0] != parts(bert)[0]
    shell(LATER.format(id=invoice))
    read(phone, parts(anna)[0])
    recipients = {
        event[3][0] for event in events(invoice, "recipient_id") if event[0] == "delivered"
    }
    assert len(recipients) == 2
    [viewed] = [e for e in events(invoice, "recipient_id", "is_elsewhere") if e[0] == "viewed"]
    assert viewed[3][1] == anna.recipients[0].split("@")[0]
    assert viewed[4] is False

    # Anna sends it on to a colleague, who reads it at a desk
    context = browser.new_context(user_agent=BROWSER["User-Agent"])
    context.add_init_script("Object.defineProperty(navigator, 'webdriver', {get: () => false})")
    tab = context.new_page()
    tab.goto(parts(anna)[0])
    tab.wait_for_timeout(2300)
    with tab.expect_response("**/seen"):
        tab.mouse.wheel(0, 100)
        tab.mouse.move(50, 50)
        tab.mouse.move(90, 90)
    context.close()
    views = [e for e in events(invoice, "device", "is_elsewhere") if e[0] == "viewed"]
    assert [(view[3], view[4]) for view in views] == [("phone", False), ("computer", True)]
