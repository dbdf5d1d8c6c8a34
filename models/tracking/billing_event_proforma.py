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
