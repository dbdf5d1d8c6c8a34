from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    billing_watch_own = fields.Boolean(
        string="Tell Me When My Invoices Are Read",
        help="You are told when a person first reads an invoice whose salesperson you are.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "billing_watch_own"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, "billing_watch_own"]
