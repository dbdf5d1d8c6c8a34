from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.collections.reminders.billing_reminder import OPEN_STATES


class BillingReminderChangeWizard(models.TransientModel):
    """Sets by hand where installments stand in their ladder, for a reason."""

    _name = "billing.reminder.change.wizard"
    _description = "Change the Next Reminder"

    partner_id = fields.Many2one("res.partner", string="Customer", required=True, readonly=True)
    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    policy_id = fields.Many2one("billing.reminder.policy", compute="_compute_policy_id")
    kind = fields.Selection(
        selection=[
            ("next", "Choose the next message"),
            ("skip", "Skip the next message"),
            ("restart", "Start again at the first level"),
        ],
        string="What to Do",
        required=True,
        default="next",
    )
    level_id = fields.Many2one(
        "billing.reminder.level",
        string="Next Message",
        domain="[('policy_id', '=', policy_id), ('delay_days', '>', 0)]",
    )
    is_repetition = fields.Boolean(compute="_compute_is_repetition")
    repeat = fields.Boolean(string="Say it again")
    reason = fields.Char(required=True)

    @api.model
    def default_get(self, fields):
        # EXTENDS 'base': opened from a customer or from an invoice
        values = super().default_get(fields)
        record = self.env[self.env.context.get("active_model", "res.partner")].browse(
            self.env.context.get("active_id")
        )
        if record._name == "account.move":
            values |= {
                "move_id": record.id,
                "partner_id": record.commercial_partner_id.id,
                "company_id": record.company_id.id,
            }
        else:
            values |= {
                "partner_id": record.commercial_partner_id.id,
                "company_id": self.env.company.id,
            }
        return values

    @api.depends("partner_id", "company_id")
    def _compute_policy_id(self):
        for wizard in self:
            policies = self.env["billing.reminder.policy"]._get_customer_policies(
                wizard.company_id, wizard.partner_id
            )
            wizard.policy_id = policies.get(wizard.partner_id.id)

    @api.depends("kind", "level_id")
    def _compute_is_repetition(self):
        for wizard in self:
            level = wizard.level_id if wizard.kind == "next" else None
            wizard.is_repetition = bool(level) and any(
                stand.delay_days >= level.delay_days for stand in wizard._get_stands()
            )

    def action_apply(self):
        """Write down the change; the next run of reminders goes by it."""
        self.ensure_one()
        self._drop_unsent()
        if self.kind == "next" and not self.level_id:
            raise UserError(self.env._("Choose the next message."))
        if self.is_repetition and not self.repeat:
            raise UserError(
                self.env._(
                    "The customer has had «%s» or a later message already. Tick the box to say it "
                    "again.",
                    self.level_id.name,
                )
            )
        stands = self._get_stands()
        if not stands:
            raise UserError(self.env._("Nothing is open that a reminder could speak of."))
        self.env["billing.reminder.change"]._change(
            self.kind, stands, self.policy_id, self.level_id, self.reason
        )
        (self.move_id or self.partner_id)._message_log(body=self._get_note())
        return {"type": "ir.actions.act_window_close"}

    def _drop_unsent(self):
        """Take back what was decided before this and has not gone out: it may say the opposite."""
        domain = [
            ("company_id", "=", self.company_id.id),
            ("partner_id", "=", self.partner_id.id),
            ("state", "in", OPEN_STATES),
        ]
        if self.move_id:
            domain.append(("item_ids.move_id", "=", self.move_id.id))
        self.env["billing.reminder"].search(domain).action_cancel()

    def _get_note(self):
        """Return what the chatter says of this change."""
        if self.kind == "next":
            change = self.env._("The next reminder is «%s».", self.level_id.name)
        elif self.kind == "skip":
            change = self.env._("The next reminder is skipped.")
        else:
            change = self.env._("Reminders start again at the first level.")
        return f"{change} {self.reason}"

    def _get_stands(self):
        """Return where the installments stand that this is about: the overdue ones of a customer,
        or all open ones of an invoice."""
        domain = [("company_id", "=", self.company_id.id), ("partner_id", "=", self.partner_id.id)]
        if self.move_id:
            domain.append(("move_id", "=", self.move_id.id))
        else:
            domain.append(("is_overdue", "=", True))
        domain += [("kind", "=", "invoice"), ("residual_currency", ">", 0)]
        items = self.env["billing.receivable"].search(domain)
        return self.env["billing.reminder.change"]._get_stands(items)
