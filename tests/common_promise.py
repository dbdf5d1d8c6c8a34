from odoo.tests import freeze_time

from .common import ReminderCommon


class PromiseCommon(ReminderCommon):
    """An overdue invoice, and the words to tell who promised what and what came of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls.bill(amount=100.0, due=-10)

    def rows(self, *invoices, partner=None, company=None):
        """The open items of invoices that may be promised; of a customer all."""
        found = self.env["billing.promise"]._get_promisable(
            company or self.company, (partner or self.partner_a).commercial_partner_id
        )
        return found.filtered(
            lambda row: not invoices or row.move_id.id in [i.id for i in invoices]
        )

    def promise(self, *invoices, amount=None, day=5, partner=None, **values):
        """Promise to pay invoices ``day`` days from today; all that is open of them."""
        rows = self.rows(*invoices, partner=partner)
        total = sum(rows.mapped("residual_currency"))
        return self.env["billing.promise"]._record(
            rows, total if amount is None else amount, self.day(day), **values
        )

    def judge(self, on=0, company=None):
        """Judge as the nightly job would ``on`` days from today."""
        company = company or self.company
        context = {"billing_as_of": self.day(on)}
        self.env["billing.promise"].with_context(**context)._judge(company)
        self.env.invalidate_all()

    def hold(self, invoice, on=0):
        """What is known of the installments of an invoice ``on`` days from today."""
        rows = self.env["billing.receivable"].with_context(billing_as_of=self.day(on))
        return rows.search([("move_id", "=", invoice.id)])

    def notes(self, record):
        return "\n".join(str(body) for body in record.message_ids.mapped("body"))

    def at(self, moment):
        return freeze_time(str(moment))
