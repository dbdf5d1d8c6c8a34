from odoo import fields, models


class BillingEvent(models.Model):
    """That nobody has read an invoice is an event too: once for each, whatever runs twice."""

    _inherit = "billing.event"

    kind = fields.Selection(
        selection_add=[("unread", "Not read for long")], ondelete={"unread": "cascade"}
    )
    mail_template_id = fields.Many2one(
        "mail.template",
        string="E-mail Template",
        readonly=True,
        ondelete="set null",
        default=lambda self: self.env.context.get("billing_mail_template_id"),
        help="The template of the mail that was sent.",
    )

    _unread_once = models.UniqueIndex("(move_id) WHERE kind = 'unread'")
