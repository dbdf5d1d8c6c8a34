from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

WATCHERS = "billing_crm.group_billing_user,sales_team.group_sale_salesman"


class AccountMove(models.Model):
    """Watching an invoice. A posted invoice is not written to for it."""

    _inherit = "account.move"

    billing_is_watched = fields.Boolean(
        string="Watched",
        compute="_compute_billing_is_watched",
        help="You are told when a person first reads this document.",
    )

    @api.depends_context("uid")
    def _compute_billing_is_watched(self):
        watches = (
            self.env["billing.watch"]
            .sudo()
            .search([("move_id", "in", self.ids), ("user_id", "=", self.env.uid)])
        )
        own = self.env.user.billing_watch_own
        for move in self:
            is_own = own and move.invoice_user_id == self.env.user
            move.billing_is_watched = is_own or move._origin in watches.move_id

    def action_billing_watch(self):
        """Ask to be told, or not to be told any more. It is a matter of the current user alone."""
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_groups(WATCHERS):
            raise AccessError(self.env._("Only billing users and salespeople may do this."))
        watch = (
            self.env["billing.watch"]
            .sudo()
            .search([("move_id", "=", self.id), ("user_id", "=", self.env.uid)])
        )
        if watch:
            watch.filtered(lambda watch: not watch.told_on).unlink()
        else:
            self.env.execute_query(
                SQL(
                    """
                    INSERT INTO billing_watch (move_id, user_id, company_id) VALUES (%s, %s, %s)
                    ON CONFLICT DO NOTHING RETURNING id
                    """,
                    self.id,
                    self.env.uid,
                    self.company_id.id,
                )
            )
        self.invalidate_recordset(["billing_is_watched"])
