from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command

from ..models.collections.reminders.billing_reminder_volume import FIRST_DAY_LIMIT
from ..models.collections.reminders.res_company_start import STARTS
from .billing_reminder_preview import DAYS


class BillingReminderSwitchOn(models.TransientModel):
    """Shows what switching reminders on would do to debts that are old already, and asks how."""

    _name = "billing.reminder.switch.on"
    _description = "Switch Reminders On"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    start = fields.Selection(selection=STARTS, string="Begin", required=True, default="gently")
    choice_ids = fields.One2many("billing.reminder.switch.on.choice", "wizard_id", readonly=True)
    is_much = fields.Boolean(compute="_compute_is_much")
    first_day_limit = fields.Integer(default=FIRST_DAY_LIMIT, readonly=True)

    @api.depends("start", "choice_ids.today_count")
    def _compute_is_much(self):
        for wizard in self:
            chosen = wizard.choice_ids.filtered_domain([("start", "=", wizard.start)])
            wizard.is_much = chosen.today_count > FIRST_DAY_LIMIT

    @api.model
    def _open(self, company):
        """Work out what each choice would do in a company, and open the question."""
        wizard = self.create(
            {
                "company_id": company.id,
                "choice_ids": [
                    Command.create(self._foretell(company, start)) for start, _label in STARTS
                ],
            }
        )
        return wizard._get_records_action(
            name=self.env._("Switch Reminders On"), target="new", context={"dialog_size": "large"}
        )

    @api.model
    def _foretell(self, company, start):
        """Count the messages of today and of the next days if reminders begin in one way."""
        _rows, gone = self.env["billing.reminder"]._simulate(company, DAYS, start=start)
        counts = [len(ids) for ids in gone.values()]
        return {
            "start": start,
            "today_count": counts[0],
            "busiest_count": max(counts),
            "total_count": sum(counts),
        }

    def action_switch_on(self):
        """Switch reminders on in the way that was chosen."""
        self.ensure_one()
        self._check_manager()
        self.company_id.sudo()._switch_reminders_on(self.start)
        return {"type": "ir.actions.client", "tag": "reload"}

    def action_preview(self):
        """Open the messages of the next days if reminders begin in the way that was chosen."""
        self.ensure_one()
        preview = self.env["billing.reminder.preview"].with_company(self.company_id)
        return preview.action_preview(self.start)

    @api.model
    def _check_manager(self):
        if not self.env.user.has_group("billing_crm.group_billing_manager"):
            raise AccessError(self.env._("Only billing managers may do this."))
