from odoo import api, fields, models
from odoo.tools import SQL


class ResPartner(models.Model):
    """What a customer is charged for paying late, if not what the others are."""

    _inherit = "res.partner"

    billing_late_fee_policy_id = fields.Many2one(
        "billing.late.fee.policy",
        string="Late Fee Policy",
        company_dependent=True,
        ondelete="restrict",
        groups="billing_crm.group_billing_user",
        help="Leave empty to let the conditions of the policies decide.",
    )
    billing_applied_late_fee_policy_id = fields.Many2one(
        "billing.late.fee.policy",
        string="Late Fees in Use",
        compute="_compute_billing_applied_late_fee_policy_id",
        groups="billing_crm.group_billing_user",
        help="What this customer is charged for paying late, as of today.",
    )
    billing_customer_kind = fields.Selection(
        selection=[("business", "Business"), ("consumer", "Consumer")],
        string="Buys as",
        groups="billing_crm.group_billing_user",
        help="The law protects consumers. Leave empty to go by the contact: a person without a tax "
        "number is a consumer.",
    )

    @api.depends(
        "billing_late_fee_policy_id",
        "billing_customer_kind",
        "category_id",
        "country_id",
        "is_company",
        "vat",
    )
    @api.depends_context("company")
    def _compute_billing_applied_late_fee_policy_id(self):
        policies = self.env["billing.late.fee.policy"]._get_customer_policies(
            self.env.company, self.commercial_partner_id.ids
        )
        for partner in self:
            partner.billing_applied_late_fee_policy_id = policies.get(
                partner.commercial_partner_id.id
            )

    @api.model
    def _is_consumer_to_sql(self, alias):
        """Return, as SQL, whether the commercial partner ``alias`` buys as a consumer."""
        return SQL(
            """
            COALESCE(
                %(kind)s = 'consumer',
                %(is_company)s IS NOT TRUE AND COALESCE(%(vat)s, '') IN ('', '/')
            )
            """,
            kind=SQL.identifier(alias, "billing_customer_kind"),
            is_company=SQL.identifier(alias, "is_company"),
            vat=SQL.identifier(alias, "vat"),
        )
