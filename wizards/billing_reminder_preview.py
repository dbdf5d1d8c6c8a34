from contextlib import closing
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools.misc import format_date

DAYS = 14

# Nobody reads more of one day; the rest is counted.
ROWS_A_DAY = 200


class BillingReminderPreview(models.TransientModel):
    """One message that the engine would send on one of the days to come."""

    _name = "billing.reminder.preview"
    _description = "Preview of a Reminder"
    _order = "day, id"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    day = fields.Date(required=True, readonly=True)
    moment = fields.Datetime(
        string="Not Before", readonly=True, help="When the customer's working hours begin."
    )
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    salesperson_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    policy_id = fields.Many2one("billing.reminder.policy", readonly=True)
    level_id = fields.Many2one("billing.reminder.level", readonly=True)
    step = fields.Integer(readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(readonly=True, help="What the customer is asked for, less credits.")
    item_count = fields.Integer(string="Installments", readonly=True)
    item_values = fields.Json(readonly=True)
    is_asked = fields.Boolean(
        string="Asks First",
        readonly=True,
        help="It waits until somebody approves it: the policy or the customer says so, or so many "
        "messages on one day are unusual.",
    )
    hold_reason = fields.Char(
        string="Held Back",
        readonly=True,
        help="A payment that may settle it has arrived. The message is not sent until it is "
        "matched, or somebody says that it is for something else.",
    )
    channels = fields.Char(string="How", compute="_compute_channels")
    reason = fields.Char(string="Why", compute="_compute_reason")
    problem = fields.Char(compute="_compute_problem")

    @api.depends("level_id", "partner_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.level_id.name}: {row.partner_id.name}"

    @api.depends("level_id")
    def _compute_channels(self):
        for row in self:
            level = row.level_id
            channels = [
                level.send_mail and self.env._("E-mail"),
                level.send_letter and self.env._("Letter"),
                level.sms_text and self.env._("Text message"),
                level.activity_type_id.name,
            ]
            row.channels = ", ".join(filter(None, channels))

    @api.depends("item_values", "item_count", "day")
    def _compute_reason(self):
        lines = self.env["account.move.line"].browse(
            {item["line_id"] for row in self for item in row.item_values or ()}
        )
        names = {line.id: line.move_id.name for line in lines.sudo().exists()}
        for row in self:
            row.reason = row._explain(names)

    def _explain(self, names):
        """Return in words because of which installment this message is sent.

        :param names: the numbers of documents by the id of the installment
        """
        climbing = [item for item in self.item_values or () if item["is_advance"]]
        if not climbing:
            return False
        oldest = climbing[0]
        days = (self.day - fields.Date.to_date(oldest["date_maturity"])).days
        words = {
            "invoice": names.get(oldest["line_id"], ""),
            "days": abs(days),
            "others": self.item_count - 1,
        }
        if days <= 0:
            if words["others"]:
                return self.env._("%(invoice)s due in %(days)s days, %(others)s more", **words)
            return self.env._("%(invoice)s due in %(days)s days", **words)
        if words["others"]:
            return self.env._("%(invoice)s %(days)s days overdue, %(others)s more", **words)
        return self.env._("%(invoice)s %(days)s days overdue", **words)

    @api.depends("partner_id", "level_id")
    def _compute_problem(self):
        reminders = self.env["billing.reminder"].sudo()
        for row in self:
            row.problem = False
            if row.level_id.send_mail:
                try:
                    reminders.new({"partner_id": row.partner_id.id})._check_addresses()
                except UserError as error:
                    row.problem = str(error)

    @api.model
    def action_preview(self, start=None):
        """Work out and open the messages of the next days.

        :param start: how reminders would begin, one of `STARTS`; None as the company has it
        """
        if not self.env.user.has_group("billing_crm.group_billing_user"):
            raise AccessError(self.env._("Only billing users may do this."))
        company = self.env.company
        rows, gone = self.env["billing.reminder"]._simulate(company, DAYS, ROWS_A_DAY, start)
        self.search([("create_uid", "=", self.env.uid)]).unlink()
        self.create([{**row, "company_id": company.id} for row in rows])
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "billing_crm.action_billing_reminder_preview"
        )
        title = self._get_title(company, sum(map(len, gone.values())), len(rows))
        return {
            **action,
            "name": title,
            "display_name": title,
            "domain": [("create_uid", "=", self.env.uid), ("company_id", "=", company.id)],
        }

    @api.model
    def _get_title(self, company, count, shown):
        last_day = company._get_billing_today() + timedelta(days=DAYS - 1)
        words = {
            "date": format_date(self.env, last_day),
            "count": count,
            "shown": shown,
        }
        if shown < count:
            return self.env._("Until %(date)s: %(count)s messages, %(shown)s shown", **words)
        return self.env._("Until %(date)s: %(count)s messages", **words)

    def action_show_message(self):
        """Open this message as the customer would get it on its day."""
        self.ensure_one()
        with closing(self.env.cr.savepoint()):
            values = self._make_reminder()._render_message()
        message = self.env["billing.reminder.message"].create(values)
        return message._get_records_action(
            name=self.display_name, target="new", context={"dialog_size": "large"}
        )

    def _make_reminder(self):
        """Write the reminder that this row describes, for as long as it is looked at."""
        items = self.env["billing.reminder.item"].sudo()
        # it may have been decided for real already
        lines = [item["line_id"] for item in self.item_values]
        items.search([("line_id", "in", lines), ("is_advance", "=", True)]).is_advance = False
        items.flush_model()
        return (
            self.env["billing.reminder"]
            .sudo()
            .with_context(billing_as_of=self.day)
            .create(
                {
                    "company_id": self.company_id.id,
                    "partner_id": self.partner_id.id,
                    "currency_id": self.currency_id.id,
                    "policy_id": self.policy_id.id,
                    "level_id": self.level_id.id,
                    "step": self.step,
                    "decided_on": self.day,
                    "amount": self.amount,
                    "item_ids": [
                        Command.create({**item, "company_id": self.company_id.id})
                        for item in self.item_values
                    ],
                }
            )
        )
