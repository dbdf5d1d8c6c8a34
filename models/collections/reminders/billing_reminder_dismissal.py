from odoo import fields, models


class BillingReminderDismissal(models.Model):
    """Somebody has looked: this money does not pay what the customer is reminded of."""

    _name = "billing.reminder.dismissal"
    _description = "Payment of Something Else"
    _order = "id desc"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    res_model = fields.Char(string="Kind", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Payment", model_field="res_model", required=True, readonly=True
    )

    _payment_uniq = models.UniqueIndex("(partner_id, company_id, res_model, res_id)")
