from odoo import api, models


class IrActionsActions(models.Model):
    _inherit = "ir.actions.actions"

    @api.model
    def get_bindings(self, model_name):
        # EXTENDS 'base': billing users have a payment link that expires and can be revoked; Odoo's
        # own, the same for everyone and for ever, would stand beside it
        bindings = super().get_bindings(model_name)
        if model_name == "account.move" and self.env.user.has_group(
            "billing_crm.group_billing_user"
        ):
            hidden = self.env["ir.model.data"]._xmlid_to_res_id(
                "account_payment.action_invoice_order_generate_link", raise_if_not_found=False
            )
            bindings = {
                kind: [action for action in actions if action["id"] != hidden]
                for kind, actions in bindings.items()
            }
        return bindings
