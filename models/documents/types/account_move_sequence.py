from odoo import models


class AccountMove(models.Model):
    """Documents of a type with a number prefix are numbered on their own."""

    _inherit = "account.move"

    def _get_starting_sequence(self):
        # EXTENDS 'account': the type's prefix in place of the journal's code. The letters that
        # Odoo puts before it for credit and debit notes stay where a type has other documents too.
        start = super()._get_starting_sequence()
        invoice_type = self.billing_type_id.sudo()
        if not invoice_type.number_prefix or invoice_type.behavior == "expense":
            return start
        letters, _code, rest = start.partition(f"{self.journal_id.code}/")
        if invoice_type.behavior in ("credit", "debit"):
            letters = ""
        return f"{letters}{invoice_type.number_prefix}/{rest}"

    def _get_last_sequence_domain(self, relaxed=False):
        # EXTENDS 'account'
        where_string, param = super()._get_last_sequence_domain(relaxed)
        numbered = self.env["billing.invoice.type"]._get_numbered_ids(self.company_id.root_id.id)
        if self.billing_type_id.id in numbered:
            where_string += " AND billing_type_id = %(billing_type_id)s"
            param["billing_type_id"] = self.billing_type_id.id
        elif numbered:
            where_string += (
                " AND (billing_type_id IS NULL OR billing_type_id NOT IN %(billing_type_ids)s)"
            )
            param["billing_type_ids"] = numbered
        return where_string, param
