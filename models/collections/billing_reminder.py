import logging

from odoo import _, api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL
from odoo.tools.misc import format_amount

_logger = logging.getLogger(__name__)

BATCH_SIZE = 50


class BillingReminder(models.Model):
    """One message to one customer about everything due in one company and currency.

    The row is decided and committed first, then handed to Odoo's mail queue in the same transaction
    that marks it, then marked again from what the mail server said. Whatever is killed when, no
    reminder is lost and none is made twice.
    """

    _name = "billing.reminder"
    _inherit = ["mail.thread", "billing.link.mixin"]
    _description = "Payment Reminder"
    _order = "decided_on desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, readonly=True, index=True,
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
            ("planned", "Planned"),
            ("queued", "Being sent"),
            ("sent", "Sent"),
            ("failed", "Failed"),
            ("cancelled", "Not needed"),
        ],
        required=True,
        readonly=True,
        default="planned",
        index=True,
    )
    sent_on = fields.Datetime(readonly=True)
    failure_reason = fields.Char(readonly=True)
    amount = fields.Monetary(
        string="Overdue", readonly=True, help="Overdue when decided, less open credits."
    )
    item_ids = fields.One2many("billing.reminder.item", "reminder_id", readonly=True)

    @api.depends("partner_id", "level_id")
    def _compute_display_name(self):
        for reminder in self:
            reminder.display_name = _(
                "%(level)s: %(customer)s",
                level=reminder.level_id.name or _("Reminder"),
                customer=reminder.partner_id.name,
            )

    # -- Deciding -------------------------------------------------------------

    @api.model
    def _cron_remind(self):
        """Decide who is to be reminded in every company that asked for it, then send."""
        for company in self.env["res.company"].search([("billing_reminders_enabled", "=", True)]):
            self.with_company(company)._plan(company)
            self.env["ir.cron"]._commit_progress()
        self._process_planned()

    @api.model
    def _plan(self, company):
        """Write one planned reminder for each customer and currency that is due for one.

        An installment climbs one rung at a time, however old it is, so that a ledger
        on which reminders are switched on for the first time starts gently. A customer gets the
        text of the highest rung that any of their due installments stands on.

        :return: the planned reminders
        """
        policy = company._get_billing_reminder_policy()
        if not policy.level_ids or not self._lock_planning(company):
            return self.browse()
        self.env.flush_all()
        as_of = self.env["billing.receivable"]._get_as_of()
        values = {
            "company": company.id,
            "policy": policy.id,
            "as_of": as_of,
            # never twice on one day, whatever the policy says
            "quiet_since": fields.Date.subtract(as_of, days=max(policy.minimum_days_between, 1)),
            "minimum_amount": policy.minimum_amount,
            "uid": self.env.uid,
            "receivable": self.env["billing.receivable"]._table_query,
        }
        reminders = self.browse(
            row[0] for row in self.env.execute_query(self._insert_reminders(**values))
        )
        self.invalidate_model()
        return reminders

    @api.model
    def _lock_planning(self, company):
        """Let one transaction at a time decide for a company; the others leave it to that one."""
        key = SQL("SELECT pg_try_advisory_xact_lock(hashtext('billing.reminder'), %s)", company.id)
        return self.env.execute_query(key)[0][0]

    @api.model
    def _insert_reminders(self, **values):
        """One statement that reads the open items, decides, and writes reminders and items."""
        return SQL(
            """
            WITH level AS (
                SELECT id, delay_days, ROW_NUMBER() OVER (ORDER BY delay_days, id) AS step
                  FROM billing_reminder_level WHERE policy_id = %(policy)s
            ),
            open_item AS (
                SELECT * FROM (%(receivable)s) receivable
                 WHERE company_id = %(company)s AND partner_id IS NOT NULL
            ),
            past AS (
                SELECT line_id, MAX(step) AS step
                  FROM billing_reminder_item
                 WHERE company_id = %(company)s AND is_advance
              GROUP BY line_id
            ),
            due AS (
                SELECT open_item.*,
                       COALESCE(past.step, 0) AS step_before,
                       GREATEST(
                           COALESCE(past.step, 0),
                           LEAST(COALESCE(past.step, 0) + 1, reached.step)
                       ) AS step
                  FROM open_item
                  JOIN LATERAL (
                        SELECT MAX(level.step) AS step FROM level
                         WHERE level.delay_days <= open_item.days_overdue
                       ) reached ON reached.step IS NOT NULL
             LEFT JOIN past ON past.line_id = open_item.line_id
                 WHERE %(is_chaseable)s
            ),
            credit AS (
                SELECT partner_id, currency_id, SUM(amount) AS amount FROM (
                    SELECT partner_id, currency_id, -residual_currency AS amount
                      FROM open_item WHERE residual_currency < 0
                     UNION ALL
                    %(unposted_payments)s
                ) given
              GROUP BY partner_id, currency_id
            ),
            customer AS (
                SELECT due.partner_id, due.currency_id,
                       MAX(due.step) AS step,
                       SUM(due.residual_currency) - COALESCE(MAX(credit.amount), 0) AS amount
                  FROM due
             LEFT JOIN credit USING (partner_id, currency_id)
              GROUP BY due.partner_id, due.currency_id
                HAVING bool_or(due.step > due.step_before)
                   AND SUM(due.residual_currency) > COALESCE(MAX(credit.amount), 0)
                   AND SUM(due.residual) >= %(minimum_amount)s
            ),
            reminder AS (
                INSERT INTO billing_reminder (
                    company_id, partner_id, currency_id, policy_id, level_id, step, decided_on,
                    state, amount, create_uid, write_uid, create_date, write_date)
                SELECT %(company)s, customer.partner_id, customer.currency_id, %(policy)s,
                       level.id, level.step, %(as_of)s, 'planned', customer.amount,
                       %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM customer
                  JOIN level ON level.step = customer.step
                 WHERE NOT EXISTS (
                        SELECT FROM billing_reminder earlier
                         WHERE earlier.company_id = %(company)s
                           AND earlier.partner_id = customer.partner_id
                           AND CASE WHEN earlier.currency_id = customer.currency_id
                               THEN earlier.state IN ('planned', 'queued', 'failed')
                                    OR earlier.state = 'sent'
                                   AND earlier.decided_on > %(quiet_since)s
                               -- two currencies are two messages, but on the same day
                               ELSE earlier.state IN ('queued', 'sent')
                                    AND earlier.decided_on > %(quiet_since)s
                                    AND earlier.decided_on < %(as_of)s
                               END
                       )
             RETURNING id, partner_id, currency_id
            ),
            item AS (
                INSERT INTO billing_reminder_item (
                    reminder_id, company_id, line_id, currency_id, date_maturity, amount, step,
                    is_advance)
                SELECT reminder.id, %(company)s, due.line_id, due.currency_id, due.date_maturity,
                       due.residual_currency, due.step, due.step > due.step_before
                  FROM reminder
                  JOIN due USING (partner_id, currency_id)
            )
            SELECT id FROM reminder ORDER BY id
            """,
            is_chaseable=self._is_chaseable(SQL("open_item")),
            unposted_payments=self._select_unposted_payments(),
            **values,
        )

    @api.model
    def _is_chaseable(self, alias):
        """Return the SQL condition on an open item that a customer may be asked for its payment.

        Community marks an invoice paid as soon as a payment is registered, even one that has no
        journal entry yet; its open item stays, and must not be chased.
        """
        return SQL(
            """(%(item)s.kind = 'invoice' AND %(item)s.residual_currency > 0
                AND %(item)s.is_overdue AND NOT %(item)s.no_followup
                AND %(item)s.payment_state IN ('not_paid', 'partial'))""",
            item=alias,
        )

    @api.model
    def _select_unposted_payments(self):
        """Return customer payments that are registered but have no journal entry yet.

        They are money the customer has given us, so they are netted like any open credit. Those
        linked to an invoice are known from its payment state already.
        """
        return SQL(
            """
            SELECT partner.commercial_partner_id AS partner_id, payment.currency_id, payment.amount
              FROM account_payment payment
              JOIN res_partner partner ON partner.id = payment.partner_id
             WHERE payment.company_id = %(company)s
               AND payment.move_id IS NULL
               AND payment.state = 'in_process'
               AND payment.payment_type = 'inbound'
               AND payment.partner_type = 'customer'
               AND NOT EXISTS (
                    SELECT FROM account_move__account_payment linked
                     WHERE linked.payment_id = payment.id
                   )
            """,
            company=self.env.company.id,
        )

    # -- Sending --------------------------------------------------------------

    @api.model
    def _process_planned(self):
        """Hand planned reminders to the mail queue, each in its own transaction."""
        domain = [
            ("state", "=", "planned"),
            ("company_id.billing_reminders_enabled", "=", True),
        ]
        cron = self.env["ir.cron"]
        remaining = self.search_count(domain)
        for reminder in self.search(domain, order="id", limit=BATCH_SIZE):
            reminder = reminder[0].try_lock_for_update().filtered_domain(domain)
            if reminder:
                reminder._send_or_fail()
            remaining -= 1
            if not cron._commit_progress(1, remaining=max(remaining, 0)):
                break
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _send_or_fail(self):
        """Send one reminder; if that is impossible, say why on it and leave the others alone."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._send()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            _logger.info("Reminder %s cannot be sent", self.id, exc_info=True)
            self.write({"state": "failed", "failure_reason": str(error)})

    def _send(self):
        """Check the ledger once more, then put the mail into Odoo's queue.

        Mail and new state are one transaction: both happen or neither.
        """
        self.ensure_one()
        self = self.with_company(self.company_id)  # noqa: PLW0642
        statement = self._get_statement()
        if not statement["is_due"]:
            self.item_ids.sudo().write({"is_advance": False})
            self.state = "cancelled"
            return
        recipient = self._get_recipient()
        if not recipient.email:
            raise UserError(_("%s has no e-mail address.", recipient.display_name))
        self.amount = statement["net"]
        self.with_context(
            lang=recipient.lang or self.env.lang, mail_notify_force_send=False
        ).message_post_with_source(
            self.level_id.mail_template_id,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            email_layout_xmlid="mail.mail_notification_light",
        )
        self.state = "queued"

    def _notify_by_email_prepare_rendering_context(self, message, **kwargs):
        # EXTENDS 'mail': the customer need not read their own name in the title
        level = self.level_id.with_context(lang=kwargs.get("force_email_lang") or self.env.lang)
        kwargs["force_record_name"] = level.name
        return super()._notify_by_email_prepare_rendering_context(message, **kwargs)

    def _get_recipient(self):
        """Return the person of this customer who is written to about invoices."""
        self.ensure_one()
        return self.env["res.partner"].browse(self.partner_id.address_get(["invoice"])["invoice"])

    def _get_statement(self):
        """Read from the ledger, now, what this reminder speaks of.

        :return: ``items`` (overdue `billing.receivable` to be paid), ``credits`` (open credits and
            unreconciled payments), the sums ``overdue``, ``credit`` and ``net`` in the reminder's
            currency, and ``is_due``: whether the customer is still to be reminded
        :rtype: dict
        """
        self.ensure_one()
        open_items = (
            self.env["billing.receivable"]
            .with_context(billing_as_of=self.env.context.get("billing_as_of"))
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("partner_id", "=", self.partner_id.id),
                    ("currency_id", "=", self.currency_id.id),
                ]
            )
        )
        items = open_items.filtered(
            lambda item: item.kind == "invoice"
            and item.is_overdue
            and not item.no_followup
            and item.payment_state in ("not_paid", "partial")
        )
        credits_ = open_items.filtered(lambda item: item.residual_currency < 0)
        unposted = self.env.execute_query(
            SQL(
                "SELECT COALESCE(SUM(amount), 0) FROM (%s) given"
                " WHERE partner_id = %s AND currency_id = %s",
                self._select_unposted_payments(),
                self.partner_id.id,
                self.currency_id.id,
            )
        )[0][0]
        overdue = sum(items.mapped("residual_currency"))
        credit = -sum(credits_.mapped("residual_currency")) + float(unposted)
        net = self.currency_id.round(overdue - credit)
        still_open = self.item_ids.filtered("is_advance").line_id & items.line_id
        return {
            "items": items,
            "credits": credits_,
            "overdue": overdue,
            "credit": credit,
            "net": net,
            "is_due": bool(still_open) and self.currency_id.compare_amounts(net, 0) > 0,
        }

    def _render_statement(self):
        """Return the table of open items for the mail, in the language of the context."""
        self.ensure_one()
        return self.env["ir.qweb"]._render(
            "billing_crm.reminder_statement",
            {"reminder": self, "statement": self._get_statement()},
            lang=self.env.lang,
        )

    def _format_net_amount(self):
        """Return what the customer is asked for, as text, for subject lines."""
        self.ensure_one()
        return format_amount(self.env, self.amount, self.currency_id)

    def _billing_link_scope(self):
        # IMPLEMENTS 'billing.link.mixin': the link opens everything open in this currency
        self.ensure_one()
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "currency_id": self.currency_id.id,
            "date_due": self.decided_on,
        }

    def _billing_log_delivery(self, recipient, link, *, delivered, reason):
        # IMPLEMENTS 'billing.link.mixin'
        self.ensure_one()
        if not delivered:
            self.write({"state": "failed", "failure_reason": reason})
            return
        self.write(
            {"state": "sent", "sent_on": fields.Datetime.now(), "failure_reason": False}
        )
        self.env["billing.event"]._log(
            self.item_ids.move_id, "reminded", link=link, recipient_id=recipient.id,
            note=self.level_id.name,
        )

    # -- Buttons --------------------------------------------------------------

    def action_retry(self):
        """Try failed reminders again with the next run."""
        self.filtered(lambda r: r.state == "failed").write(
            {"state": "planned", "failure_reason": False}
        )

    def action_cancel(self):
        """Drop reminders that have not gone out. Their installments may be reminded again later."""
        open_reminders = self.filtered(lambda r: r.state in ("planned", "failed"))
        open_reminders.item_ids.sudo().write({"is_advance": False})
        open_reminders.state = "cancelled"
