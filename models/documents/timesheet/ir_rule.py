from odoo import models
from odoo.tools import SQL


class IrRule(models.Model):
    """Letting employees enter hours takes nothing from those who see all analytic lines.

    Odoo joins the rules of a user's groups with OR, but one who has access and no rule sees
    everything. The rule for all employees would end that for, say, a purchaser. So it does not
    count for whoever has been given access to analytic lines without any rule.
    """

    _inherit = "ir.rule"

    def _get_rules(self, model_name, mode="read"):
        # EXTENDS 'base'
        rules = super()._get_rules(model_name, mode)
        if model_name != "account.analytic.line":
            return rules
        own = self.env.ref("billing_crm.analytic_line_rule_own_hours", raise_if_not_found=False)
        if not own or own not in rules or (rules - own).sudo().filtered("groups"):
            return rules
        return rules - own if self._has_other_analytic_access(mode) else rules

    def _has_other_analytic_access(self, mode):
        """Return whether a group of the user gives access to analytic lines by itself."""
        ours = self.env.ref("billing_crm.access_analytic_line_own_hours", raise_if_not_found=False)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT 1
                  FROM ir_model_access access
                  JOIN ir_model model ON model.id = access.model_id
                 WHERE model.model = 'account.analytic.line'
                   AND access.active
                   AND %(permission)s
                   AND access.id != %(ours)s
                   AND (access.group_id IS NULL OR access.group_id = ANY(%(groups)s))
                 LIMIT 1
                """,
                permission=SQL.identifier("access", f"perm_{mode}"),
                ours=ours.id if ours else 0,
                groups=list(self.env.user._get_group_ids()),
            )
        )
        return bool(rows)
