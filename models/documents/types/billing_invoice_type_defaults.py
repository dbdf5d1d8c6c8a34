from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import ormcache

from .billing_invoice_type import BEHAVIORS


class BillingInvoiceType(models.Model):
    """Which type a document of a company has, unless a person chose one."""

    _inherit = "billing.invoice.type"

    @api.model
    def _create_missing(self, companies=None):
        """Give companies one type for each behavior they have none of yet. Branches need none.

        :param companies: `res.company`; all if empty
        """
        companies = companies or self.env["res.company"].sudo().search([("parent_id", "=", False)])
        known = {
            (company.id, behavior)
            for company, behavior in self.sudo()
            .with_context(active_test=False)
            ._read_group([("company_id", "in", companies.ids)], ["company_id", "behavior"])
        }
        created = self.sudo().create(
            [
                {
                    "name": label,
                    "behavior": behavior,
                    "company_id": company.id,
                    "sequence": position * 10,
                }
                for company in companies.filtered(lambda company: not company.parent_id)
                for position, (behavior, label) in enumerate(BEHAVIORS, start=1)
                if (company.id, behavior) not in known
            ]
        )
        for lang, _name in self.env["res.lang"].get_installed():
            if lang == "en_US":
                continue
            translated = created.with_context(lang=lang)
            labels = dict(translated._fields["behavior"]._description_selection(translated.env))
            for invoice_type in translated:
                invoice_type.name = labels[invoice_type.behavior]
        return created

    @api.model
    def _get_default(self, company, behavior):
        """Return the type that documents of ``company`` with this behavior have unless told.

        The first one of the company, else of the companies above it. Empty if all are archived.
        Cached: it is asked once for every new invoice.
        """
        return self.browse(self._get_default_id(company.id, behavior))

    @api.model
    def _require_default(self, company, behavior):
        """Return the same, or say what is missing.

        :raise UserError: if the company has no active type with this behavior
        """
        invoice_type = self._get_default(company, behavior)
        if not invoice_type:
            label = dict(self._fields["behavior"]._description_selection(self.env))[behavior]
            raise UserError(
                self.env._(
                    "%(company)s has no active invoice type with the behavior «%(behavior)s». "
                    "Restore or create one under Configuration, Invoice Types.",
                    company=company.name,
                    behavior=label,
                )
            )
        return invoice_type

    @ormcache("company_id", "behavior")
    def _get_default_id(self, company_id, behavior):
        company = self.env["res.company"].sudo().browse(company_id)
        candidates = self.sudo().search(
            [("company_id", "parent_of", company_id), ("behavior", "=", behavior)]
        )
        for ancestor in reversed(company.parent_ids):
            own = candidates.filtered(
                lambda candidate, ancestor=ancestor: candidate.company_id == ancestor
            )
            if own:
                return own[0].id
        return False

    @api.model
    @ormcache("root_company_id")
    def _get_number_prefixes(self, root_company_id):
        """Return (id, prefix) of the types that have one, of a company and all its branches."""
        return tuple(
            (invoice_type.id, invoice_type.number_prefix)
            for invoice_type in self.sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("company_id", "child_of", root_company_id),
                    ("number_prefix", "!=", False),
                    # the prefix numbers the reports, not the bills made from them
                    ("behavior", "!=", "expense"),
                ]
            )
        )
