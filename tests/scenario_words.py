"""What the words of the stories in `scenarios/` do."""

import re
from datetime import date, datetime, time, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tools import SQL

DAY_0 = date(2026, 3, 16)

MESSAGE = re.compile(
    r"> (?P<partner>\w+) rung (?P<rung>-?\d+): (?P<amount>[\d.]+)(?: (?P<currency>[A-Z]{3}))?"
    r" for (?P<climb>[\w, ]+?)(?: also (?P<listed>[\w, ]+?))?(?: \[(?P<state>\w+)\])?$"
)


class Words:
    """The vocabulary. Mixed into a test case that has companies, partners and a clock."""

    def start(self):
        """Begin a story."""
        self.move_clock(DAY_0)
        self.documents = {}
        self.holds = {}
        self.people = {"anna": self.partner_a, "bert": self.partner_b}
        self.companies = {"ours": self.company, "other": self.other}
        self.policies = {"default": self.env.ref("billing_crm.reminder_policy_default")}
        holds = patch.object(
            self.registry["billing.receivable"],
            "_get_hold_sources",
            lambda _model, _as_of: self.hold_sources(),
        )
        self.startPatcher(holds)

    def tell(self, line):
        """Do what a line says."""
        word, *rest = line.split()
        getattr(self, f"do_{word}")(*rest)

    # the clock

    def move_clock(self, day, hour=12, minute=0):
        self.now = day
        self.clock.move_to(datetime.combine(day, time(hour, minute)))
        self.env.invalidate_all()

    def do_day(self, number):
        self.move_clock(DAY_0 + timedelta(days=int(number)))

    def do_on(self, day, moment="12:00"):
        self.move_clock(date.fromisoformat(day), *map(int, moment.split(":")))

    def to_date(self, text):
        """Read a date, or a number of days from the clock's."""
        if re.fullmatch(r"-?\d+", text):
            return self.now + timedelta(days=int(text))
        return date.fromisoformat(text)

    # documents

    def options(self, words):
        """Read ``to bert in EUR at other`` and what else comes in pairs."""
        return dict(zip(words[::2], words[1::2], strict=True))

    def post(self, name, move_type, amount, options, **values):
        company = self.companies[options.get("at", "ours")]
        currency = self.env.ref(f"base.{options['in']}") if "in" in options else None
        move = (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": move_type,
                    "partner_id": self.people[options.get("to", "anna")].id,
                    "currency_id": (currency or company.currency_id).id,
                    "invoice_line_ids": [
                        fields.Command.create(
                            {"name": "Work", "price_unit": float(amount), "tax_ids": []}
                        )
                    ],
                    **values,
                }
            )
        )
        move.action_post()
        self.documents[name] = move

    def do_invoice(self, name, amount, _due, first, *rest):
        options = self.options(rest)
        start = self.to_date(first)
        values = {"invoice_date": start - timedelta(days=30), "invoice_date_due": start}
        values["invoice_payment_term_id"] = False
        if "and" in options:
            later = self.to_date(options["and"])
            values = {
                "invoice_date": start,
                "invoice_payment_term_id": self.halves((later - start).days).id,
            }
        self.post(name, "out_invoice", amount, options, **values)

    def halves(self, days):
        """Payment terms: half at once, half later."""
        lines = [
            fields.Command.create({"value": "percent", "value_amount": 50, "nb_days": nb_days})
            for nb_days in (0, days)
        ]
        return self.env["account.payment.term"].create({"name": "Halves", "line_ids": lines})

    def do_credit(self, name, amount, *rest):
        self.post(name, "out_refund", amount, self.options(rest), invoice_date=self.now)

    def do_deposit(self, name, amount, *rest):
        options = self.options(rest)
        values = {
            "partner_id": self.people[options.get("to", "anna")].id,
            "amount": float(amount),
            "date": self.now,
            "payment_type": "inbound",
            "partner_type": "customer",
            "journal_id": self.company_data["default_journal_bank"].id,
        }
        if "in" in options:
            values["currency_id"] = self.env.ref(f"base.{options['in']}").id
        payment = self.env["account.payment"].create(values)
        payment.action_post()
        self.documents[name] = payment.move_id

    def do_pay(self, name, amount=None):
        values = {"payment_date": self.now}
        if amount:
            values.update(amount=float(amount), payment_difference_handling="open")
        self._register_payment(self.documents[name], **values)

    def do_reopen(self, name):
        move = self.documents[name]
        payments = move._get_reconciled_payments()
        move.line_ids.remove_move_reconcile()
        payments.action_draft()
        payments.action_cancel()

    def do_match(self, first, _with, second):
        lines = (self.documents[first] | self.documents[second]).line_ids
        lines.filtered(lambda line: line.account_type == "asset_receivable").reconcile()

    def do_cancel(self, name):
        self.documents[name].button_draft()
        self.documents[name].button_cancel()

    def do_exclude(self, name):
        self.documents[name].no_followup = True

    # customers

    def do_contact(self, name, _of, parent):
        self.people[name] = self.env["res.partner"].create(
            {
                "name": name,
                "parent_id": self.people[parent].id,
                "email": f"{name}@customers.example",
            }
        )

    def do_customer(self, name, *rest):
        options = self.options(rest)
        country = options.get("country")
        self.people[name] = self.env["res.partner"].create(
            {
                "name": name,
                "email": f"{name}@customers.example",
                "property_payment_term_id": False,
                "country_id": country and self.env.ref(f"base.{country}").id,
                "tz": options.get("zone", False),
            }
        )

    def do_archive(self, name):
        self.people[name].active = False

    def do_address(self, name, address):
        self.people[name].email = False if address == "none" else address

    def do_blacklist(self, name):
        self.env["mail.blacklist"]._add(self.people[name].email)

    # what the customer says

    def do_promise(self, name, _until, day):
        self.hold(name, "promise", on_date=self.to_date(day))

    def do_broken(self, name, _on, day):
        self.hold(name, "broken", on_date=self.to_date(day))

    def do_pause(self, name, _until, day):
        self.hold(name, "pause", on_date=self.to_date(day))

    def do_dispute(self, name, amount):
        self.hold(name, "dispute", amount=float(amount))

    def do_release(self, name):
        self.holds.pop(name)

    def hold(self, name, kind, on_date=None, amount=0.0):
        lines = self.documents[name].line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        self.holds[name] = [(line.id, kind, on_date, amount) for line in lines]

    def hold_sources(self):
        """What is known of today: a wait that is over holds nothing back."""
        rows = [row for rows in self.holds.values() for row in rows]
        waiting = [
            SQL("(%s, %s, %s::date, %s)", *row)
            for row in rows
            if row[1] not in ("promise", "pause") or row[2] >= self.now
        ]
        if not waiting:
            return []
        return [
            SQL(
                "SELECT * FROM (VALUES %s) AS known (line_id, kind, on_date, amount)",
                SQL(", ").join(waiting),
            )
        ]
