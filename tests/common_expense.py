import base64

from odoo.fields import Command

from .common import BillingCommon

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


class ExpenseCommon(BillingCommon):
    """A subcontractor who has spent something for partner_a, and a manager who decides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.subcontractor = cls.env["res.partner"].create(
            {"name": "Sam Subcontractor", "email": "sam@contractors.example"}
        )
        cls.travel = cls.env.ref("billing_crm.expense_category_travel")
        cls.travel.write({"taxes_id": [Command.clear()], "supplier_taxes_id": [Command.clear()]})

    @classmethod
    def spend(cls, *amounts, submit=False, approve=False, partner=None, **values):
        """Make a report with one expense for each amount; ``values`` are those of each."""
        values = {"client_id": cls.partner_a.id, "product_id": cls.travel.id, **values}
        report = cls.env["billing.expense.report"].create(
            {
                "description": "Visit",
                "partner_id": (partner or cls.subcontractor).id,
                "line_ids": [
                    Command.create(
                        {
                            "name": f"Expense {number}",
                            "date": cls.day(-3),
                            "total_amount_currency": amount,
                            **values,
                        }
                    )
                    for number, amount in enumerate(amounts, start=1)
                ],
            }
        )
        if submit or approve:
            report.action_submit()
        if approve:
            report.action_approve()
        return report

    @classmethod
    def client_invoice(cls, partner=None, **values):
        """Make an empty draft invoice."""
        return cls.env["account.move"].create(
            {"move_type": "out_invoice", "partner_id": (partner or cls.partner_a).id, **values}
        )

    @classmethod
    def receipt(cls, name="receipt.png", raw=PNG):
        return cls.env["ir.attachment"].create({"name": name, "raw": raw})

    def state(self, record, fname="state"):
        """Read a state that follows other documents anew."""
        record.invalidate_recordset([fname])
        return record[fname]
