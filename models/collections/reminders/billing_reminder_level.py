from odoo import api, fields, models
from odoo.exceptions import ValidationError


class BillingReminderLevel(models.Model):
    """One rung of a ladder: when it is reached, and what happens then."""

    _name = "billing.reminder.level"
    _description = "Reminder Level"
    _order = "delay_days, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    policy_id = fields.Many2one(
        "billing.reminder.policy", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True)
    delay_days = fields.Integer(
        string="Days after Due Date",
        required=True,
        help="Counted from the due date of each installment. Negative: before it is due.",
    )
    tone = fields.Selection(
        selection=[("friendly", "Friendly"), ("firm", "Firm"), ("final", "Final")],
        required=True,
        default="friendly",
        help="How serious this level is.",
    )
    send_mail = fields.Boolean(string="E-Mail", default=True)
    mail_template_id = fields.Many2one(
        "mail.template",
        string="E-Mail Template",
        domain=[("model", "=", "billing.reminder")],
        ondelete="restrict",
    )
    attach_invoices = fields.Boolean(help="The PDF of each invoice goes with the e-mail.")
    send_letter = fields.Boolean(string="Letter", help="A letter to print and post is made.")
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        string="Activity",
        domain=[("res_model", "in", (False, "res.partner"))],
        ondelete="restrict",
        help="Somebody is asked to do this, a call for example.",
    )
    activity_user = fields.Selection(
        selection=[
            ("salesperson", "Salesperson of the customer"),
            ("responsible", "Responsible of the policy"),
            ("fixed", "Somebody else"),
        ],
        string="Assigned to",
        required=True,
        default="salesperson",
        help="Without a salesperson, the responsible of the policy is asked.",
    )
    activity_user_id = fields.Many2one("res.users", string="Person", domain=[("share", "=", False)])
    activity_summary = fields.Char(string="Summary", translate=True)
    activity_holds = fields.Boolean(
        string="Wait until Done",
        help="The customer climbs no further before the activity is done.",
    )
    sms_text = fields.Text(
        string="Text Message",
        translate=True,
        help="Sent to the customer's phone. {customer}, {amount}, {company} and {link} are filled "
        "in. Leave empty for none.",
    )
    can_text = fields.Boolean(compute="_compute_can_text")
    signer = fields.Selection(
        selection=[
            ("company", "The company"),
            ("salesperson", "Salesperson of the customer"),
            ("user", "A person"),
        ],
        string="Signed by",
        required=True,
        default="company",
    )
    signer_id = fields.Many2one(
        "res.users", string="Signing Person", domain=[("share", "=", False)], ondelete="restrict"
    )

    # three digits before the minus sign is a typing error
    _delay_days_range = models.Constraint(
        "CHECK (delay_days BETWEEN -99 AND 3650)",
        "A level falls at most 99 days before and ten years after the due date.",
    )
    _delay_days_uniq = models.Constraint(
        "UNIQUE (policy_id, delay_days)", "Two levels of a policy cannot fall on the same day."
    )
    _mail_template_present = models.Constraint(
        "CHECK (mail_template_id IS NOT NULL OR NOT send_mail)",
        "A level that sends an e-mail needs a template.",
    )
    _signer_present = models.Constraint(
        "CHECK (signer_id IS NOT NULL OR signer != 'user')",
        "Choose the person who signs.",
    )
    _activity_user_present = models.Constraint(
        "CHECK (activity_user_id IS NOT NULL OR activity_user != 'fixed')",
        "Choose the person who does the activity.",
    )

    @api.depends_context("uid")
    def _compute_can_text(self):
        self.can_text = "sms.sms" in self.env

    @api.constrains("send_mail", "send_letter", "activity_type_id", "sms_text")
    def _check_something_happens(self):
        for level in self:
            if not (
                level.send_mail or level.send_letter or level.activity_type_id or level.sms_text
            ):
                raise ValidationError(
                    self.env._("Level %s does nothing: choose what happens.", level.name)
                )
