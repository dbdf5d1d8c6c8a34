from odoo import api, fields, models


class BillingPastDueWizard(models.TransientModel):
    """Asks until which day a past due document shows interest, and makes it."""

    _name = "billing.past.due.wizard"
    _description = "Make Past Due Documents"

    move_ids = fields.Many2many("account.move", string="Invoices")
    partner_ids = fields.Many2many("res.partner", string="Customers")
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    date_until = fields.Date(
        string="Interest until",
        required=True,
        default=lambda self: self.env.company._get_billing_today(),
        help="The last day for which interest is shown: today, or the day by which the customer "
        "is to pay.",
    )
    partner_count = fields.Integer(compute="_compute_partner_count")

    @api.depends("partner_ids")
    def _compute_partner_count(self):
        for wizard in self:
            wizard.partner_count = len(wizard.partner_ids)

    def action_apply(self):
        """Make the documents and open them."""
        self.ensure_one()
        documents = self.env["billing.past.due"]
        if self.move_ids:
            self.move_ids.check_access("read")
            made = documents._make_for_moves(self.move_ids, self.date_until)
        else:
            made = documents._make_for_customers(self.partner_ids, self.company_id, self.date_until)
        return made._get_records_action(name=self.env._("Past Due"))
