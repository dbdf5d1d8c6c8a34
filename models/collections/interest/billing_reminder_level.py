from odoo import fields, models


class BillingReminderLevel(models.Model):
    """A level of the reminders may change what paying late costs."""

    _inherit = "billing.reminder.level"

    late_fee_policy_id = fields.Many2one(
        "billing.late.fee.policy",
        ondelete="restrict",
        check_company=True,
        help="What installments cost that have reached this level. Empty: what is chosen by the "
        "conditions of the policies. A policy chosen on the customer wins.",
    )
