"""Fixtures for tests/e2e: a real server, a real mail conversation, a real browser.

server    a running Odoo with billing_crm: ``.url``, ``.database``, ``.log``; its crons never run
          by themselves
rpc       the administrator's calls: ``call(model, method, *args, **kwargs)``, ``ref(xmlid)``,
          ``run_cron(xmlid)``
shell     ``shell(code)`` runs code with ``env`` in another process, commits, and returns what it
          printed
smtp      the mails received during this test: ``mails``, ``to(recipient)``, ``wait_for(recipient)``
page      a browser tab, 1400 × 900; ``phone``: one of 390 × 844, a person's by all it says
odoo_runtime  what runs it all: ``install``, ``run_in``, ``cluster`` (tools/workshop/runtime.py)
log_in    ``log_in(page, login="admin", password="admin")``
"""

import subprocess
import tempfile
import time
from itertools import count
from pathlib import Path

import pytest
import requests
from playwright.sync_api import sync_playwright

from tools.mailbox.message import Mail
from tools.mailbox.sink import listen
from tools.workshop import paths, runtime, system, templates
from tools.workshop.server import Server, free_port

BROWSER_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# What a person's phone says of itself; the headless browser would be taken for a machine, rightly.
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "user_agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
}
NOT_STEERED = "Object.defineProperty(Navigator.prototype, 'webdriver', {get: () => false})"


class Rpc:
    """The web client's own door to the models, signed in once."""

    def __init__(self, server: Server, login: str, password: str) -> None:
        self.url = server.url
        self.session = requests.Session()
        self.session.trust_env = False  # no proxy stands between two ends of one machine
        self._ids = count(1)
        params = {"db": server.database, "login": login, "password": password}
        self.uid = self._post("/web/session/authenticate", params)["uid"]

    def call(self, model: str, method: str, *args, **kwargs):
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self._post(f"/web/dataset/call_kw/{model}/{method}", params)

    def ref(self, xmlid: str) -> int:
        module, name = xmlid.split(".", 1)
        domain = [("module", "=", module), ("name", "=", name)]
        [row] = self.call("ir.model.data", "search_read", domain, ["res_id"])
        return row["res_id"]

    def run_cron(self, xmlid: str) -> None:
        self.call("ir.cron", "method_direct_trigger", [self.ref(xmlid)])

    def _post(self, path: str, params: dict):
        body = {"jsonrpc": "2.0", "method": "call", "id": next(self._ids), "params": params}
        answer = self.session.post(self.url + path, json=body, timeout=300).json()
        if "error" in answer:
            data = answer["error"].get("data", {})
            raise AssertionError(data.get("debug") or answer["error"]["message"])
        return answer.get("result")  # absent if the method returned nothing


class Inbox:
    """What the mail server received since the test began."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []

    def to(self, recipient: str) -> list[Mail]:
        return [mail for mail in list(self.mails) if recipient in mail.recipients]

    def wait_for(self, recipient: str, *, number: int = 1, seconds: float = 30) -> Mail:
        """The ``number``-th mail to a recipient, as soon as it is there."""
        deadline = time.monotonic() + seconds
        while len(self.to(recipient)) < number:
            if time.monotonic() > deadline:
                received = [(mail.recipients, mail.subject) for mail in self.mails]
                pytest.fail(f"no mail number {number} to {recipient}; received: {received}")
            time.sleep(0.1)
        return self.to(recipient)[number - 1]


@pytest.fixture(scope="session")
def odoo_runtime() -> runtime.Runtime:
    return runtime.prepare()


@pytest.fixture(scope="session")
def _inbox():
    inbox = Inbox()
    inbox.port = free_port()
    receiver = listen(inbox.mails.append, inbox.port)
    yield inbox
    receiver.stop()


@pytest.fixture(scope="session")
def server(odoo_runtime, _inbox):
    database = templates.create(odoo_runtime, "e2e", templates.shop())
    log = paths.LOGS / "e2e-server.log"
    log.unlink(missing_ok=True)
    running = Server(odoo_runtime, database, log, smtp_port=_inbox.port)
    stay_local = templates.script("stay_local")
    odoo_runtime.run_in(database, stay_local, running.url, str(_inbox.port))
    with running:
        yield running


@pytest.fixture(scope="session")
def rpc(server) -> Rpc:
    return Rpc(server, "admin", "admin")


@pytest.fixture(scope="session")
def shell(odoo_runtime, server):
    def run(code: str) -> str:
        with tempfile.NamedTemporaryFile("w", suffix=".py") as script:
            script.write(code)
            script.flush()
            result = subprocess.run(
                odoo_runtime.script_command(server.database, Path(script.name)),
                env=odoo_runtime.environment(server.database),
                capture_output=True,
                text=True,
                check=False,
            )
        assert result.returncode == 0, result.stderr
        return result.stdout.strip()

    return run


@pytest.fixture
def smtp(_inbox, server) -> Inbox:
    _inbox.mails.clear()
    return _inbox


@pytest.fixture(scope="session")
def browser():
    chromium = system.find_browser()
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=BROWSER_OPTIONS)
        yield running
        running.close()


@pytest.fixture
def page(browser, request):
    yield from _tab(browser, request, viewport={"width": 1400, "height": 900})


@pytest.fixture
def phone(browser, request):
    yield from _tab(browser, request, script=NOT_STEERED, **PHONE)


def _tab(browser, request, script="", **options):
    """A tab of its own for a test; if the test fails, what it showed is kept as a picture."""
    context = browser.new_context(**options)
    context.add_init_script(script)
    tab = context.new_page()
    yield tab
    if getattr(request.node, "failed", False):
        picture = paths.LOGS / "screenshots" / f"{request.node.name}.png"
        tab.screenshot(path=picture)
        print(f"screenshot: {picture}")
    context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call":
        item.failed = report.failed
    return report


@pytest.fixture
def log_in(server):
    def log_in(tab, login: str = "admin", password: str = "admin") -> None:
        tab.goto(f"{server.url}/web/login")
        tab.fill("input[name=login]", login)
        tab.fill("input[name=password]", password)
        tab.click("button[type=submit] >> nth=0")
        tab.wait_for_url("**/odoo**")

    return log_in
