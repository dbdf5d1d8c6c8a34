from odoo import fields, models


class BillingWatch(models.Model):
    """Somebody wants to be told when an invoice is first read, or was told so.

    The unique index is what makes it once: two visitors who come first at the same time try to put
    down the same row, and one of them is too late.
    """

    _name = "billing.watch"
    _description = "Watched Invoice"
    _log_access = False

    move_id = fields.Many2one(
        "account.move", string="Invoice", required=True, readonly=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    told_on = fields.Datetime(readonly=True)

    _move_user_uniq = models.UniqueIndex("(move_id, user_id)")
