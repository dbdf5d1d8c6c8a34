from odoo import api, models
from odoo.exceptions import ValidationError

# The number series of pro formas whose type has no prefix of its own.
PREFIX = "PF"
SEQUENCE_CODE = "billing.proforma"


class BillingInvoiceType(models.Model):
    _inherit = "billing.invoice.type"

    def _get_document_model(self):
        # EXTENDS: an estimate is no journal entry
        return "billing.proforma" if self.behavior == "proforma" else super()._get_document_model()

    def _compute_document_count(self):
        # EXTENDS
        result = super()._compute_document_count()
        counts = dict(
            self.env["billing.proforma"]
            .sudo()
            ._read_group(
                [
                    ("billing_type_id", "in", self.ids),
                    ("company_id", "in", self.env.companies.ids),
                ],
                ["billing_type_id"],
                ["__count"],
            )
        )
        for invoice_type in self.filtered(lambda kind: kind.behavior == "proforma"):
            invoice_type.document_count = counts.get(invoice_type.sudo(), 0)
        return result

    def _is_used(self):
        # EXTENDS
        used = (
            self.env["billing.proforma"]
            .sudo()
            .search_count([("billing_type_id", "=", self.id)], limit=1)
        )
        return bool(used) or super()._is_used()

    @api.constrains("number_prefix", "behavior")
    def _check_proforma_prefix(self):
        for invoice_type in self:
            if invoice_type.number_prefix == PREFIX and invoice_type.behavior != "proforma":
                raise ValidationError(
                    self.env._(
                        "The number prefix «%s» is that of pro formas. Two documents would get the "
                        "same number.",
                        PREFIX,
                    )
                )

    # -- Numbers -----------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        invoice_types = super().create(vals_list)
        invoice_types._create_proforma_sequences()
        return invoice_types

    def write(self, vals):
        result = super().write(vals)
        if {"number_prefix", "behavior"} & vals.keys():
            self._create_proforma_sequences()
        return result

    def _create_proforma_sequences(self):
        """Make the number series beforehand: two people who make one at once would make two."""
        for invoice_type in self.filtered(lambda kind: kind.behavior == "proforma"):
            branches = (
                self.env["res.company"]
                .sudo()
                .search([("id", "child_of", invoice_type.company_id.id)])
            )
            for company in branches:
                invoice_type._get_proforma_sequence(company)

    def _get_proforma_sequence(self, company):
        """Return the `ir.sequence` of pro formas of this type, as superuser.

        A company has one series for each prefix; it starts anew every year.
        """
        prefix = f"{self.sudo().number_prefix or PREFIX}/%(range_year)s/"
        sequences = self.env["ir.sequence"].sudo()
        domain = [
            ("code", "=", SEQUENCE_CODE),
            ("company_id", "=", company.id),
            ("prefix", "=", prefix),
        ]
        return sequences.search(domain, limit=1) or sequences.create(
            {
                "name": f"Pro forma {self.sudo().number_prefix or PREFIX}",
                "code": SEQUENCE_CODE,
                "company_id": company.id,
                "prefix": prefix,
                "padding": 5,
                "use_date_range": True,
            }
        )
