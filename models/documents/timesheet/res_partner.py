from odoo import fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = "res.partner"

    billing_hourly_rate_ids = fields.One2many(
        "billing.hourly.rate",
        "partner_id",
        string="Hourly Rates",
        groups="billing_crm.group_billing_user",
    )
    billing_unbilled_hours = fields.Float(
        string="Unbilled Hours",
        compute="_compute_billing_unbilled_hours",
        groups="billing_crm.group_billing_user",
    )

    def _get_billing_unbilled_hours_domain(self):
        """Return the domain of the unbilled hours of these customers and their contacts."""
        return (
            self.env["account.analytic.line"]._get_billing_unbilled_domain()
            & Domain("company_id", "in", self.env.companies.ids)
            & Domain("partner_id.commercial_partner_id", "in", self.commercial_partner_id.ids)
        )

    def _compute_billing_unbilled_hours(self):
        """Hours as entered, of the whole customer, in one query."""
        totals = dict(
            self.env["account.analytic.line"]._read_group(
                self._get_billing_unbilled_hours_domain(),
                ["partner_id.commercial_partner_id"],
                ["unit_amount:sum"],
            )
        )
        for partner in self:
            partner.billing_unbilled_hours = totals.get(partner.commercial_partner_id, 0.0)

    def action_open_billing_unbilled_hours(self):
        """List the hours that wait for an invoice to these customers."""
        return self.env["account.analytic.line"]._get_billing_hours_action(
            self.env._("Unbilled Hours"), list(self._get_billing_unbilled_hours_domain())
        )
