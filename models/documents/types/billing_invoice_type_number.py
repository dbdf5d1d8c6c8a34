import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

# A digit would be read as a part of the year or of the number by Odoo's sequences.
NUMBER_PREFIX = re.compile(r"[^\W\d_]([^\W\d_]|[-/])*", re.ASCII)


class BillingInvoiceType(models.Model):
    """The numbers of a type's documents, where they have numbers of their own."""

    _inherit = "billing.invoice.type"

    number_prefix = fields.Char(
        copy=False,
        help="Documents of this type are numbered on their own, for example RET/2026/00001. "
        "Empty: they take the next number of their journal.",
    )

    _number_prefix_uniq = models.UniqueIndex(
        "(company_id, number_prefix) WHERE number_prefix IS NOT NULL",
        "Another invoice type of this company has the same number prefix.",
    )

    @api.constrains("number_prefix", "company_id")
    def _check_number_prefix(self):
        for invoice_type in self.filtered("number_prefix"):
            prefix = invoice_type.number_prefix
            if not NUMBER_PREFIX.fullmatch(prefix):
                raise ValidationError(
                    self.env._(
                        "The number prefix «%s» cannot be used. It starts with a letter, and has "
                        "letters, hyphens and slashes only.",
                        prefix,
                    )
                )
            journals = (
                self.env["account.journal"]
                .sudo()
                .search(
                    [
                        ("company_id", "child_of", invoice_type.company_id.id),
                        ("type", "in", ("sale", "purchase")),
                    ]
                )
            )
            # Odoo puts an R before credit notes and a D before debit notes
            taken = {letter + code for code in journals.mapped("code") for letter in ("", "R", "D")}
            if prefix in taken:
                raise ValidationError(
                    self.env._(
                        "The number prefix «%s» is that of a journal. Two documents would get the "
                        "same number.",
                        prefix,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._without_empty_prefix(vals) for vals in vals_list])

    def write(self, vals):
        vals = self._without_empty_prefix(vals)
        if "number_prefix" in vals:
            self._check_prefix_unused(vals["number_prefix"])
        return super().write(vals)

    def _check_prefix_unused(self, new_prefix):
        """Raise if documents are numbered with the prefix that is being replaced.

        Odoo goes on from the latest number of a journal: all its documents would be numbered with
        the old prefix from then on.
        """
        for invoice_type in self.filtered(
            lambda one: one.number_prefix and one.number_prefix != new_prefix
        ):
            numbered = Domain("billing_type_id", "=", invoice_type.id) & Domain.OR(
                Domain("name", "=like", f"{letter}{invoice_type.number_prefix}/%")
                for letter in ("", "R", "D")
            )
            if self.env["account.move"].sudo().search_count(numbered, limit=1):
                raise UserError(
                    self.env._(
                        "Documents are numbered with «%(prefix)s»: the prefix of «%(type)s» "
                        "stays. Archive this type and create another one instead.",
                        prefix=invoice_type.number_prefix,
                        type=invoice_type.name,
                    )
                )

    @api.model
    def _without_empty_prefix(self, vals):
        """An emptied field of the form is an empty text; the index knows only NULL."""
        if "number_prefix" in vals:
            return {**vals, "number_prefix": (vals["number_prefix"] or "").strip() or False}
        return vals
