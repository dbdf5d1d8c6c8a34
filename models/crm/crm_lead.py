from odoo import api, fields, models

from .res_partner import FIGURES_GROUPS


class CrmLead(models.Model):
    """A quiet word about the customer before something is sold to them on account."""

    _inherit = "crm.lead"

    billing_score_warning = fields.Text(
        string="How They Pay", compute="_compute_billing_score_warning", groups=FIGURES_GROUPS
    )

    @api.depends("partner_id", "company_id")
    @api.depends_context("company", "uid", "lang")
    def _compute_billing_score_warning(self):
        """Of the opportunity's company, else of the current one; one query for all."""
        companies = self.company_id | self.env.company
        scores = self.env["billing.score"].search(
            [
                ("partner_id", "in", self.partner_id.commercial_partner_id.ids),
                ("company_id", "in", companies.ids),
            ]
        )
        known = {(score.company_id, score.partner_id): score for score in scores}
        for lead in self:
            customer = lead.partner_id.commercial_partner_id
            score = known.get((lead.company_id or self.env.company, customer))
            lead.billing_score_warning = score._get_warning() if score else False
