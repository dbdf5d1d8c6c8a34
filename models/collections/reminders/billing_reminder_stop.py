from odoo import api, fields, models
from odoo.exceptions import AccessError

ACTIVITY = "billing_crm.mail_activity_type_reminder_stop"


class BillingReminderStop(models.Model):
    """A day's reminders that were unusually many. None of them goes out before somebody says so."""

    _name = "billing.reminder.stop"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Stopped Reminders"
    _order = "decided_on desc, id desc"
    _mail_post_access = "read"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    decided_on = fields.Date(string="Day", required=True, readonly=True)
    reminder_count = fields.Integer(
        string="Reminders", readonly=True, help="They would have gone out on this day."
    )
    usual_count = fields.Float(
        string="On a Usual Day",
        readonly=True,
        digits=(16, 1),
        help="The mean of those days of the month before that had messages.",
    )
    is_first = fields.Boolean(
        string="First Day", readonly=True, help="There was no usual day to compare with."
    )
    state = fields.Selection(
        selection=[
            ("waiting", "Waiting"),
            ("released", "Let go"),
            ("discarded", "Thrown away"),
        ],
        required=True,
        readonly=True,
        default="waiting",
        tracking=True,
    )
    reminder_ids = fields.One2many(
        "billing.reminder", "stop_id", string="Stopped Reminders", readonly=True
    )
    waiting_count = fields.Integer(
        string="Still Waiting", compute="_compute_waiting_count", compute_sudo=True
    )

    @api.depends("decided_on")
    def _compute_display_name(self):
        for stop in self:
            stop.display_name = self.env._(
                "Reminders of %s", fields.Date.to_string(stop.decided_on) or ""
            )

    @api.depends("reminder_ids.state")
    def _compute_waiting_count(self):
        counts = dict(
            self.env["billing.reminder"]._read_group(
                [("stop_id", "in", self.ids), ("state", "=", "proposed")],
                ["stop_id"],
                ["__count"],
            )
        )
        for stop in self:
            stop.waiting_count = counts.get(stop, 0)

    def _tell_managers(self):
        """Leave an activity to every billing manager of the company."""
        self.ensure_one()
        for user in self.company_id._get_billing_managers():
            words = self.with_context(lang=user.lang or self.env.lang)
            words.activity_schedule(
                ACTIVITY,
                self.decided_on,
                user_id=user.id,
                summary=words.env._("%s reminders wait for you", self.reminder_count),
                note=words._get_reason(),
            )

    def _get_reason(self):
        """Return in words why these reminders were stopped, in the language of the context."""
        self.ensure_one()
        if self.is_first:
            return self.env._(
                "%s messages on the first day: nothing goes out before you have looked at them.",
                self.reminder_count,
            )
        return self.env._(
            "%(count)s messages today, on a usual day there are %(usual)s. Are payments missing in "
            "the books? Nothing goes out before you say so.",
            count=self.reminder_count,
            usual=round(self.usual_count),
        )

    def _for_manager(self):
        """Return these records with the right to change them, for billing managers."""
        self.check_access("read")
        if not self.env.user.has_group("billing_crm.group_billing_manager"):
            raise AccessError(self.env._("Only billing managers may do this."))
        return self.sudo()

    def action_release(self):
        """Let go what is still owed of these reminders, as if each had been approved."""
        for stop in self._for_manager().filtered(lambda stop: stop.state == "waiting"):
            stop._get_waiting()._approve()
            stop._close("released")

    def action_discard(self):
        """Throw these reminders away. What is still due with the next run is decided anew then."""
        for stop in self._for_manager().filtered(lambda stop: stop.state == "waiting"):
            stop._get_waiting()._drop()
            stop._close("discarded")

    def action_view_reminders(self):
        """Open the reminders that were stopped."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "billing_crm.action_billing_reminder_approval"
        )
        return {**action, "domain": [("stop_id", "=", self.id)], "context": {}}

    def _get_waiting(self):
        return self.reminder_ids.filtered(lambda reminder: reminder.state == "proposed")

    def _close(self, state):
        """Mark these records as settled, and take the activities away."""
        self.write({"state": state})
        self.activity_unlink([ACTIVITY])

    def _close_if_settled(self):
        """Close what waits for nobody any more, because its reminders were handled one by one."""
        self.sudo().filtered(
            lambda stop: stop.state == "waiting" and not stop._get_waiting()
        )._close("released")
