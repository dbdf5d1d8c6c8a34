"""The main job, from invoice to money: a clerk at a desk, customers with a mailbox and a phone."""

from datetime import date, timedelta

import pytest


@pytest.fixture(scope="module")
def books(rpc):
    """The company, switched on, and a way to write invoices for new customers."""
    [company] = rpc.call("res.company", "search", [], limit=1)
    rpc.call(
        "res.company",
        "write",
        [company],
        {
            "email": "billing@company.example",
            "billing_reminders_enabled": True,
            # or the first invoice sent asks for one
            "external_report_layout_id": rpc.ref("web.external_layout_standard"),
        },
    )
    providers = rpc.call("payment.provider", "search", [("code", "=", "demo")])
    rpc.call("payment.provider", "write", providers, {"state": "test", "is_published": True})

    class Books:
        def customer(self, name):
            values = {
                "name": name,
                "is_company": True,
                "customer_rank": 1,
                "email": f"{name.split()[0].lower()}@customers.example",
            }
            return rpc.call("res.partner", "create", [values])[0]

        def invoice(self, customer, due_in, amount=250.0, post=True):
            due = date.today() + timedelta(days=due_in)
            line = {"name": "Garden design", "price_unit": amount, "tax_ids": [(5, 0, 0)]}
            [invoice] = rpc.call(
                "account.move",
                "create",
                [
                    {
                        "move_type": "out_invoice",
                        "partner_id": customer,
                        "invoice_date": str(due - timedelta(days=30)),
                        "invoice_date_due": str(due),
                        "invoice_payment_term_id": False,
                        "invoice_line_ids": [(0, 0, line)],
                    }
                ],
            )
            if post:
                rpc.call("account.move", "action_post", [invoice])
            return invoice

        def read(self, invoice, *fields):
            return rpc.call("account.move", "read", [invoice], fields)[0]

        def events(self, invoice):
            rows = rpc.call(
                "billing.event",
                "search_read",
                [("move_id", "=", invoice)],
                ["kind", "agent"],
                order="id",
            )
            return [(row["kind"], row["agent"]) for row in rows]

        def remind(self):
            # the engine decides once a day; a test is a day of its own
            companies = rpc.call("res.company", "search", [])
            rpc.call("res.company", "write", companies, {"billing_reminders_decided_on": False})
            rpc.run_cron("billing_crm.ir_cron_remind")
            rpc.run_cron("mail.ir_cron_mail_scheduler_action")

    return Books()


def link_in(mail):
    [link] = {link for link in mail.links if "/billing/l/" in link}
    return link


def pay(tab, link):
    """Read the page as a person does, then pay with the demo provider."""
    tab.goto(link)
    tab.wait_for_timeout(2300)  # the page asks for two seconds of being looked at
    with tab.expect_response("**/seen"):
        tab.touchscreen.tap(200, 60)
    tab.locator("input[name=customer_input]").fill("4242 4242 4242 4242")
    tab.locator("button[name=o_payment_submit_button]").click()
    tab.get_by_text("There is nothing left to pay").wait_for()


def test_from_invoice_to_money(server, rpc, books, smtp, page, log_in, phone):
    anna = books.customer("Anna Berg")
    invoice = books.invoice(anna, due_in=14, post=False)

    # the clerk posts and sends it on her screen
    log_in(page)
    page.goto(f"{server.url}/odoo/action-account.action_move_out_invoice_type/{invoice}")
    page.locator("button[name=action_post]").first.click()
    page.locator("button[name=action_invoice_sent]").first.click()
    page.locator(".modal button[name=action_send_and_print]").click()
    page.locator(".modal").wait_for(state="detached")

    mail = smtp.wait_for("anna@customers.example")
    number = books.read(invoice, "name")["name"]
    assert number in mail.subject
    assert [name for name in mail.attachments if name.endswith(".pdf")]
    assert books.read(invoice, "billing_status", "billing_type") == {
        "id": invoice, "billing_status": "delivered", "billing_type": "standard",
    }  # fmt: skip

    # the customer reads and pays it on her phone
    pay(phone, link_in(mail))
    assert books.read(invoice, "billing_status", "payment_state", "amount_residual") == {
        "id": invoice, "billing_status": "paid", "payment_state": "paid", "amount_residual": 0.0,
    }  # fmt: skip
    events = books.events(invoice)
    assert ("viewed", "human") in events
    kinds = [kind for kind, _agent in events]
    once = ("sent", "delivered", "viewed", "payment_started", "paid")
    assert [kinds.count(kind) for kind in once] == [1] * 5

    # reloading, or opening the link once more, pays nothing twice
    phone.reload()
    phone.goto(link_in(mail))
    phone.get_by_text("There is nothing left to pay").wait_for()
    payments = rpc.call("account.payment", "search_count", [("partner_id", "=", anna)])
    assert payments == 1

    # and the clerk sees it
    page.reload()
    page.locator(".o_field_widget[name=billing_status]", has_text="Paid").wait_for()


def test_the_overdue_are_reminded_once_and_nobody_else(books, smtp, rpc, phone):
    clara, dora, emil = map(books.customer, ("Clara Cook", "Dora Dent", "Emil Ernst"))
    overdue = [books.invoice(clara, due_in=-10), books.invoice(clara, due_in=-30, amount=80.0)]
    books.invoice(dora, due_in=5)
    excluded = books.invoice(emil, due_in=-10)
    rpc.call("account.move", "write", [excluded], {"no_followup": True})

    for _run in range(3):
        books.remind()
    mail = smtp.wait_for("clara@customers.example")
    assert len(smtp.to("clara@customers.example")) == 1
    assert not smtp.to("dora@customers.example")
    assert not smtp.to("emil@customers.example")
    for invoice in overdue:
        assert books.read(invoice, "name")["name"] in mail.text
        assert ("reminded", False) in books.events(invoice)
    assert "330.00" in mail.text

    # one link shows both; each is paid there
    phone.goto(link_in(mail))
    assert phone.get_by_text("View invoice").count() == 2
    phone.get_by_text("View invoice").first.click()
    pay(phone, phone.url)
    states = [books.read(invoice, "payment_state")["payment_state"] for invoice in overdue]
    assert sorted(states) == ["not_paid", "paid"]


def test_the_customer_at_a_glance(server, books, rpc, page, log_in):
    frida = books.customer("Frida Falk")
    books.invoice(frida, due_in=-40)
    paid = books.invoice(frida, due_in=-20, amount=60.0)
    wizard = rpc.call(
        "account.payment.register",
        "create",
        [{}],
        context={"active_model": "account.move", "active_ids": [paid]},
    )
    rpc.call("account.payment.register", "action_create_payments", wizard)
    rpc.run_cron("billing_crm.ir_cron_refresh_scores")

    log_in(page)
    page.goto(f"{server.url}/odoo/action-billing_crm.action_billing_customer/{frida}")
    page.get_by_text("$ 250.00 overdue").wait_for()
    page.get_by_role("tab", name="Billing").click()
    page.get_by_text("Paid 1 of 1 invoices late, 20 days late on average.").wait_for()
    page.get_by_text("1 overdue now, the oldest for 40 days.").wait_for()
    page.get_by_role("button", name="Timeline").click()
    timeline = page.locator(".o_list_view")
    timeline.get_by_text("Payment received: $ 60.00").wait_for()
    timeline.get_by_text("Invoiced: $ 250.00").wait_for()
