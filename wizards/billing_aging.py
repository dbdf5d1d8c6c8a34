from odoo import fields, models
from odoo.tools.misc import format_date


class BillingAging(models.TransientModel):
    """Asks for the date of the aging, and what age is counted from."""

    _name = "billing.aging"
    _description = "Aging as of a Date"

    date = fields.Date(string="As of", required=True, default=fields.Date.context_today)
    aging_by = fields.Selection(
        selection=lambda self: self.env["res.company"]._fields["billing_aging_by"].selection,
        string="Age Counted From",
        required=True,
        default=lambda self: self.sudo().env.company.billing_aging_by,
    )

    def action_show(self):
        """Open the items that were open at the end of the day, by age.

        Today's are those of the ledger as it stands, with what is posted for days to come.
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "billing_crm.action_billing_receivable"
        )
        is_past = self.date != fields.Date.context_today(self)
        titles = {
            "due": self.env._("Aged Receivables, %s", format_date(self.env, self.date)),
            "invoice": self.env._(
                "Aged Receivables by Invoice Date, %s", format_date(self.env, self.date)
            ),
        }
        return {
            **action,
            "name": titles[self.aging_by],
            "display_name": titles[self.aging_by],
            "target": "main",
            "context": {
                "billing_as_of": is_past and fields.Date.to_string(self.date),
                "billing_aging_is_past": is_past,
                "billing_aging_by": self.aging_by,
            },
        }
