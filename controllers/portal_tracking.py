from odoo import http
from odoo.addons.account_payment.controllers.portal import PortalAccount
from odoo.http import request

from .billing_visit import BillingVisit


class PortalTracking(BillingVisit, PortalAccount):
    """Customers who look at an invoice in Odoo's own portal, or fetch it there."""

    @http.route()
    def portal_my_invoice_detail(
        self, invoice_id, access_token=None, report_type=None, download=False, **kw
    ):
        response = super().portal_my_invoice_detail(
            invoice_id,
            access_token=access_token,
            report_type=report_type,
            download=download,
            **kw,
        )
        kind = self._billing_kind_of_portal_visit(report_type, download)
        if kind and response.status_code == 200:  # else Odoo refused it
            self._billing_log_portal_visit(
                request.env["account.move"].sudo().browse(invoice_id), kind
            )
        return response

    @staticmethod
    def _billing_kind_of_portal_visit(report_type, download):
        """Return the kind of event; None for the preview that the page itself shows in a frame."""
        if report_type == "pdf" and download:
            return "downloaded"
        if report_type:
            return None
        return "link_clicked" if request.env.user._is_public() else "viewed"

    def _billing_log_portal_visit(self, invoice, kind):
        if invoice.state != "posted" or not invoice.is_sale_document(include_receipts=True):
            return
        user = request.env.user
        self._billing_log_visit(
            request.env["billing.link"].sudo(),
            invoice,
            kind,
            channel="portal",
            is_signed_in=not user._is_public(),
            recipient_id=not user._is_public() and user.partner_id.id,
        )
