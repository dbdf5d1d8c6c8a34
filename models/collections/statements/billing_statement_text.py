import re
from functools import cached_property

from odoo import models
from odoo.tools import format_date
from odoo.tools.misc import format_amount

NOT_IN_FILE_NAMES = re.compile(r'[/\\:*?"<>|]')


class Writer:
    """Writes the dates and amounts of a statement in one language; most of them occur often.

    :param env: with the language in its context
    """

    def __init__(self, env):
        self.env = env
        self.lang = env["res.lang"].browse(env["res.lang"]._get_data(code=env.lang or "en_US").id)
        self.dates = {}
        self.numbers = {}
        self.buckets = {}

    def date(self, day):
        if day not in self.dates:
            self.dates[day] = format_date(self.env, day) if day else ""
        return self.dates[day]

    def number(self, amount, currency):
        """Return an amount without the sign of its currency, for columns."""
        key = amount, currency.decimal_places
        if key not in self.numbers:
            digits = f"%.{currency.decimal_places}f"
            # 0.0 is added to what may be -0.0
            self.numbers[key] = self.lang.format(digits, amount + 0.0, grouping=True)
        return self.numbers[key]

    def money(self, amount, currency):
        return format_amount(self.env, amount, currency, self.env.lang)

    @cached_property
    def kinds(self):
        return {
            "invoice": self.env._("Invoice"),
            "credit": self.env._("Credit note"),
            "payment": self.env._("Payment"),
            "entry": self.env._("Entry"),
            "transfer": self.env._("Settled with"),
            "debit": self.env._("Debit note"),
            "receipt": self.env._("Receipt"),
        }

    def get_buckets(self, company):
        """Return the names of a company's aging buckets, by their keys."""
        if company not in self.buckets:
            reader = self.env["billing.statement.reader"].sudo()
            self.buckets[company] = reader._get_aging_buckets(company.id)
        return self.buckets[company]

    def kind(self, row):
        if row["is_debit_note"]:
            return self.kinds["debit"]
        if row["move_type"] == "out_receipt":
            return self.kinds["receipt"]
        return self.kinds[row["kind"]]


class BillingStatement(models.Model):
    """The figures as texts, in the language of the context: for paper, mail and portal alike."""

    _inherit = "billing.statement"

    def _get_texts(self):
        """Return what the templates show: ``blocks``, with rows and sums written out, ``kind``,
        ``direction`` (of the language), ``is_aged_by_invoice_date``, ``date_from`` (of the
        activity) and ``date_to``.

        :rtype: dict
        """
        self.ensure_one()
        writer = self._get_writer()
        by = self.env["billing.receivable"].with_company(self.company_id)._get_aging_by()
        return {
            "blocks": [self._write_block(block, writer) for block in self._get_blocks()],
            "kind": self.kind,
            "is_aged_by_invoice_date": by == "invoice",
            # Odoo turns a page by the language of whoever prints it
            "direction": writer.lang.direction,
            "date_from": writer.date(self.kind == "activity" and self.date_from),
            "date_to": writer.date(self.date_to),
        }

    def _get_file_name(self):
        """Return the name of a file with this statement, without what files cannot be called."""
        self.ensure_one()
        return NOT_IN_FILE_NAMES.sub("-", self.display_name)

    def _get_writer(self):
        writers = self.env.context.get("billing_writers", {})
        lang = self.env.lang
        if lang not in writers:
            writers[lang] = Writer(self.env)
        return writers[lang]

    def _write_block(self, block, writer):
        currency = block["currency"]
        buckets = writer.get_buckets(self.company_id)

        def number(amount):
            return writer.number(amount, currency)

        def money(amount):
            return writer.money(amount, currency)

        return {
            "currency": currency.name,
            "rows": [self._write_row(row, number, writer) for row in block["rows"]],
            "opening": number(block["opening"]),
            "opening_date": writer.date(self.kind == "activity" and self.date_from),
            "closing": money(block["closing"]),
            "is_empty": not block["rows"] and not (self.kind == "activity" and block["opening"]),
            "is_owed": block["closing"] > 0,
            "is_credit": block["closing"] < 0,
            "is_settled": not any(amount for _key, amount in block["buckets"]),
            "overdue": money(block["overdue"]),
            "has_overdue": block["overdue"] > 0,
            "not_due": block["not_due"] and money(block["not_due"]),
            "credits": block["credits"] and money(block["credits"]),
            "buckets": [(buckets[key], number(amount)) for key, amount in block["buckets"]],
        }

    def _write_row(self, row, number, writer):
        amount = row["amount"]
        is_activity = self.kind == "activity"
        return {
            "label": f"{writer.kind(row)} {row['name'] or ''}".strip(),
            "ref": row["ref"] or "",
            "date": writer.date(row["date"] if is_activity else row["invoice_date"] or row["date"]),
            "due": writer.date(row["date_maturity"]) if row["kind"] == "invoice" else "",
            "balance": number(row["balance"]),
            # receipts have no page on the portal
            "url": row["move_type"] in ("out_invoice", "out_refund")
            and f"/my/invoices/{row['move_id']}",
            **(
                {
                    "charge": number(amount) if amount > 0 else "",
                    "payment": number(-amount) if amount < 0 else "",
                }
                if is_activity
                else {
                    "original": number(row["original"]),
                    "open": number(amount),
                    "days": row["days_overdue"] or "",
                    "is_overdue": row["is_overdue"],
                    "disputed": row["disputed_currency"] and number(row["disputed_currency"]),
                }
            ),
        }
