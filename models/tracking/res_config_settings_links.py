from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    # Not related fields: those are written one by one, and the company's rule is about all three.
    billing_link_days = fields.Integer(default=lambda self: self.env.company.billing_link_days)
    billing_link_minimum_days = fields.Integer(
        default=lambda self: self.env.company.billing_link_minimum_days
    )
    billing_link_maximum_days = fields.Integer(
        default=lambda self: self.env.company.billing_link_maximum_days
    )
    billing_link_print = fields.Boolean(related="company_id.billing_link_print", readonly=False)

    def set_values(self):
        # EXTENDS 'base'
        result = super().set_values()
        names = ("billing_link_days", "billing_link_minimum_days", "billing_link_maximum_days")
        changed = {name: self[name] for name in names if self[name] != self.company_id[name]}
        if changed:
            self.company_id.write(changed)
        return result
