from odoo import fields, models

CHARGE_KINDS = [
    ("late_charged", "Charged for late payment"),
    ("late_waived", "Late charge waived"),
    ("late_reversed", "Late charge reversed"),
]


class BillingEvent(models.Model):
    """What became of late charges."""

    _inherit = "billing.event"

    kind = fields.Selection(
        selection_add=CHARGE_KINDS,
        ondelete={kind: "cascade" for kind, _label in CHARGE_KINDS},
    )
