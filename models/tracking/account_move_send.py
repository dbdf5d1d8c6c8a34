from odoo import api, models


class AccountMoveSend(models.AbstractModel):
    _inherit = "account.move.send"

    @api.model
    def _send_mail(self, move, mail_template, **kwargs):
        # EXTENDS 'account': the mail's button becomes each recipient's own payment link
        move = move.with_context(
            billing_personal_link=move.is_sale_document(include_receipts=True),
            billing_mail_template_id=mail_template.id,
        )
        return super()._send_mail(move, mail_template, **kwargs)
