from odoo import models


class BillingReminder(models.Model):
    """The invoices that go with a reminder."""

    _inherit = "billing.reminder"

    def _get_invoice_attachments(self):
        """Return the ids of the PDFs of the invoices that this reminder asks for.

        Odoo keeps the PDF of an invoice that was sent. Of others one is made, and kept too.
        """
        self.ensure_one()
        known = self.env.context.get("billing_statements", {})
        moves = (known.get(self.id) or self._get_statement())["items"].move_id.sudo()
        missing = moves.filtered(lambda move: not move.invoice_pdf_report_id)
        if missing:
            self.env["account.move.send"].sudo()._generate_and_send_invoices(
                missing, sending_methods=[], allow_fallback_pdf=True
            )
        return moves.invoice_pdf_report_id.ids
