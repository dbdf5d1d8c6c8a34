from odoo import models
from werkzeug.exceptions import HTTPException

# What a SEPA credit transfer can carry.
REFERENCE_LENGTH = 140


class AccountMove(models.Model):
    """How an invoice is paid by bank transfer."""

    _inherit = "account.move"

    def _get_billing_bank_details(self, amount):
        """Return what a customer needs for a bank transfer for these invoices, or an empty dict.

        :param amount: what is to be paid, in the currency of the invoices
        :return: ``account``, ``holder``, ``bank``, ``bic``, ``reference``, ``amount`` and ``qr``
            (an image as a data address, as on the printed invoice; False where there is none)
        :rtype: dict
        """
        account = self.partner_bank_id
        if len(account) != 1 or any(not move.partner_bank_id for move in self):
            return {}
        reference = ", ".join(move.payment_reference or move.name for move in self)
        if len(reference) > REFERENCE_LENGTH:
            customer = self.commercial_partner_id
            reference = (customer.ref or customer.name)[:REFERENCE_LENGTH]
        return {
            "account": account.acc_number,
            "holder": account.acc_holder_name or account.partner_id.name,
            "bank": account.bank_name,
            "bic": account.bank_bic,
            "reference": reference,
            "amount": amount,
            "qr": self._get_billing_qr(account, amount, reference),
        }

    def _get_billing_qr(self, account, amount, reference):
        """Return Odoo's QR code for a banking app, if the company prints one and it is possible.

        Unlike the printed invoice this writes nothing down, and asks for what is chosen to be paid.
        """
        company, currency = self.company_id, self.currency_id
        if not company.qr_code or currency.compare_amounts(amount, 0) <= 0:
            return False
        available = dict(account.get_available_qr_methods_in_sequence())
        method = self.qr_code_method if len(self) == 1 else False
        try:
            return account.build_qr_code_base64(
                amount,
                reference,
                self.payment_reference if len(self) == 1 else "",
                currency,
                self[0].partner_id,
                method if method in available else None,
            )
        except HTTPException:  # what Odoo raises if it cannot draw it
            return False
