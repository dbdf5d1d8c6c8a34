from odoo import api, models


class ReportBillingStatement(models.AbstractModel):
    """What the printed statement is made from: the figures of all of them are read at once."""

    _name = "report.billing_crm.report_statement"
    _description = "Statement of Account: Print"

    @api.model
    def _get_report_values(self, docids, data=None):
        # one that nobody wrote down, the portal's, is in the context instead
        statements = self.env.context.get("billing_statement")
        if statements is None:
            statements = self.env["billing.statement"].browse(docids)
            statements.check_access("read")
        return {
            "doc_ids": docids,
            "doc_model": "billing.statement",
            "docs": statements.sudo()._with_blocks().with_context(billing_writers={}),
        }
