from odoo import fields, models


class BillingReminderLevel(models.Model):
    """What a level does about being paid late."""

    _inherit = "billing.reminder.level"

    charge_fees = fields.Boolean(
        string="Propose Late Charges",
        help="Interest and fees that may be charged are proposed, and the message says how much "
        "they are. They are charged once somebody approves them.",
    )
    attach_past_due = fields.Boolean(
        string="Attach Past Due Document",
        help="Goes with the e-mail, and follows the letter: each overdue invoice, what was paid, "
        "interest and fees, and the total that is due now.",
    )
