from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from .billing_reminder import OPEN_STATES

# Below every rung: where an installment stands of which no reminder has spoken.
GROUND = -1000


class Stand(NamedTuple):
    """On which rung an open item stands, and in which round of its ladder."""

    item: models.BaseModel
    delay_days: int
    round: int


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

    @api.model
    def _get_stands(self, items):
        """Return on which rung open items stand now, not counting what has not gone out yet.

        :param items: rows of ``billing.receivable``
        :return: for each, ``item``, ``delay_days`` (`GROUND` if no message has spoken of it) and
            ``round``
        :rtype: list[Stand]
        """
        if not items:
            return []
        self.env.flush_all()
        keys = {(item.line_id.id, item.share_id): item for item in items}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT open_item.line_id, open_item.share_id, stand.delay_days, stand.round
                  FROM (VALUES %s) AS open_item (line_id, share_id)
                  %s
                """,
                SQL(", ").join(SQL("(%s, %s)", *key) for key in keys),
                self.env["billing.reminder"]._join_stand(
                    SQL(
                        "AND past.reminder_id NOT IN"
                        " (SELECT id FROM billing_reminder WHERE state IN %s)",
                        OPEN_STATES,
                    )
                ),
            )
        )
        return [
            Stand(keys[line, share], delay_days, round_) for line, share, delay_days, round_ in rows
        ]

    @api.model
    def _change(self, kind, stands, policy, level, reason):
        """Set the next message of installments by hand.

        :param kind: one of the field's: ``next`` needs a ``level``
        :param stands: what `_get_stands` says of the installments
        :param policy: the ladder of their customer
        """
        self.env["billing.reminder"]._for_clerk()
        rows = []
        for stand in stands:
            item = stand.item
            values = {"round": stand.round, "stand_days": stand.delay_days, "next_days": 0}
            if kind == "next":
                if level.delay_days <= stand.delay_days:
                    values.update(round=stand.round + 1, stand_days=GROUND)
                values["next_days"] = level.delay_days
            elif kind == "restart":
                values.update(round=stand.round + 1, stand_days=GROUND)
            else:
                upper = [
                    delay
                    for delay in policy.level_ids.mapped("delay_days")
                    if delay > stand.delay_days and (delay > 0) == item.is_overdue
                ]
                values["stand_days"] = min(upper, default=stand.delay_days)
            rows.append(
                {
                    "company_id": item.company_id.id,
                    "partner_id": item.partner_id.id,
                    "line_id": item.line_id.id,
                    "share_id": item.share_id,
                    "kind": kind,
                    "reason": reason,
                    **values,
                }
            )
        return self.sudo().create(rows)
