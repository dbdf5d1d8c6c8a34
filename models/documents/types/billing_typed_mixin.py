from odoo import api, fields, models
from odoo.exceptions import ValidationError


class BillingTypedMixin(models.AbstractModel):
    """A document of ours that has a type, as invoices have: one of its company's."""

    _name = "billing.typed.mixin"
    _description = "Document with an Invoice Type"

    # The behavior that the types of these documents have; each kind of document names its own.
    _billing_behavior = None

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    billing_type_id = fields.Many2one(
        "billing.invoice.type",
        string="Invoice Type",
        compute="_compute_billing_type_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        ondelete="restrict",
        domain=lambda self: [("behavior", "=", self._billing_behavior)],
    )

    @api.depends("company_id")
    def _compute_billing_type_id(self):
        """Keep a type that fits, of the company or of one above it; else take the default."""
        types = self.env["billing.invoice.type"].sudo()
        behavior = self._billing_behavior
        for document in self:
            chosen, companies = document.billing_type_id.sudo(), document.company_id.sudo()
            if chosen.behavior != behavior or chosen.company_id not in companies.parent_ids:
                document.billing_type_id = types._get_default(companies, behavior)

    @api.constrains("billing_type_id")
    def _check_billing_type(self):
        for document in self:
            chosen = document.billing_type_id.sudo()
            if chosen and chosen.behavior != self._billing_behavior:
                raise ValidationError(
                    self.env._(
                        "%(document)s: «%(type)s» is the type of other documents.",
                        document=self.env["ir.model"]._get(self._name).name,
                        type=chosen.name,
                    )
                )
