from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    # Credit notes, corrections and debit notes of an invoice belong to the same pro forma, a plain
    # duplicate does not: see `copy_data`.
    billing_proforma_id = fields.Many2one(
        "billing.proforma",
        string="Pro Forma",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The estimate this document was made from.",
    )

    def copy_data(self, default=None):
        # EXTENDS 'account': Odoo's wizards for credit and debit notes ask for the business fields
        vals_list = super().copy_data(default)
        if self.env.context.get("include_business_fields"):
            for move, vals in zip(self, vals_list, strict=True):
                if move.billing_proforma_id:
                    vals["billing_proforma_id"] = move.billing_proforma_id.id
        return vals_list

    def action_view_billing_proforma(self):
        """Open the pro forma this invoice was made from."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "billing.proforma",
            "view_mode": "form",
            "res_id": self.billing_proforma_id.id,
        }
