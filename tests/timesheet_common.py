from contextlib import contextmanager

from odoo.exceptions import UserError
from odoo.fields import Command, Date

from .common import BillingCommon


class TimesheetCommon(BillingCommon):
    """Two customers, two people, a rate of 100 for everyone; the words of a story about hours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Hours = cls.env["account.analytic.line"]
        cls.Rate = cls.env["billing.hourly.rate"]
        cls.rate = cls.Rate.create({"company_id": cls.company.id, "rate": 100.0})
        cls.ann, cls.bob = cls.env["res.users"].create(
            [
                {
                    "name": name,
                    "login": f"{name}@hours.example",
                    "company_id": cls.company.id,
                    "company_ids": [Command.set(cls.company.ids)],
                    "group_ids": [Command.set(cls.env.ref("base.group_user").ids)],
                }
                for name in ("Ann", "Bob")
            ]
        )

    @classmethod
    def work(cls, hours=1.0, on="2026-03-02", user=None, partner=None, **values):
        """Enter hours, for the first customer unless told."""
        return cls.Hours.create(
            {
                "billing_entry": True,
                "company_id": cls.company.id,
                "date": Date.to_date(on),
                "user_id": (user or cls.ann).id,
                "partner_id": (cls.partner_a if partner is None else partner).id,
                "name": "Design",
                "unit_amount": hours,
                **values,
            }
        )

    @classmethod
    def wizard(cls, partners=None, **values):
        return cls.env["billing.timesheet.invoice"].create(
            {
                "company_id": cls.company.id,
                "partner_ids": [Command.set((partners or cls.partner_a).ids)],
                **values,
            }
        )

    @classmethod
    def invoice_hours(cls, partners=None, **values):
        """Draft the invoices for the unbilled hours of these customers."""
        action = cls.wizard(partners, **values).action_create_invoices()
        domain = action.get("domain") if not action.get("res_id") else None
        moves = cls.env["account.move"]
        return moves.browse(action["res_id"]) if not domain else moves.search(domain)

    def lines(self, move):
        """(quantity, rate) of the invoice lines, in their order."""
        return [
            (line.quantity, line.price_unit) for line in move.invoice_line_ids.sorted("sequence")
        ]

    def states(self, hours):
        hours.invalidate_recordset()
        return hours.mapped("billing_state")

    @contextmanager
    def assertRefused(self, message):
        """What is refused with this message leaves nothing behind."""
        with self.assertRaises(UserError) as refused:  # Odoo's own, with a savepoint
            yield
        self.assertRegex(str(refused.exception), message)
