import json

from odoo.addons.account_payment.tests.common import AccountPaymentCommon
from odoo.addons.base.tests.common import HttpCaseWithUserDemo
from odoo.fields import Command
from odoo.tests import tagged

from .common import BillingCommon

BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Accept-Language": "en-US,en;q=0.5",
}


@tagged("post_install", "-at_install")
class LinkPageCommon(BillingCommon, AccountPaymentCommon, HttpCaseWithUserDemo):
    """The pages behind a link, over HTTP, as a stranger with a browser.

    ``document`` is an invoice of 120.00 due in ten days, ``path`` its link.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("account_payment.enable_portal_payment", "True")
        cls.document = cls.bill(amount=120.0, due=10)
        cls.path = cls.env["billing.link"].sudo()._mint(cls.document, cls.partner_a)
        cls.link = cls.env["billing.link"].sudo().search([], limit=1)

    def get(self, path, **headers):
        return self.url_open(path, headers={**BROWSER, **headers}, allow_redirects=False)

    def rpc(self, path, **params):
        response = self.url_open(
            path,
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json", **BROWSER},
        )
        self.assertEqual(response.status_code, 200)
        return response.json()

    def kinds(self, move=None):
        return (move or self.document).billing_event_ids.sorted("id").mapped("kind")

    def transaction(self, path=None, choice=None, **values):
        """Start a payment of the document as its page does."""
        route = f"{path or self.path}/{self.document.id}/pay"
        return self.start(
            f"{route}/{choice}" if choice else route,
            **{"amount": self.document.amount_residual, **values},
        )

    def start(self, route, **values):
        return self.rpc(
            route,
            **{
                "provider_id": self.provider.id,
                "payment_method_id": self.payment_method_id,
                "token_id": None,
                "flow": "direct",
                "tokenization_requested": False,
                "landing_route": "/nowhere",
                "access_token": None,
                **values,
            },
        )

    def finish(self, transaction):
        """Let the provider report a payment as done, and Odoo book it."""
        transaction._set_done()
        transaction._post_process()
        self.env.invalidate_all()

    def remind(self):
        """A reminder to partner_a, and the path of its link."""
        self.company.billing_reminders_enabled = True
        reminder = self.env["billing.reminder"].sudo()._plan(self.company)
        return reminder, self.env["billing.link"].sudo()._mint(reminder, self.partner_a)

    def statement(self, partner=None, currency=None):
        """The path of a link to everything a customer owes."""
        token = "s" * 40 + str(self.env["billing.link"].sudo().search_count([]))
        self.env["billing.link"].sudo().create(
            {
                "token_hash": self.env["billing.link"]._hash(token),
                "company_id": self.company.id,
                "partner_id": (partner or self.partner_a).id,
                "currency_id": (currency or self.company.currency_id).id,
                "expires_on": self.day(30),
            }
        )
        return f"/billing/l/{token}"

    def bill_in_halves(self, amount=300.0, first=-10, second=80, **values):
        """An invoice, half of which was due ``first`` days from today."""
        term = self.env["account.payment.term"].create(
            {
                "name": "Two halves",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": 0}),
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": second - first}
                    ),
                ],
            }
        )
        return self.bill(
            amount=amount,
            invoice_date=self.day(first),
            invoice_payment_term_id=term.id,
            **values,
        )

    @staticmethod
    def terms(*invoices):
        """The installments of invoices, the earliest due first."""
        lines = invoices[0].line_ids.browse().union(*(invoice.line_ids for invoice in invoices))
        return lines.filtered(lambda line: line.display_type == "payment_term").sorted(
            lambda line: (line.date_maturity, line.id)
        )
