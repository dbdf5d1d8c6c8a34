from odoo import models


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _get_rendering_context(self, report, docids, data):
        # EXTENDS 'base': links are made here, not in the template, so that many documents cost one
        # insert, and so that Odoo repeats a request that came with a read-only cursor
        values = super()._get_rendering_context(report, docids, data)
        if values.get("report_type") == "pdf" and self._carries_billing_links(report):
            values["docs"] = values["docs"]._with_billing_print_links()
        return values

    def _carries_billing_links(self, report):
        """Whether documents printed by this report show a payment link."""
        return self._is_invoice_report(report.report_name) or report.report_name in (
            "billing_crm.report_proforma",
            "billing_crm.report_reminder_letter_pages",
            "billing_crm.report_statement",
        )
