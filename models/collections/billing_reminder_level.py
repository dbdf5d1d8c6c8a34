from odoo import fields, models


class BillingReminderLevel(models.Model):
    """One rung of a ladder: how long after the due date, and what is said then."""

    _name = "billing.reminder.level"
    _description = "Reminder Level"
    _order = "delay_days, id"

    name = fields.Char(required=True, translate=True)
    policy_id = fields.Many2one(
        "billing.reminder.policy", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True)
    delay_days = fields.Integer(
        string="Days Overdue",
        required=True,
        help="Counted from the due date of each installment.",
    )
    mail_template_id = fields.Many2one(
        "mail.template",
        string="E-Mail",
        required=True,
        domain=[("model", "=", "billing.reminder")],
        ondelete="restrict",
    )

    _delay_days_positive = models.Constraint(
        "CHECK (delay_days > 0)", "A reminder is sent at least one day after the due date."
    )
    _delay_days_uniq = models.Constraint(
        "UNIQUE (policy_id, delay_days)", "Two levels of a policy cannot fall on the same day."
    )
