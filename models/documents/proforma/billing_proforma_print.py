from odoo import models


class BillingProforma(models.Model):
    """How an estimate looks on paper."""

    _inherit = "billing.proforma"

    def _get_lang(self):
        """Return the code of the language the customer reads."""
        self.ensure_one()
        return self.partner_id.lang or self.env.lang

    def _get_billing_title(self):
        """Return the printed title, in the language of the context."""
        self.ensure_one()
        title = self.billing_type_id.sudo()._get_title()
        if self.state == "cancel":
            return self.env._("Cancelled %s", title)
        # not that of a draft: the PDF is made while the e-mail that sends it is being written
        return title

    def _get_billing_custom_fields(self):
        """Return the custom fields to print: (label, text) of those that have a value."""
        self.ensure_one()
        return self.env["billing.invoice.type"]._format_properties(self, "billing_properties")

    def _get_amount_in_words(self):
        """Return the total in words, in the language of the context, if the company wants that."""
        self.ensure_one()
        if not self.company_id.display_invoice_amount_total_words:
            return False
        return self.currency_id.amount_to_text(self.amount_total).replace(",", "")

    def _get_report_base_filename(self):
        self.ensure_one()
        return self.name.replace("/", "-")
