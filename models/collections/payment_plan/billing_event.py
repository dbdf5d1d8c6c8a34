from odoo import fields, models


class BillingEvent(models.Model):
    _inherit = "billing.event"

    kind = fields.Selection(
        selection_add=[
            ("plan_agreed", "Payment plan agreed"),
            ("plan_kept", "Payment plan kept"),
            ("plan_broken", "Payment plan broken"),
            ("plan_cancelled", "Payment plan cancelled"),
        ],
        ondelete={
            "plan_agreed": "cascade",
            "plan_kept": "cascade",
            "plan_broken": "cascade",
            "plan_cancelled": "cascade",
        },
    )
