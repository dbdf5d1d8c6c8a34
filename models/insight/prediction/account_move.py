from odoo import api, fields, models

# The opinion of a customer is not for the customer, who may read the invoice in the portal.
READERS = "billing_crm.group_billing_user,sales_team.group_sale_salesman"


class AccountMove(models.Model):
    _inherit = "account.move"

    # written by SQL in batches (`billing.prediction`): a compute would predict at every payment
    late_probability = fields.Float(
        string="Late Payment Risk",
        readonly=True,
        copy=False,
        digits=(16, 2),
        aggregator="avg",
        groups=READERS,
        help="How likely the customer is to pay after the due date, judged every night by what "
        "they and your other customers did before.",
    )
    expected_payment_date = fields.Date(
        string="Expected Payment",
        readonly=True,
        copy=False,
        groups=READERS,
        help="The day by which this invoice will probably be paid in full: as likely before it as "
        "after. Judged every night.",
    )
    billing_prediction_ids = fields.One2many(
        "billing.prediction", "move_id", string="Expected Payments", groups=READERS
    )
    billing_expectation = fields.Char(
        string="Why", compute="_compute_billing_expectation", groups=READERS
    )

    @api.depends("expected_payment_date")
    @api.depends_context("lang")
    def _compute_billing_expectation(self):
        for move in self:
            last = move.billing_prediction_ids.sorted("expected_date")[-1:]
            move.billing_expectation = last.explanation
