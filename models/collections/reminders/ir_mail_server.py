from odoo import api, models


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    @api.model
    def send_email(self, message, *args, **kwargs):
        # EXTENDS 'base': a reminder's mail is noted in the moment it leaves
        witness = self.env.context.get("billing_witness")
        if not witness:
            return super().send_email(message, *args, **kwargs)
        with witness.watch(message):
            return super().send_email(message, *args, **kwargs)
