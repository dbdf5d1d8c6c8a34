from odoo import api, fields, models
from odoo.tools import SQL

# A payment within so many days after a reminder is taken for its result.
RESULT_DAYS = 7


class BillingReminderResult(models.Model):
    """What was collected after each reminder, and after those that were left out on purpose.

    Some of it would have been paid without a reminder. How much, the customers tell who were left
    out by chance: the rate of those written to, less the rate of these, is what reminders achieve.
    """

    _name = "billing.reminder.result"
    _description = "Result of Reminders"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "reminder_id"

    reminder_id = fields.Many2one("billing.reminder", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    currency_id = fields.Many2one("res.currency", string="Reminded in", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    policy_id = fields.Many2one("billing.reminder.policy", readonly=True)
    level_id = fields.Many2one("billing.reminder.level", readonly=True)
    mail_template_id = fields.Many2one("mail.template", string="E-Mail", readonly=True)
    tone = fields.Selection(
        selection=lambda self: self.env["billing.reminder.level"]._fields["tone"].selection,
        readonly=True,
    )
    channel = fields.Selection(
        [("mail", "E-mail"), ("letter", "Letter"), ("person", "A person"), ("sms", "Text message")],
        readonly=True,
        help="The first of those that the level used: e-mail, letter, a call or another task of a "
        "person, text message.",
    )
    date = fields.Date(readonly=True, help="When it was sent, or would have been.")
    weekday = fields.Selection(
        [("1", "Monday"), ("2", "Tuesday"), ("3", "Wednesday"), ("4", "Thursday"),
         ("5", "Friday"), ("6", "Saturday"), ("7", "Sunday")],
        readonly=True,
    )  # fmt: skip
    is_complete = fields.Boolean(
        readonly=True, help="Seven days have passed since: the figures are final."
    )
    was_sent = fields.Selection(
        [("sent", "Written to"), ("withheld", "Left out")], string="Group", readonly=True
    )
    reminder_count = fields.Integer(string="Reminders", readonly=True)
    paid_count = fields.Integer(
        string="Followed by a Payment",
        readonly=True,
        help="Reminders after which something was paid within seven days.",
    )
    asked = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="What the reminder asked for, in the company's currency at the rates of the invoices.",
    )
    collected = fields.Monetary(
        string="Collected within 7 Days",
        currency_field="company_currency_id",
        readonly=True,
        help="Payments dated from the day of the reminder to the seventh day after, set against "
        "the installments it spoke of, in the company's currency. Credit notes and write-offs are "
        "not counted. After two reminders, a payment counts for the later one.",
    )
    rate = fields.Float(
        string="Collected of Asked",
        readonly=True,
        aggregator="avg",
        help="Collected within 7 days / asked. Of several reminders: the sums divided.",
    )
    uplift = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Rate of those written to, less the rate of those left out on purpose: what reminders "
        "achieve, in points of 0 to 1. Empty where one of the groups is.",
    )

    _depends = {
        "account.move": ["statement_line_id"],
        "account.move.line": ["amount_currency", "balance", "move_id", "payment_id"],
        "account.partial.reconcile": ["amount", "credit_move_id", "debit_move_id", "max_date"],
        "billing.reminder": ["amount", "company_id", "currency_id", "decided_on", "level_id",
                             "partner_id", "policy_id", "sent_on", "state"],
        "billing.reminder.level": ["activity_type_id", "mail_template_id", "send_letter",
                                   "send_mail", "tone"],
        "billing.reminder.item": ["amount", "line_id", "reminder_id"],
    }  # fmt: skip

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT told.*,
                   1 AS reminder_count,
                   (told.collected > 0)::int AS paid_count,
                   told.collected / NULLIF(told.asked, 0) AS rate,
                   NULL::float AS uplift,
                   extract(isodow FROM told.date)::varchar AS weekday,
                   told.date + %(days)s < %(today)s AS is_complete
              FROM (
                SELECT reminder.id, reminder.id AS reminder_id, reminder.company_id,
                       company.currency_id AS company_currency_id, reminder.currency_id,
                       reminder.partner_id, reminder.policy_id, reminder.level_id, level.tone,
                       CASE WHEN level.send_mail THEN level.mail_template_id END
                           AS mail_template_id,
                       CASE WHEN level.send_mail THEN 'mail'
                            WHEN level.send_letter THEN 'letter'
                            WHEN level.activity_type_id IS NOT NULL THEN 'person'
                            WHEN level.id IS NOT NULL THEN 'sms'
                       END AS channel,
                       reminder.state AS was_sent, %(date)s AS date,
                       round(asked.amount / money.rounding) * money.rounding AS asked,
                       COALESCE(came.amount, 0) AS collected
                  FROM billing_reminder reminder
                  JOIN res_company company ON company.id = reminder.company_id
                  JOIN res_currency money ON money.id = company.currency_id
             LEFT JOIN billing_reminder_level level ON level.id = reminder.level_id
             LEFT JOIN LATERAL (%(asked)s) asked ON TRUE
             LEFT JOIN LATERAL (%(came)s) came ON TRUE
                 WHERE reminder.state IN ('sent', 'withheld')
              ) told
            """,
            days=RESULT_DAYS,
            today=fields.Date.context_today(self),
            date=self._date_to_sql("reminder"),
            asked=self._select_asked(),
            came=self._select_collected(),
        )

    @api.model
    def _date_to_sql(self, alias):
        """The day a reminder was sent where the viewer is; of one left out, when it was decided."""
        tz = self.env.context.get("tz") or self.env.user.tz or "UTC"
        return SQL(
            "COALESCE((%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date, %s)",
            SQL.identifier(alias, "sent_on"),
            tz,
            SQL.identifier(alias, "decided_on"),
        )

    @api.model
    def _select_asked(self):
        """What a reminder asked for, in the company's currency at the rates of its items."""
        return SQL(
            """
            SELECT reminder.amount / NULLIF(SUM(item.amount), 0)
                   * SUM(item.amount * line.balance / NULLIF(line.amount_currency, 0)) AS amount
              FROM billing_reminder_item item
              JOIN account_move_line line ON line.id = item.line_id
             WHERE item.reminder_id = reminder.id
            """
        )

    @api.model
    def _select_collected(self):
        """Payments of the days after a reminder that no later reminder of the same debt claims."""
        return SQL(
            """
            SELECT SUM(partial.amount) AS amount
              FROM account_partial_reconcile partial
             WHERE partial.debit_move_id IN (
                        SELECT item.line_id FROM billing_reminder_item item
                         WHERE item.reminder_id = reminder.id
                   )
               AND partial.max_date BETWEEN %(date)s AND %(date)s + %(days)s
               AND %(is_payment)s
               AND NOT EXISTS (
                    SELECT FROM billing_reminder_item later_item
                      JOIN billing_reminder later ON later.id = later_item.reminder_id
                     WHERE later_item.line_id = partial.debit_move_id
                       AND later.state IN ('sent', 'withheld')
                       AND (%(later_date)s, later.id) > (%(date)s, reminder.id)
                       AND %(later_date)s <= partial.max_date
                   )
            """,
            date=self._date_to_sql("reminder"),
            later_date=self._date_to_sql("later"),
            days=RESULT_DAYS,
            is_payment=self._is_payment_to_sql("partial"),
        )

    @api.model
    def _is_payment_to_sql(self, alias):
        """Return, as SQL, whether what settled a debt is a payment or a line of a bank statement.

        :param alias: of `account_partial_reconcile`
        """
        return SQL(
            """
            EXISTS (
                SELECT FROM account_move_line credit
                  JOIN account_move counterpart ON counterpart.id = credit.move_id
                 WHERE credit.id = %s
                   AND (credit.payment_id IS NOT NULL
                        OR counterpart.statement_line_id IS NOT NULL)
            )
            """,
            SQL.identifier(alias, "credit_move_id"),
        )

    def _read_group_select(self, aggregate_spec, query):
        # EXTENDS 'base': rates of groups are sums divided, not averages of rates
        if aggregate_spec == "rate:avg":
            return self._rate_to_sql(query, SQL("TRUE"))
        if aggregate_spec == "uplift:avg":
            group = self._field_to_sql(self._table, "was_sent", query)
            return SQL(
                "%s - %s",
                self._rate_to_sql(query, SQL("%s = 'sent'", group)),
                self._rate_to_sql(query, SQL("%s = 'withheld'", group)),
            )
        return super()._read_group_select(aggregate_spec, query)

    def _rate_to_sql(self, query, condition):
        """Return collected / asked of the rows that meet ``condition``."""
        return SQL(
            "SUM(%(collected)s) FILTER (WHERE %(condition)s)"
            " / NULLIF(SUM(%(asked)s) FILTER (WHERE %(condition)s), 0)",
            collected=self._field_to_sql(self._table, "collected", query),
            asked=self._field_to_sql(self._table, "asked", query),
            condition=condition,
        )

    def action_open(self):
        """Open the reminder this is about."""
        self.ensure_one()
        return self.reminder_id.get_formview_action()
