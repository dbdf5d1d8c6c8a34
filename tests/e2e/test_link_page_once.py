"""A statement paid in one go on a phone, and several tabs that pay at once, on a real server."""

import re
from concurrent.futures import ThreadPoolExecutor

import requests
from test_main_job import books, link_in  # noqa: F401 - a fixture

from tools.workshop.pytest_plugins.e2e import PHONE


def visitor():
    session = requests.Session()
    session.trust_env = False
    session.headers["User-Agent"] = PHONE["user_agent"]
    return session


def call(session, url, **params):
    answer = session.post(url, json={"jsonrpc": "2.0", "method": "call", "params": params})
    assert answer.status_code == 200
    return answer.json()


def payments(rpc, customer):
    rows = rpc.call(
        "account.payment", "search_read", [("partner_id", "=", customer)], ["amount"], order="id"
    )
    return [row["amount"] for row in rows]


def test_a_statement_is_paid_in_one_go(server, rpc, books, smtp, phone):  # noqa: F811
    greta = books.customer("Greta Gold")
    invoices = [books.invoice(greta, due_in=-10), books.invoice(greta, due_in=-30, amount=80.0)]
    later = books.invoice(greta, due_in=20, amount=70.0)
    books.remind()
    tab = phone
    link = link_in(smtp.wait_for("greta@customers.example"))
    tab.goto(link)

    # what is due is ticked; ticking more adds up at once, and the payment waits for the new sum
    total = tab.locator(".o_billing_total")
    assert "330.00" in total.inner_text()
    tab.wait_for_function("document.querySelector('[name=o_billing_choose]:not([disabled])')")
    tab.get_by_role("checkbox").last.check()
    tab.wait_for_function("document.querySelector('.o_billing_total').innerText.includes('400.00')")
    assert not tab.locator("button[name=o_payment_submit_button]").is_visible()
    tab.locator("button[name=o_billing_choose]").click()
    tab.wait_for_url("**sel=1**")
    assert "400.00" in total.inner_text()
    tab.get_by_role("checkbox").last.uncheck()
    tab.locator("button[name=o_billing_choose]").click()
    assert "330.00" in total.inner_text()

    tab.locator("input[name=customer_input]").fill("4242 4242 4242 4242")
    tab.locator("button[name=o_payment_submit_button]").dblclick()
    tab.wait_for_url(link)
    for _reload in range(2):
        tab.reload()
    assert "70.00" in tab.locator(".o_billing_statement").inner_text()
    assert payments(rpc, greta) == [330.0]
    states = [books.read(one, "payment_state")["payment_state"] for one in (*invoices, later)]
    assert states == ["paid", "paid", "not_paid"]


def test_tabs_that_pay_at_the_same_moment_pay_once(server, rpc, books, smtp):  # noqa: F811
    hans = books.customer("Hans Huber")
    books.invoice(hans, due_in=-10)
    books.remind()
    link = link_in(smtp.wait_for("hans@customers.example"))
    page = visitor().get(link).text
    route = re.search('data-transaction-route="([^"]+)"', page)[1]
    found = re.search('data-provider-id="([0-9]+)"', page)
    method = re.search('data-payment-option-id="([0-9]+)"', page)
    values = {
        "provider_id": int(found[1]),
        "payment_method_id": int(method[1]),
        "token_id": None,
        "amount": 250.0,
        "flow": "direct",
        "tokenization_requested": False,
        "landing_route": "/",
        "access_token": None,
    }
    tabs = [visitor() for _tab in range(6)]
    for tab in tabs:
        tab.get(link)

    def begin(tab):
        return call(tab, server.url + route, **values)["result"]["reference"]

    def finish(tab, reference):
        call(
            tab,
            f"{server.url}/payment/demo/simulate_payment",
            reference=reference,
            simulated_state="done",
            payment_details="4242",
        )
        return call(tab, f"{server.url}/payment/status/poll")

    with ThreadPoolExecutor(len(tabs)) as pool:
        references = list(pool.map(begin, tabs))
        assert len(set(references)) == 1, references
        list(pool.map(finish, tabs, references))
    finish(tabs[0], references[0])
    assert payments(rpc, hans) == [250.0]


def test_credit_used_in_several_tabs_at_once_is_used_once(server, rpc, books, smtp):  # noqa: F811
    ida = books.customer("Ida Iversen")
    bills = [books.invoice(ida, due_in=-10), books.invoice(ida, due_in=-12)]
    line = {"name": "Returned", "price_unit": 300.0, "tax_ids": [(5, 0, 0)]}
    [credit] = rpc.call(
        "account.move",
        "create",
        [{"move_type": "out_refund", "partner_id": ida, "invoice_line_ids": [(0, 0, line)]}],
    )
    rpc.call("account.move", "action_post", [credit])
    [company] = rpc.call("res.company", "search", [], limit=1)
    rpc.call("res.company", "write", [company], {"billing_link_use_credits": True})
    books.remind()
    link = link_in(smtp.wait_for("ida@customers.example"))

    def use(_tab):
        tab = visitor()
        page = tab.get(link).text
        form = page[page.index(f'action="{link.removeprefix(server.url)}/credit"') :]
        data = {
            "csrf_token": re.search('name="csrf_token" value="([^"]+)"', form)[1],
            "item": re.findall('name="item" value="([0-9]+)"', form.split("</form>")[0]),
        }
        return tab.post(f"{link}/credit", data=data, allow_redirects=False).status_code

    with ThreadPoolExecutor(5) as pool:
        codes = list(pool.map(use, range(5)))
    assert codes.count(303) == 1, codes
    assert set(codes) <= {200, 303}
    rest = [books.read(bill, "amount_residual")["amount_residual"] for bill in bills]
    assert sum(rest) == 200.0
    assert books.read(credit, "amount_residual")["amount_residual"] == 0.0
