from odoo import fields, models

# Below every rung: where an installment stands of which no reminder has spoken.
GROUND = -1000


class BillingReminderChange(models.Model):
    """Somebody has set by hand where an installment stands in the ladder.

    A fact: rows are added, never changed, and the latest of an installment counts. ``round`` is how
    often its ladder was begun anew: each rung is climbed once in each round, so nothing is said
    twice unless somebody says so here.
    """

    _name = "billing.reminder.change"
    _description = "Reminder Level Set by Hand"
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
    line_id = fields.Many2one(
        "account.move.line",
        string="Installment",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    move_id = fields.Many2one(related="line_id.move_id", string="Invoice")
    share_id = fields.Integer(
        required=True,
        default=0,
        readonly=True,
        help="The part of a payment plan that is meant; 0 if the installment is in none.",
    )
    kind = fields.Selection(
        selection=[
            ("next", "Next message chosen"),
            ("skip", "Message skipped"),
            ("restart", "Started again"),
        ],
        required=True,
        readonly=True,
    )
    next_days = fields.Integer(
        string="Next Rung", readonly=True, help="The rung that is said next, if one was chosen."
    )
    stand_days = fields.Integer(
        string="Rung",
        required=True,
        default=GROUND,
        readonly=True,
        help=f"The rung on which the installment stands since; {GROUND} if on none.",
    )
    round = fields.Integer(required=True, default=0, readonly=True)
    reason = fields.Char(required=True, readonly=True)
    create_uid = fields.Many2one("res.users", string="Changed by", readonly=True)
    create_date = fields.Datetime(string="Changed on", readonly=True)

    _latest_idx = models.Index("(line_id, share_id, id)")
