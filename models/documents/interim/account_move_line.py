from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    billing_plan_line_id = fields.Many2one(
        "billing.milestone.plan.line",
        string="Contract Line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )

    def _copy_data_extend_business_fields(self, values):
        # EXTENDS 'account': a credit note, or a corrected invoice, is about the same contract
        result = super()._copy_data_extend_business_fields(values)
        if self.billing_plan_line_id:
            values["billing_plan_line_id"] = self.billing_plan_line_id.id
        return result
