import json
import re
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odoo import fields
from odoo.addons.account_payment.tests.common import AccountPaymentCommon
from odoo.addons.base.tests.common import HttpCaseWithUserDemo
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..controllers import rate_limit
from .common import BillingCommon

BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE")
# Names of parameters that our routes, Odoo's dispatcher or its payment flow read.
PARAMETERS = (
    "access_token", "amount", "asked", "choice", "context", "currency", "day", "debug", "flow",
    "invoice_id", "item", "items", "landing_route", "lang", "line", "name", "partner_id", "pay",
    "payment_method_id", "promise", "provider_id", "reason", "scope", "sel", "text", "token",
    "token_id", "tokenization_requested", "version",
)  # fmt: skip
NASTY = (
    "", "0", "-1", "1e400", "NaN", "null", "true", "9" * 40, "٣", "' OR 1=1 --", "'; SELECT 1; --",
    "%00", "\x00", "../../etc/passwd", "..%2f..%2f", "{{7*7}}", "${7*7}", "%s%s%n", "\ud7ff",
    "<script>alert(1)</script>", "http://evil.example/", "//evil.example", "\r\nX-Header: 1",
    "[]", "{}", "a" * 5000, "١٢٣", "\u202e", "__import__('os')", "1;2", "1-2-3", "1--2",
)  # fmt: skip
JSON_VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.sampled_from(NASTY),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.sampled_from(PARAMETERS), st.integers(), max_size=2),
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestPublicAbuse(BillingCommon, AccountPaymentCommon, HttpCaseWithUserDemo):
    """Whatever a stranger sends to a public page, it stands, and tells nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        links = cls.env["billing.link"].sudo()
        cls.partner_a.name, cls.partner_b.name = "Customer Known Only Here", "Another Secret Name"
        cls.document = cls.bill(amount=7113.31, due=10)
        foreign = cls.other_company_invoice(amount=8225.42, due=10, partner=cls.partner_b)
        foreign.action_post()
        cls.foreign = foreign
        cls.working = cls.mint(cls.document)
        cls.foreign_token = cls.mint(foreign)
        cls.expired, cls.revoked = cls.mint(cls.document), cls.mint(cls.document)
        links._find(cls.expired).expires_on = fields.Datetime.now() - timedelta(days=1)
        links._find(cls.revoked).action_revoke()
        cls.secrets = (
            "Customer Known Only Here", "Another Secret Name", "7,113.31", "8,225.42",
            "7113.31", "8225.42", cls.document.name, foreign.name,
        )  # fmt: skip
        cls.dead = (cls.expired, cls.revoked, cls.working[:-1], cls.working + "A", "x" * 43)
        modules = sorted(cls.env.registry._init_modules)
        routes = cls.env["ir.http"]._generate_routing_rules(modules, converters={})
        cls.rules = sorted({url for url, _endpoint in routes if url.startswith("/billing")})

    @classmethod
    def mint(cls, document):
        path = cls.env["billing.link"].sudo()._mint(document, document.partner_id)
        return path.rsplit("/", 1)[-1]

    def setUp(self):
        super().setUp()
        never = {action: (10**6, within) for action, (_limit, within) in rate_limit.LIMITS.items()}
        self.patch(rate_limit, "LIMITS", never)

    def request(self, method, path, **kwargs):
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_http", "werkzeug"):
            return self.opener.request(
                method,
                self.base_url() + path,
                headers={**BROWSER, **kwargs.pop("headers", {})},
                allow_redirects=False,
                timeout=60,
                **kwargs,
            )

    def fill(self, rule, token, number, text):
        """Return the path of a route with these values for its variables."""

        def value(match):
            converter, _colon, name = match[1].rpartition(":")
            if name == "token":
                return token
            if converter == "int":
                return str(number)
            if converter.startswith("any("):
                return converter[4:-1].split(",")[0].strip()
            return text

        return re.sub(r"<([^>]+)>", value, rule)

    def assertSafe(self, response, secrets):
        self.assertLess(response.status_code, 500, response.url)
        answer = response.text if "pdf" not in response.headers.get("Content-Type", "") else "%PDF"
        self.assertNotEqual(answer, "%PDF", response.url)
        for secret in secrets:
            self.assertNotIn(secret, answer, response.url)
        self.assertNotIn("Traceback", answer, response.url)
        self.assertNotIn("X-Header", response.headers)

    def test_there_are_public_routes_to_attack(self):
        self.assertIn("/billing/l/<string:token>", self.rules)
        self.assertGreaterEqual(len(self.rules), 8)

    def test_dead_and_foreign_links_tell_nothing_on_any_route_by_any_method(self):
        for rule in self.rules:
            for token in (*self.dead, self.foreign_token):
                for method in METHODS:
                    for number in (self.document.id, 0):
                        path = self.fill(rule, token, number, "due")
                        secrets = self.secrets
                        if token == self.foreign_token and "<int:" not in rule:
                            secrets = self.secrets[:1]  # their own page is theirs to see
                        self.assertSafe(self.request(method, path), secrets)

    def test_unknown_expired_and_revoked_links_get_the_same_answer(self):
        for rule in self.rules:
            if "<string:token>" not in rule:
                continue
            for method in ("GET", "POST"):
                answers = {
                    self.normal(self.request(method, self.fill(rule, token, 1, "due")), token)
                    for token in self.dead
                }
                self.assertEqual(len(answers), 1, f"{method} {rule}")

    def normal(self, response, token):
        """Return an answer without what differs from visit to visit."""
        text = response.text.replace(token, "TOKEN")
        text = re.sub(r"csrf_token[^,>]*", "", text)
        return response.status_code, re.sub(r"[0-9a-f]{40}o?\d*", "", text)

    def test_dead_links_cost_the_same_queries(self):
        """The nearest to «the same time» that a test can say without a stopwatch."""
        find = self.env["billing.link"]._find
        find(self.working)
        counts = set()
        for token in self.dead:
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            find(token)
            counts.add(self.env.cr.sql_log_count - before)
        self.assertEqual(len(counts), 1)

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def test_nonsense_in_any_parameter_is_answered(self, data):
        """Eight requests an example: well over a thousand in all."""
        for _i in range(8):
            rule = data.draw(st.sampled_from(self.rules))
            tokens = (self.working, *self.dead, self.foreign_token, "%F0%9F%92%A9", "a" * 3000)
            token = data.draw(st.sampled_from(tokens))
            numbers = st.sampled_from([self.document.id, self.foreign.id, 0, 2**31, 10**30])
            text = data.draw(st.sampled_from(["due", "1-2", "%27", "all", "x" * 500]))
            path = self.fill(rule, token, data.draw(numbers), text)
            pairs = st.tuples(st.sampled_from(PARAMETERS), st.sampled_from(NASTY))
            method = data.draw(st.sampled_from(METHODS))
            kind = data.draw(st.sampled_from(["query", "form", "json", "broken"]))
            if kind == "json":
                params = st.dictionaries(st.sampled_from(PARAMETERS), JSON_VALUES, max_size=6)
                body = {"jsonrpc": "2.0", "method": "call", "params": data.draw(params)}
                sent = {"data": json.dumps(body), "headers": {"Content-Type": "application/json"}}
                method = "POST"
            elif kind == "broken":
                body = data.draw(st.sampled_from(["{", "[]", "null", '{"params": 3}', "\x00"]))
                sent = {"data": body, "headers": {"Content-Type": "application/json"}}
            else:
                name = "params" if kind == "query" else "data"
                sent = {name: data.draw(st.lists(pairs, max_size=5))}
            response = self.request(method, path, **sent)
            self.assertLess(response.status_code, 500, f"{method} {path} {sent}")
            self.assertNotIn("X-Header", response.headers)
            if token in (self.working, self.foreign_token):
                theirs = self.foreign if token == self.working else self.document
                self.assertNotIn(theirs.partner_id.name, response.text, path)
            else:
                for secret in self.secrets:
                    self.assertNotIn(secret, response.text, path)

    def test_a_request_without_consent_changes_nothing(self):
        """No method and no parameter on a working link touches the invoice by itself."""
        before = self.document.read(
            ["state", "payment_state", "amount_residual", "payment_reference"]
        )
        for rule in self.rules:
            for method in METHODS:
                self.request(method, self.fill(rule, self.working, self.document.id, "due"))
        self.document.invalidate_recordset()
        after = self.document.read(
            ["state", "payment_state", "amount_residual", "payment_reference"]
        )
        self.assertEqual(after, before)
        self.assertFalse(self.document.transaction_ids)
