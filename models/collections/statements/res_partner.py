from odoo import api, fields, models


class ResPartner(models.Model):
    """The statements of account of a customer."""

    _inherit = "res.partner"

    billing_statement_excluded = fields.Boolean(
        string="No Scheduled Statements",
        company_dependent=True,
        groups="billing_crm.group_billing_user",
        help="This customer gets no statement of account on a schedule. By hand it can be sent.",
    )
    billing_statement_count = fields.Integer(
        string="Number of Statements",
        compute="_compute_billing_statement_count",
        groups="billing_crm.group_billing_user,sales_team.group_sale_salesman",
    )

    @api.depends_context("allowed_company_ids", "uid")
    def _compute_billing_statement_count(self):
        counts = dict(
            self.env["billing.statement"]._read_group(
                [("partner_id", "in", self.commercial_partner_id.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.billing_statement_count = counts.get(partner.commercial_partner_id, 0)

    def action_open_billing_statements(self):
        """Open the statements that this customer was given."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "billing_crm.action_billing_statement"
        )
        return {
            **action,
            "domain": [("partner_id", "=", self.commercial_partner_id.id)],
            "context": {"default_partner_ids": self.ids},
        }

    def action_make_billing_statements(self):
        """Open the form that makes statements of account for these customers."""
        self.check_access("read")
        return {
            "name": self.env._("Statements of Account"),
            "type": "ir.actions.act_window",
            "res_model": "billing.statement.wizard",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_partner_ids": self.ids},
        }
