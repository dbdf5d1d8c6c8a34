from odoo import api, fields, models


class BillingLink(models.Model):
    _inherit = "billing.link"

    proforma_id = fields.Many2one(
        "billing.proforma",
        string="Pro Forma",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )

    purpose = fields.Selection(selection_add=[("proforma", "Pro forma")])

    @api.depends("proforma_id")
    def _compute_purpose(self):
        estimates = self.filtered("proforma_id")
        estimates.purpose = "proforma"
        return super(BillingLink, self - estimates)._compute_purpose()

    def _get_document(self):
        return self.proforma_id or super()._get_document()

    def _is_still_theirs(self):
        if self.proforma_id:
            return self._get_proforma().state in ("sent", "accepted", "declined")
        return super()._is_still_theirs()

    def _get_invoices(self):
        # EXTENDS: the link of an estimate shows the estimate, and nothing that is owed
        if self.proforma_id:
            return self.env["account.move"]
        return super()._get_invoices()

    def _get_proforma(self):
        """Return the pro forma that this link may show.

        One that was sent to the wrong customer may have been given to another since.
        """
        proforma = self.proforma_id
        return proforma.filtered(
            lambda one: (
                one.company_id == self.company_id
                and one.commercial_partner_id == self.partner_id.commercial_partner_id
            )
        )
