from odoo import fields
from odoo.tests import tagged

from .common import BillingCommon


@tagged("post_install", "-at_install")
class ScoreCommon(BillingCommon):
    """Customers with a past, and the facts that are told of them."""

    @classmethod
    def customer(cls, name, **values):
        return cls.partner_a.copy({"name": name, **values})

    @classmethod
    def paid(cls, partner, *delays, on=0, **values):
        """Let a customer pay an invoice for each of ``delays``, so many days late, on a day."""
        invoices = cls.env["account.move"]
        for days in delays:
            invoice = cls.bill(due=on - days, partner=partner, **values)
            cls.pay(invoice, on=on)
            invoices |= invoice
        return invoices

    @classmethod
    def overdue(cls, partner, *days):
        for late in days:
            cls.bill(due=-late, partner=partner)

    @classmethod
    def promised(cls, partner, state, ago, company=None):
        """A promise that was decided so many days ago."""
        company = company or cls.company
        return (
            cls.env["billing.promise"]
            .sudo()
            .create(
                {
                    "company_id": company.id,
                    "partner_id": partner.id,
                    "currency_id": company.currency_id.id,
                    "amount": 10.0,
                    "promised_on": cls.day(-ago - 10),
                    "date_promised": cls.day(-ago),
                    "date_until": cls.day(-ago),
                    "closed_on": cls.day(-ago),
                    "state": state,
                }
            )
        )

    @classmethod
    def disputed(cls, invoice, state, ago, resolution=False):
        """A dispute of an invoice that was closed so many days ago."""
        dispute = cls.env["billing.dispute"].sudo()
        dispute = dispute.create(
            {"move_id": invoice.id, "reason": "price", "scope": "amount", "amount": 1.0}
        )
        dispute.write({"state": state, "closed_on": cls.day(-ago), "resolution": resolution})
        return dispute

    @classmethod
    def bounced(cls, invoice, *ago):
        for days in ago:
            cls.env["billing.event"]._log(
                invoice, "bounced", date=fields.Datetime.to_datetime(cls.day(-days))
            )

    @classmethod
    def reminded(cls, invoice, times, first=7, ago=0, state="sent"):
        """So many reminders that went out for an invoice."""
        line = invoice.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        for number in range(times):
            reminder = (
                cls.env["billing.reminder"]
                .sudo()
                .create(
                    {
                        "company_id": invoice.company_id.id,
                        "partner_id": invoice.commercial_partner_id.id,
                        "currency_id": invoice.currency_id.id,
                        "decided_on": cls.day(-ago),
                        "state": state,
                    }
                )
            )
            cls.env["billing.reminder.item"].sudo().create(
                {
                    "reminder_id": reminder.id,
                    "company_id": invoice.company_id.id,
                    "line_id": line.id,
                    "currency_id": invoice.currency_id.id,
                    "delay_days": first + 7 * number,
                    "is_advance": True,
                }
            )

    @classmethod
    def credit(cls, invoice, amount):
        """Credit a part of an invoice today."""
        note = cls._create_invoice_one_line(
            price_unit=amount,
            tax_ids=[],
            partner_id=invoice.partner_id.id,
            move_type="out_refund",
            invoice_date=cls.today,
            post=True,
        )
        lines = (invoice | note).line_ids
        lines.filtered(lambda line: line.account_type == "asset_receivable").reconcile()

    @classmethod
    def refresh(cls, company=None):
        """Form the scores anew and return them by customer."""
        company = company or cls.company
        cls.env["billing.score"]._refresh(company)
        scores = cls.env["billing.score"].sudo().search([("company_id", "=", company.id)])
        return {score.partner_id: score for score in scores}
