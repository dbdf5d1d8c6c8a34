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
        if documents and documents._name == "billing.proforma":
            values["note"] = documents._get_billing_note(values.get("note"))
        return super()._log(documents, kind, link=link, **values)
