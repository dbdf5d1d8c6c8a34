from odoo import api, fields, models

BILLING_USER = "billing_crm.group_billing_user"


class ResPartner(models.Model):
    _inherit = "res.partner"

    billing_expense_portal = fields.Boolean(
        string="Submits Expenses on the Portal",
        company_dependent=True,
        groups=BILLING_USER,
        help="With a portal account, this person or anyone of this company can submit expense "
        "reports to us.",
    )
    billing_expense_markup = fields.Float(
        string="Mark-up on Expenses (%)",
        company_dependent=True,
        groups=BILLING_USER,
        help="Agreed with this client: added to the net cost of expenses that are charged on.",
    )
    billing_expense_waiting_count = fields.Integer(
        string="Expenses to Charge",
        compute="_compute_billing_expense_waiting_count",
        groups=BILLING_USER,
    )

    @api.depends_context("company", "uid")
    def _compute_billing_expense_waiting_count(self):
        """One query for all customers."""
        counts = dict(
            self.env["billing.expense"]._read_group(
                [
                    ("rebill_state", "=", "waiting"),
                    ("client_commercial_id", "in", self.commercial_partner_id.ids),
                    ("company_id", "=", self.env.company.id),
                ],
                ["client_commercial_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.billing_expense_waiting_count = counts.get(partner.commercial_partner_id, 0)

    def action_view_billing_expenses(self):
        """Open what was spent for this customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "billing_crm.action_billing_expense_rebill"
        )
        action["domain"] = [("client_commercial_id", "=", self.commercial_partner_id.id)]
        return action

    def _may_submit_expenses(self, company):
        """Whether this person, or the company they work for, may submit to ``company``."""
        self.ensure_one()
        partner = self.sudo().with_company(company)
        return bool(
            partner.billing_expense_portal or partner.commercial_partner_id.billing_expense_portal
        )
