from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import RecurringCommon
from .common_expense import ExpenseCommon


@tagged("post_install", "-at_install")
class TestDocumentTypes(RecurringCommon, ExpenseCommon):
    """A document is of a type of its own behavior, whatever another program writes."""

    def test_a_type_of_another_behavior(self):
        standard = self.env["billing.invoice.type"]._get_default(self.company, "standard")
        interim = self.env["billing.invoice.type"]._get_default(self.company, "interim")
        documents = {
            "an expense report": self.spend(10.0),
            "a series": self.series(),
            "a pro forma": self.env["billing.proforma"].create({"partner_id": self.partner_a.id}),
            "a plan": self.env["billing.milestone.plan"].create({"partner_id": self.partner_a.id}),
            "a batch": self.env["billing.batch.create"].create(
                {"partner_ids": [Command.set(self.partner_a.ids)]}
            ),
        }
        for name, document in documents.items():
            wrong = interim if name == "a batch" else standard
            right = document.billing_type_id
            with self.assertRaises(ValidationError, msg=name):
                document.billing_type_id = wrong
            document.billing_type_id = right
