from contextlib import contextmanager

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common_dispute import DisputeCommon


@tagged("post_install", "-at_install")
class ChargeCommon(DisputeCommon):
    """Customers who pay late, and a policy of 10 % a year and a fixed fee of 40.00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["billing.late.fee.policy"].search([]).active = False
        cls.policy = cls.make_policy()

    @classmethod
    def make_policy(cls, fee=40.0, **values):
        """Make the policy for everybody: a contract rate, so that tests need no rates."""
        return cls.env["billing.late.fee.policy"].create(
            {
                "name": "Contract",
                "applies": "default",
                "margin": 10.0,
                "tier_ids": [Command.create({"amount_from": 0.0, "fee": fee})] if fee else [],
                "company_id": cls.company.id,
                "currency_id": cls.company.currency_id.id,
                **values,
            }
        )

    @contextmanager
    def on_day(self, offset):
        """Let it be ``offset`` days from today."""
        with freeze_time(f"{self.day(offset)} 12:00:00"):
            yield

    @classmethod
    def command(cls, days, percent):
        """One part of a payment term."""
        return Command.create({"value": "percent", "value_amount": percent, "nb_days": days})

    def propose(self, *invoices):
        """Propose what may be charged for invoices, and return the proposals."""
        moves = self.env["account.move"].concat(*invoices)
        return self.env["billing.late.charge"]._propose(moves._get_billing_late_lines())

    def charge(self, *invoices):
        """Charge what may be charged for invoices, and return the debit notes."""
        proposals = self.propose(*invoices)
        proposals.action_approve()
        return proposals.move_id

    def charges(self, *invoices):
        """Return the amounts by kind and state of what there is for invoices."""
        moves = self.env["account.move"].concat(*invoices)
        found = self.env["billing.late.charge"].search([("move_origin_id", "in", moves.ids)])
        return sorted((charge.kind, charge.state, charge.amount) for charge in found)
