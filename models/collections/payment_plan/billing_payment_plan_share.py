from odoo import fields, models


class BillingPaymentPlanShare(models.Model):
    """What one installment of a plan takes of one item, when the plan was agreed.

    There is a share for every installment and item, some of nothing: when money is matched with a
    later item first, an installment may come to ask for another item than was foreseen. What is
    open of a share today is for `billing.receivable` to say; the share's id is what tells one part
    of an item from another there, and in the reminders.
    """

    _name = "billing.payment.plan.share"
    _description = "Share of a Payment Plan"
    _order = "plan_id, id"
    _log_access = False

    plan_id = fields.Many2one(
        "billing.payment.plan", required=True, readonly=True, index=True, ondelete="cascade"
    )
    plan_line_id = fields.Many2one(
        "billing.payment.plan.line",
        string="Installment",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    line_id = fields.Many2one(
        "account.move.line",
        string="Open Item",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="plan_id.currency_id")
    amount = fields.Monetary(readonly=True)

    _line_item_uniq = models.UniqueIndex("(plan_line_id, line_id)")
