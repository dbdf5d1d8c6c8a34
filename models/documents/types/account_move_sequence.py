from odoo import api, models


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
        prefixes = dict(
            self.env["billing.invoice.type"]._get_number_prefixes(self.company_id.root_id.id)
        )
        # A type may have got its prefix, or another one, when it had documents already: the number
        # says which series a document is in, not the type alone.
        if prefix := prefixes.get(self.billing_type_id.id):
            where_string += (
                " AND billing_type_id = %(billing_type_id)s"
                " AND sequence_prefix ~ %(billing_prefix)s"
            )
            param["billing_type_id"] = self.billing_type_id.id
            param["billing_prefix"] = self._get_billing_prefix_regex([prefix])
        elif prefixes:
            where_string += (
                " AND (billing_type_id IS NULL OR billing_type_id NOT IN %(billing_type_ids)s"
                " OR sequence_prefix !~ %(billing_prefix)s)"
            )
            param["billing_type_ids"] = tuple(prefixes)
            param["billing_prefix"] = self._get_billing_prefix_regex(prefixes.values())
        return where_string, param

    @api.model
    def _get_billing_prefix_regex(self, prefixes):
        """Return what the numbers that begin with one of these prefixes of types look like.

        Odoo puts an R before credit notes and a D before debit notes.
        """
        return f"^[RD]?({'|'.join(prefixes)})([^A-Za-z]|$)"
