from collections import Counter
from datetime import timedelta
from random import Random

from odoo import fields
from odoo.tests import tagged

from ..models.tracking.account_move_status import BILLING_STATUSES
from .common import BillingCommon

FNAMES = ("billing_status", "billing_delivery", "billing_reading")


@tagged("post_install", "-at_install")
class TestBillingStatusSearch(BillingCommon):
    """The field, its search and its group-by say the same, alone or in a crowd."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.moves = cls.env["account.move"]

    def agree(self, moves):
        """Compare the three for every value and for moves one by one."""
        self.env.invalidate_all()
        domain = [("id", "in", moves.ids)]
        for fname in FNAMES:
            together = {move.id: move[fname] for move in moves}
            for move in moves[::3]:
                move.invalidate_recordset([fname])
                self.assertEqual(move[fname], together[move.id], f"{fname} alone")
            groups = self.moves._read_group(domain, [fname], ["__count"])
            self.assertEqual(dict(groups), Counter(together.values()), fname)
            values = [value for value, _label in self.moves._fields[fname].selection]
            for value in (*values, False):
                expected = {move_id for move_id, said in together.items() if said == value}
                for operator, found in (
                    ("=", expected),
                    ("!=", set(moves.ids) - expected),
                ):
                    result = self.moves.search([*domain, (fname, operator, value)])
                    self.assertEqual(set(result.ids), found, (fname, operator, value))
            some = {"overdue", "paid", "draft", "unread", "bounced", False}
            expected = {move_id for move_id, said in together.items() if said in some}
            wanted = [value for value in (*values, False) if value in some]
            self.assertEqual(set(self.moves.search([*domain, (fname, "in", wanted)]).ids), expected)
            self.assertEqual(
                set(self.moves.search([*domain, (fname, "not in", wanted)]).ids),
                set(moves.ids) - expected,
            )

    def test_on_random_documents(self):
        rng = Random(4)
        now = fields.Datetime.now()
        moves = self.moves
        messages = [*self.env["mail.message"].create([{"body": "1"}, {"body": "2"}]).ids, False]
        for _i in range(26):
            invoice = self.bill(due=rng.randint(-20, 30), amount=rng.choice((50.0, 100.0)))
            invoice.is_move_sent = rng.random() < 0.3
            for _event in range(rng.randint(0, 6)):
                self.env["billing.event"]._log(
                    invoice,
                    rng.choice(
                        ("sent", "sent", "delivered", "undelivered", "bounced", "viewed",
                         "downloaded", "payment_started", "opened", "link_clicked")
                    ),
                    agent=rng.choice(("human", "likely_human", "machine", "unknown", False)),
                    recipient_id=rng.choice((self.partner_a.id, self.partner_b.id, False)),
                    mail_message_id=rng.choice(messages),
                    date=now - timedelta(hours=rng.randint(0, 400)),
                )  # fmt: skip
            fate = rng.random()
            if fate < 0.2:
                self.pay(invoice)
            elif fate < 0.35:
                self.pay(invoice, amount=20.0)
            elif fate < 0.45:
                moves |= self._reverse_invoice(invoice, post=True)
            moves |= invoice
        moves |= self._create_invoice_one_line(price_unit=1.0)
        moves |= self._create_invoice_one_line(price_unit=1.0, move_type="in_invoice")
        cancelled = self._create_invoice_one_line(price_unit=1.0)
        cancelled.button_cancel()
        moves |= cancelled
        self.agree(moves)
        self.assertGreater(len(set(moves.mapped("billing_status"))), 7, "a varied lot")

    def test_the_order_of_the_list_is_the_order_of_precedence(self):
        """Whatever happens to an invoice, a later status never hides an earlier one."""
        order = [status for status, _label in BILLING_STATUSES]
        invoice = self.bill(due=3)
        steps = [
            lambda: self.env["billing.event"]._log(invoice, "sent"),
            lambda: self.env["billing.event"]._log(invoice, "delivered"),
            lambda: self.env["billing.event"]._log(invoice, "bounced"),
            lambda: self.pay(invoice, amount=10.0),
            lambda: self.env["billing.event"]._log(invoice, "payment_started", agent="human"),
            lambda: self.pay(invoice),
        ]
        steps[0]()
        ranks = []
        for step in steps[1:]:
            step()
            invoice.invalidate_recordset()
            ranks.append(order.index(invoice.billing_status))
        self.assertEqual(ranks, sorted(ranks, reverse=True))

    def test_search_for_documents_without_a_status(self):
        bill = self._create_invoice_one_line(price_unit=10.0, move_type="in_invoice")
        invoice = self.bill(due=-5)
        domain = [("id", "in", (bill | invoice).ids)]
        self.assertEqual(self.moves.search([*domain, ("billing_status", "=", False)]), bill)
        self.assertEqual(self.moves.search([*domain, ("billing_status", "!=", False)]), invoice)
        self.assertEqual(
            self.moves.search([*domain, ("billing_status", "in", ("overdue", False))]),
            bill | invoice,
        )
