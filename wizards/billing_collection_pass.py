from odoo import Command, api, fields, models
from odoo.tools import plaintext2html


class BillingCollectionPass(models.TransientModel):
    """Gives customers of the worklist to somebody else."""

    _name = "billing.collection.pass"
    _description = "Pass Customers On"

    collection_ids = fields.Many2many("billing.collection", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="To",
        required=True,
        domain=lambda self: self._get_user_domain(),
    )
    note = fields.Text(help="What they should know.")
    date = fields.Date(
        string="By", required=True, default=lambda self: fields.Date.context_today(self)
    )
    is_escalated = fields.Boolean(string="Escalate", help="Puts the customers into Escalated.")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "billing.collection":
            values["collection_ids"] = [Command.set(self.env.context["active_ids"])]
        return values

    @api.model
    def _get_user_domain(self):
        """Colleagues who see the worklist, or at least their own customers on it."""
        groups = ("billing_crm.group_billing_user", "sales_team.group_sale_salesman")
        return [
            ("share", "=", False),
            ("all_group_ids", "in", [self.env.ref(group).id for group in groups]),
        ]

    def action_pass_on(self):
        """Make somebody else the owner, and put the customers among their activities."""
        self.ensure_one()
        rows = self.collection_ids
        rows.check_access("write")
        values = {"user_id": self.user_id.id}
        if self.is_escalated:
            values["stage"] = "escalated"
        rows.write(values)
        rows.activity_schedule(
            "mail.mail_activity_data_todo",
            self.date,
            summary=self.env._("Passed on by %s", self.env.user.name),
            note=plaintext2html(self.note) if self.note else False,
            user_id=self.user_id.id,
        )
        return {"type": "ir.actions.act_window_close"}
