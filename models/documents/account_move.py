from odoo import api, fields, models

# Types that a person chooses for an ordinary customer invoice. `credit` and `debit` are missing on
# purpose: they follow from what the document is to Odoo, not from a choice.
CHOSEN_TYPES = ("mixed", "timesheet", "proforma", "interim", "past_due", "recurring")


class AccountMove(models.Model):
    _inherit = "account.move"

    # Not copied: a duplicate, a credit note or a debit note made by Odoo's own wizards starts as
    # another kind of document, and the compute below says which.
    billing_type = fields.Selection(
        selection=[
            ("standard", "Standard"),
            ("credit", "Credit"),
            ("debit", "Debit"),
            ("mixed", "Mixed"),
            ("timesheet", "Timesheet"),
            ("expense", "Expense Report"),
            ("proforma", "Pro Forma"),
            ("interim", "Interim"),
            ("past_due", "Past Due"),
            ("recurring", "Recurring"),
        ],
        compute="_compute_billing_type",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        help="The kind of bill this is to the customer. Empty on vendor bills and other entries.",
    )

    @api.depends("move_type", "debit_origin_id")
    def _compute_billing_type(self):
        for move in self:
            if not move.is_sale_document(include_receipts=True):
                move.billing_type = False
            elif move.move_type == "out_refund":
                move.billing_type = "credit"
            elif move.debit_origin_id:
                move.billing_type = "debit"
            elif move.billing_type not in CHOSEN_TYPES:
                move.billing_type = "standard"
