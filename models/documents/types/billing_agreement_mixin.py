from odoo import api, fields, models


class BillingAgreementMixin(models.AbstractModel):
    """What a salesperson agrees with a customer before anything is billed."""

    _name = "billing.agreement.mixin"
    _description = "Agreement with a Customer"
    _inherit = ["billing.document.mixin"]

    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", store=True, precompute=True, index=True
    )
    reference = fields.Char(string="Customer Reference", copy=False)
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        check_company=True,
        domain="[('share', '=', False)]",
        tracking=True,
    )
    lead_id = fields.Many2one(
        "crm.lead",
        string="Opportunity",
        index="btree_not_null",
        check_company=True,
        copy=False,
        ondelete="set null",
        domain="[('type', '=', 'opportunity')]",
    )
    fiscal_position_id = fields.Many2one(ondelete="restrict")
    payment_term_id = fields.Many2one(
        "account.payment.term",
        string="Payment Terms",
        compute="_compute_payment_term_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )

    @api.depends("partner_id")
    def _compute_user_id(self):
        """The customer's salesperson, else the current user, if they work for the company."""
        for document in self:
            if document.user_id:
                continue
            candidates = document.partner_id.user_id | self.env.user
            document.user_id = candidates.filtered(
                lambda user, company=document.company_id: company in user.sudo().company_ids
            )[:1]

    @api.depends("partner_id", "company_id", "billing_type_id")
    def _compute_payment_term_id(self):
        """The type's, because whoever sets them there means it; else the customer's."""
        for document in self:
            partner = document.partner_id.with_company(document.company_id)
            document.payment_term_id = (
                document.billing_type_id.sudo().payment_term_id or partner.property_payment_term_id
            )
