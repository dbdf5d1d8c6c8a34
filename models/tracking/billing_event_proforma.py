from odoo import api, fields, models


class BillingEvent(models.Model):
    _inherit = "billing.event"

    kind = fields.Selection(
        selection_add=[("accepted", "Accepted"), ("declined", "Declined")],
        ondelete={"accepted": "cascade", "declined": "cascade"},
    )
    proforma_id = fields.Many2one(
        "billing.proforma",
        string="Pro Forma",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )

    @api.model
    def _get_document_field(self, documents):
        # EXTENDS
        if documents._name == "billing.proforma":
            return "proforma_id"
        return super()._get_document_field(documents)

    @api.model
    def _get_document_fields(self):
        # EXTENDS
        return [*super()._get_document_fields(), "proforma_id"]

    @api.model
    def _log(self, documents, kind, link=None, **values):
        # EXTENDS
        if documents._name == "billing.proforma":
            return (
                self._log_proforma(documents, kind, link=link, **values)
                if documents
                else self.browse()
            )
        return super()._log(documents, kind, link=link, **values)

    @api.model
    def _log_proforma(self, proforma, kind, link=None, note=False, **values):
        """Record that ``kind`` happened to a pro forma. The note begins with its number."""
        return self.sudo().create(
            {
                "kind": kind,
                "proforma_id": proforma.id,
                "partner_id": proforma.commercial_partner_id.id,
                "company_id": proforma.company_id.id,
                "link_id": link.id if link else False,
                "recipient_id": link.recipient_id.id if link else False,
                "note": f"{proforma.name}: {note}" if note else proforma.name,
                **values,
            }
        )
