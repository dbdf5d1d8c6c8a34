from odoo import models


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _carries_billing_links(self, report):
        # EXTENDS 'billing_crm'
        return (
            super()._carries_billing_links(report)
            or report.report_name == "billing_crm.report_past_due"
        )
