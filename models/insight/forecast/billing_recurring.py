from odoo import models


class BillingRecurring(models.Model):
    """When the bills to come will be due."""

    _inherit = "billing.recurring"

    def _get_installments(self, bill, billed_on):
        """Return the installments of a bill to come, as (due date, amount in its currency).

        :param bill: see `_get_next_bills`
        :param billed_on: the date it will have
        """
        self.ensure_one()
        series = self.sudo()
        terms = (
            series.invoice_payment_term_id
            or series.billing_type_id.payment_term_id
            or series.partner_id.property_payment_term_id
        )
        if not terms:
            return [(billed_on, bill["total"])]
        tax = bill["total"] - bill["untaxed"]
        split = terms._compute_terms(
            date_ref=billed_on,
            currency=series.currency_id,
            company=series.company_id,
            # only what is in the currency of the bill is read, so the rate does not matter
            tax_amount=tax,
            tax_amount_currency=tax,
            sign=1,
            untaxed_amount=bill["untaxed"],
            untaxed_amount_currency=bill["untaxed"],
        )
        return [
            (line["date"], series.currency_id.round(line["foreign_amount"]))
            for line in split["line_ids"]
        ]
