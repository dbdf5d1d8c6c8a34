from odoo import fields, models


class BillingInvoiceType(models.Model):
    _inherit = "billing.invoice.type"

    expense_sequence_id = fields.Many2one("ir.sequence", copy=False)

    def _get_document_model(self):
        # EXTENDS 'billing.invoice.type'
        if self.behavior == "expense":
            return "billing.expense.report"
        return super()._get_document_model()

    def _compute_document_count(self):
        # EXTENDS 'billing.invoice.type'
        result = super()._compute_document_count()
        expense_types = self.filtered(lambda invoice_type: invoice_type.behavior == "expense")
        if expense_types:
            counts = dict(
                self.env["billing.expense.report"]._read_group(
                    [("billing_type_id", "in", expense_types.ids)],
                    ["billing_type_id"],
                    ["__count"],
                )
            )
            for invoice_type in expense_types:
                invoice_type.document_count = counts.get(invoice_type, 0)
        return result

    def _is_used(self):
        # EXTENDS 'billing.invoice.type'
        return super()._is_used() or bool(
            self.env["billing.expense.report"]
            .sudo()
            .search_count([("billing_type_id", "=", self.id)], limit=1)
        )

    def _next_expense_number(self):
        """Return the next number of this type's expense reports, for example EXP/2026/00001.

        The series is made when it is first needed. Writing it on the type makes one of two people
        who need it at the same time start again and find it.
        """
        self.ensure_one()
        prefix = f"{self.number_prefix or 'EXP'}/%(range_year)s/"
        sequence = self.expense_sequence_id
        if not sequence:
            sequence = self.env["ir.sequence"].create(
                {
                    "name": self.env._("Expense reports of the type %s", self.name),
                    "code": "billing.expense.report",
                    "prefix": prefix,
                    "padding": 5,
                    "use_date_range": True,
                    "company_id": self.company_id.id,
                }
            )
            self.expense_sequence_id = sequence
        elif sequence.prefix != prefix:
            sequence.prefix = prefix
        return sequence.next_by_id()
