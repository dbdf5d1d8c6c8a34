from odoo.fields import Command
from odoo.tests import tagged

from .common import ReminderCommon


@tagged("post_install", "-at_install")
class DisputeCommon(ReminderCommon):
    """Invoices that customers contest, and the words to say so."""

    def dispute(self, invoice, reason="price", **values):
        """Raise a dispute, of the whole invoice unless ``amount`` or ``lines`` say less."""
        lines = values.pop("lines", None)
        if lines is not None:
            values.update(scope="lines", line_ids=[Command.create(line) for line in lines])
        elif "amount" in values:
            values["scope"] = "amount"
        return self.env["billing.dispute"].create(
            {"move_id": invoice.id, "reason": reason, **values}
        )

    def resolve(self, dispute, resolution="credit", **values):
        """Resolve a dispute with the window, confirming at once, and return the documents."""
        wizard = self.env["billing.dispute.resolve"].create(
            {"dispute_id": dispute.id, "resolution": resolution, "post": True, **values}
        )
        wizard.action_apply()
        return dispute.document_ids

    def items(self, invoice):
        """The open installments of an invoice, the earliest due first."""
        self.env.invalidate_all()
        return self.env["billing.receivable"].search(
            [("move_id", "=", invoice.id)], order="date_maturity, id"
        )

    def invoice(self, lines, due=-10, currency=None, **values):
        """Post an invoice of several lines: values of `account.move.line`."""
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.partner_a.id,
                "invoice_date": self.day(due - 30),
                "invoice_date_due": self.day(due),
                "invoice_payment_term_id": False,
                "currency_id": (currency or self.company.currency_id).id,
                "invoice_line_ids": [
                    Command.create({"name": f"Line {number}", "tax_ids": [], **line})
                    for number, line in enumerate(lines)
                ],
                **values,
            }
        )
        move.action_post()
        return move

    def tax(self, percent, *, included=False, **values):
        return self.env["account.tax"].create(
            {
                "name": f"{percent} % {included}",
                "amount": percent,
                "amount_type": "percent",
                "type_tax_use": "sale",
                "price_include_override": "tax_included" if included else "tax_excluded",
                **values,
            }
        )
