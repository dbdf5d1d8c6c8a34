from odoo import api, fields, models
from odoo.exceptions import AccessError

# Not gone out, and not given up: nothing else is decided for the same customer and currency.
OPEN_STATES = ("proposed", "planned", "held", "waiting", "queued", "failed")


class BillingReminder(models.Model):
    """One message to one customer about everything due in one company and currency.

    The row is decided and committed first, then handed to Odoo's mail queue in the same transaction
    that marks it, then marked again from what the mail server said. Whatever is killed when, no
    reminder is lost and none is made twice.
    """

    _name = "billing.reminder"
    _inherit = ["mail.thread", "mail.activity.mixin", "billing.link.mixin"]
    _description = "Payment Reminder"
    _order = "decided_on desc, id desc"
    _mail_post_access = "read"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    salesperson_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    policy_id = fields.Many2one("billing.reminder.policy", readonly=True, ondelete="set null")
    level_id = fields.Many2one("billing.reminder.level", readonly=True, ondelete="set null")
    step = fields.Integer(readonly=True, help="Which reminder in the ladder this is, from 1.")
    decided_on = fields.Date(required=True, readonly=True)
    state = fields.Selection(
        selection=[
            ("proposed", "To approve"),
            ("planned", "Planned"),
            ("held", "On hold"),
            ("waiting", "Waiting for a person"),
            ("queued", "Being sent"),
            ("sent", "Sent"),
            ("withheld", "Left out on purpose"),
            ("rejected", "Rejected"),
            ("failed", "Failed"),
            ("cancelled", "Not needed"),
        ],
        required=True,
        readonly=True,
        default="planned",
        index=True,
        help="To approve: somebody has to agree first. On hold: a payment seems to have arrived. "
        "Waiting for a person: a call or another task comes first. Left out on purpose: the "
        "customer belongs to the group that is not written to, to see what reminders achieve.",
    )
    send_after = fields.Datetime(
        readonly=True, help="It does not go out before: the customer's working hours."
    )
    hold_reason = fields.Char(string="Held Because", readonly=True)
    sent_on = fields.Datetime(readonly=True)
    failure_reason = fields.Char(readonly=True)
    amount = fields.Monetary(
        string="Overdue", readonly=True, help="Overdue when decided, less open credits."
    )
    item_ids = fields.One2many("billing.reminder.item", "reminder_id", readonly=True)

    @api.depends("partner_id", "level_id")
    def _compute_display_name(self):
        for reminder in self:
            reminder.display_name = self.env._(
                "%(level)s: %(customer)s",
                level=reminder.level_id.name or self.env._("Reminder"),
                customer=reminder.partner_id.name,
            )

    @api.model
    def _cron_remind(self):
        """Decide who is to be reminded in every company that asked for it, then send.

        This runs every hour, for the hours and holidays of customers in other places, and for
        payments that were matched meanwhile. It decides once on each of a company's days.
        """
        reminders = self.sudo()
        for company in reminders.env["res.company"].search(
            [("billing_reminders_enabled", "=", True)]
        ):
            reminders._decide_once(company)
            self.env["ir.cron"]._commit_progress()
        reminders._process_planned()

    @api.model
    def _decide_once(self, company):
        """Decide about a company's reminders of today, unless that was done before."""
        reminders = self.with_company(company).with_context(tz=company._get_billing_zone())
        today = fields.Date.context_today(reminders)
        if company.billing_reminders_decided_on == today or not self._lock_planning(company):
            return
        reminders._decide(company)
        company.billing_reminders_decided_on = today

    def _billing_link_scope(self):
        # IMPLEMENTS 'billing.link.mixin': the link opens everything open in this currency
        self.ensure_one()
        return self.env["billing.link"]._get_statement_scope(
            self.company_id, self.partner_id, self.currency_id
        )

    def _get_billing_documents(self):
        # EXTENDS 'billing.link.mixin': the journal speaks of invoices
        return self.item_ids.move_id

    def _billing_log_delivery(
        self, recipient, link, *, delivered, reason, mail_message=None, rows=None
    ):
        # EXTENDS 'billing.link.mixin'
        self.ensure_one()
        if mail_message and mail_message.message_type == "auto_comment":
            super()._billing_log_delivery(
                recipient,
                link,
                delivered=delivered,
                reason=reason,
                mail_message=mail_message,
                rows=rows,
            )
            return
        if not delivered:
            self.write({"state": "failed", "failure_reason": reason})
            return
        state = "waiting" if self._is_held_by_person() else "sent"
        self.write({"state": state, "sent_on": fields.Datetime.now(), "failure_reason": False})
        rows = rows or self._get_billing_rows()
        self._billing_log_mail(
            "reminded", recipient, link, mail_message, note=rows and rows[0]["note"], rows=rows
        )

    def _get_billing_rows(self):
        # EXTENDS 'billing.link.mixin': the level is read once for a batch of mails
        return [{**row, "note": self.level_id.name} for row in super()._get_billing_rows()]

    def _billing_log_mail(self, kind, recipient, link, mail_message, *, note=False, rows=None):
        # EXTENDS 'billing.link.mixin': a mail that comes back after days was no reminder
        if kind == "bounced" and self.state in ("queued", "sent", "waiting"):
            words = {"address": recipient.email, "reason": note or ""}
            self.write(
                {
                    "state": "failed",
                    "failure_reason": self.env._(
                        "The mail to %(address)s came back. %(reason)s", **words
                    ),
                }
            )
        return super()._billing_log_mail(kind, recipient, link, mail_message, note=note, rows=rows)

    def action_retry(self):
        """Try reminders that failed, or never left the queue, again with the next run."""
        stuck = self._for_clerk().filtered(lambda r: r.state in ("queued", "failed"))
        stuck._cancel_mails()
        stuck.write({"state": "planned", "failure_reason": False})

    def action_cancel(self):
        """Drop reminders that have not gone out. Their installments may be reminded again later."""
        unsent = self._for_clerk().filtered(lambda r: r.state in OPEN_STATES)
        unsent._cancel_mails()
        unsent._drop()
        unsent.activity_ids.unlink()

    def _for_clerk(self):
        """Return these reminders with the right to change them, for those who may press a button.

        Nobody may write on a reminder otherwise: it is a record of what was sent.
        """
        self.check_access("read")
        if not self.env.user.has_group("billing_crm.group_billing_user"):
            raise AccessError(self.env._("Only billing users may do this."))
        return self.sudo()
