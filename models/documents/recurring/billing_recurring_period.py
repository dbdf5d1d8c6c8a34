from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class BillingRecurringPeriod(models.Model):
    """What was done about one period of a series: a fact, inserted once.

    The row and its bill are one transaction, and the pair of series and number is unique: whatever
    is killed and whatever runs twice, a period is billed once. Only a failure is followed by
    another state, and a bill that was taken back by another one when a person asks for it.
    """

    _name = "billing.recurring.period"
    _description = "Billed Period"
    _order = "recurring_id, number desc"
    _rec_name = "number"

    recurring_id = fields.Many2one(
        "billing.recurring", string="Series", required=True, readonly=True, index=True,
        ondelete="cascade",
    )  # fmt: skip
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(related="recurring_id.partner_id", string="Customer")
    number = fields.Integer(required=True, readonly=True)
    period_start = fields.Date(string="From", required=True, readonly=True)
    period_end = fields.Date(string="To", required=True, readonly=True)
    bill_date = fields.Date(string="Planned", required=True, readonly=True)
    state = fields.Selection(
        selection=[("billed", "Billed"), ("skipped", "Skipped"), ("failed", "Failed")],
        required=True,
        readonly=True,
    )
    move_id = fields.Many2one(
        "account.move", string="Invoice", readonly=True, index="btree_not_null",
        ondelete="set null",
    )  # fmt: skip
    replaced_move_ids = fields.Many2many(
        "account.move",
        string="Earlier Invoices",
        readonly=True,
        help="Invoices of this period that were taken back before it was billed again.",
    )
    status = fields.Selection(
        selection=[
            ("draft", "Draft bill"),
            ("billed", "Billed"),
            ("credited", "Credited"),
            ("cancelled", "Cancelled"),
            ("deleted", "Bill deleted"),
            ("skipped", "Skipped"),
            ("failed", "Failed"),
        ],
        compute="_compute_status",
        help="What has become of the bill since.",
    )
    error = fields.Char(string="Reason", readonly=True)
    attempted_on = fields.Datetime(readonly=True)
    send_state = fields.Selection(
        selection=[
            ("queued", "To be sent"),
            ("sent", "Sent"),
            ("failed", "Not sent"),
            ("cancelled", "Not needed"),
        ],
        string="Sending",
        readonly=True,
    )
    send_error = fields.Char(string="Why It Was Not Sent", readonly=True)

    _series_number_uniq = models.UniqueIndex(
        "(recurring_id, number)", "This period is billed already."
    )
    _failed_idx = models.Index("(recurring_id) WHERE state = 'failed'")
    _queued_idx = models.Index("(company_id) WHERE send_state = 'queued'")

    # Not on the payment state: every write to the lines of an entry would look for periods.
    @api.depends("state", "move_id.state")
    def _compute_status(self):
        for period in self:
            move = period.move_id.sudo()
            if period.state != "billed":
                period.status = period.state
            elif not move:
                period.status = "deleted"
            elif move.state == "cancel":
                period.status = "cancelled"
            elif move.state == "draft":
                period.status = "draft"
            else:
                period.status = "credited" if move.payment_state == "reversed" else "billed"

    @api.model
    def _claim(self, rows):
        """Insert periods, and return those that nobody has dealt with before.

        A row that failed before is taken over. Two transactions that want one period: the second
        waits for the first, and gets a serialization error or nothing.

        :param rows: list of dicts with the columns of this model; the same keys in each
        :return: {(series id, number): (id, whether it failed before)} of the claimed ones
        """
        if not rows:
            return {}
        now, user = self.env.cr.now(), self.env.uid
        log = {"create_uid": user, "create_date": now, "write_uid": user, "write_date": now}
        rows = [{**row, **log} for row in rows]
        columns = list(rows[0])
        names = SQL(", ").join(map(SQL.identifier, columns))
        values = SQL(", ").join(SQL("%s", tuple(row[column] for column in columns)) for row in rows)
        updates = SQL(", ").join(
            SQL("%s = EXCLUDED.%s", SQL.identifier(column), SQL.identifier(column))
            for column in columns
        )
        claimed = self.env.execute_query(
            SQL(
                """
                INSERT INTO billing_recurring_period AS known (%s)
                     VALUES %s
                ON CONFLICT (recurring_id, number) DO UPDATE SET %s
                      WHERE known.state = 'failed'
                  RETURNING recurring_id, number, id, xmax <> 0
                """,
                names,
                values,
                updates,
            )
        )
        self.invalidate_model()
        self.env["billing.recurring"].invalidate_model(["period_ids", "failure_reason"])
        return {(series, number): (id_, failed) for series, number, id_, failed in claimed}

    def action_bill_again(self):
        """Bill a period whose bill was taken back, or that was skipped."""
        self.ensure_one()
        self._check_clerk()
        period = self.sudo()
        period.lock_for_update()
        period.invalidate_recordset()
        if period.status not in ("credited", "cancelled", "deleted", "skipped"):
            raise UserError(
                self.env._(
                    "Period %s has a bill that stands, or has yet to be billed.", self.number
                )
            )
        move = self.recurring_id._bill_period_again(period)
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": move.id,
            "views": [(False, "form")],
        }

    def action_retry_sending(self):
        """Put bills that could not be sent into the queue again."""
        self._check_clerk()
        stuck = self.sudo().filtered(lambda period: period.send_state == "failed")
        stuck.write({"send_state": "queued", "send_error": False})
        self.env.ref("billing_crm.ir_cron_recurring_send").sudo()._trigger()

    def _check_clerk(self):
        """Facts may be read only; those who may write on the series may press a button."""
        self.check_access("read")
        self.recurring_id.check_access("write")
