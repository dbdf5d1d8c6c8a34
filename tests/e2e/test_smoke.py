"""The fixtures themselves: a page, a login, a call, a script, a mail."""


def test_admin_logs_in(server, page, log_in):
    page.goto(f"{server.url}/web/login")
    page.locator("input[name=login]").wait_for()
    log_in(page)
    page.locator(".o_main_navbar").wait_for()


def test_login_page_on_a_phone(server, phone):
    phone.goto(f"{server.url}/web/login")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_module_is_installed(rpc, shell):
    domain = [("name", "=", "billing_crm"), ("state", "=", "installed")]
    assert rpc.call("ir.module.module", "search_count", domain) == 1
    assert shell("print(env['res.company'].search_count([]))") == "1"


def test_mail_arrives(rpc, smtp):
    mail = rpc.call(
        "mail.mail",
        "create",
        [
            {
                "subject": "Smoke",
                "email_from": "shop@example.com",
                "email_to": "somebody@example.com",
                "body_html": '<p>See <a href="http://127.0.0.1/a?b=1&amp;c=2">this</a></p>',
            }
        ],
    )
    rpc.call("mail.mail", "send", mail)
    received = smtp.wait_for("somebody@example.com")
    assert received.subject == "Smoke"
    assert "http://127.0.0.1/a?b=1&c=2" in received.links
