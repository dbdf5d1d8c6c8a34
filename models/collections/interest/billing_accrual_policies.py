from odoo import api, models
from odoo.tools import SQL


class BillingAccrual(models.AbstractModel):
    """Which policy applies to an installment."""

    _inherit = "billing.accrual"

    @api.model
    def _get_policies(self, company, rows):
        """Return the ids of the policies that apply, by id of line.

        One chosen on the customer; else that of the level that the installment has reached; else
        the one whose conditions the customer meets.
        """
        policies = self.env["billing.late.fee.policy"]
        of_partner = {
            partner: (policy, chosen)
            for partner, policy, chosen in policies._get_customer_policy_rows(
                company, {row.partner_id for row in rows}
            )
        }
        of_level = self._get_level_policies([row.line_id for row in rows])
        found = {}
        for row in rows:
            policy, chosen = of_partner.get(row.partner_id, (None, False))
            if not chosen:
                policy = of_level.get(row.line_id, policy)
            if policy:
                found[row.line_id] = policy
        return found

    @api.model
    def _get_level_policies(self, line_ids):
        """Return the ids of the policies that levels of the reminders chose, by id of line."""
        levels = self.env["billing.reminder.level"].sudo()
        if not levels.search_count([("late_fee_policy_id.active", "=", True)], limit=1):
            return {}
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT DISTINCT ON (item.line_id) item.line_id, level.late_fee_policy_id
                      FROM billing_reminder_item item
                      JOIN billing_reminder reminder
                        ON reminder.id = item.reminder_id AND reminder.state IN ('queued', 'sent')
                      JOIN billing_reminder_level level
                        ON level.policy_id = reminder.policy_id
                       AND level.delay_days <= item.delay_days
                      JOIN billing_late_fee_policy policy
                        ON policy.id = level.late_fee_policy_id AND policy.active
                     WHERE item.line_id = ANY(%s) AND item.is_advance
                  ORDER BY item.line_id, item.id DESC, level.delay_days DESC
                    """,
                    line_ids,
                )
            )
        )
