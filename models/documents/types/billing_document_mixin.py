from odoo import api, fields, models


class BillingDocumentMixin(models.AbstractModel):
    """A document of ours from which a customer's invoices are made.

    What follows from the customer and the company is proposed, and a person may change it.
    """

    _name = "billing.document.mixin"
    _description = "Document That Leads to Invoices"
    _inherit = ["billing.typed.mixin"]

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        check_company=True,
        tracking=True,
        ondelete="restrict",
    )
    fiscal_position_id = fields.Many2one(
        "account.fiscal.position",
        compute="_compute_fiscal_position_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        ondelete="restrict",
    )

    @api.depends("partner_id", "company_id")
    def _compute_fiscal_position_id(self):
        positions = self.env["account.fiscal.position"]
        for document in self:
            document.fiscal_position_id = positions.with_company(
                document.company_id
            )._get_fiscal_position(document.partner_id)

    @api.depends("company_id")
    def _compute_currency_id(self):
        for document in self:
            document.currency_id = document.currency_id or document.company_id.currency_id
