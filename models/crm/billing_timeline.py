from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_amount


class BillingTimeline(models.Model):
    """Everything that happened with a customer, newest first: bills, payments, and events."""

    _name = "billing.timeline"
    _description = "Billing Timeline"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "summary"

    date = fields.Datetime(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    salesperson_id = fields.Many2one("res.users", readonly=True)
    recipient_id = fields.Many2one("res.partner", readonly=True)
    move_id = fields.Many2one("account.move", string="Document", readonly=True)
    kind = fields.Selection(
        selection=lambda self: [
            ("invoiced", self.env._("Invoiced")),
            ("credited", self.env._("Credited")),
            ("received", self.env._("Payment received")),
            *self.env["billing.event"]._fields["kind"]._description_selection(self.env),
        ],
        readonly=True,
    )
    agent = fields.Selection(
        selection=lambda self: (
            self.env["billing.event"]._fields["agent"]._description_selection(self.env)
        ),
        readonly=True,
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(readonly=True)
    note = fields.Char(readonly=True)
    reminder_id = fields.Many2one("billing.reminder", readonly=True)
    summary = fields.Char(compute="_compute_summary")

    _depends = {
        "account.move": [
            "amount_total",
            "company_id",
            "currency_id",
            "invoice_date",
            "move_type",
            "partner_id",
            "state",
        ],
        "account.move.line": [
            "account_id",
            "amount_currency",
            "date",
            "move_id",
            "parent_state",
            "partner_id",
            "payment_id",
        ],
        "account.account": ["account_type"],
        "billing.event": [
            "agent",
            "company_id",
            "date",
            "kind",
            "move_id",
            "note",
            "partner_id",
            "recipient_id",
        ],
        "billing.reminder": [
            "amount",
            "company_id",
            "currency_id",
            "partner_id",
            "sent_on",
            "state",
        ],
        "res.partner": ["commercial_partner_id", "user_id"],
    }

    @property
    def _table_query(self):
        # Ids of four tables, spread so that they cannot meet.
        return SQL(
            """
            SELECT happened.*, customer.user_id AS salesperson_id
              FROM (%s UNION ALL %s UNION ALL %s UNION ALL %s) happened
              JOIN res_partner customer ON customer.id = happened.partner_id
            """,
            self._select_events(),
            self._select_documents(),
            self._select_payments(),
            self._select_reminders(),
        )

    @api.model
    def _select_events(self):
        return SQL(
            """
            SELECT event.id * 4 AS id, event.date, event.company_id, event.partner_id,
                   event.recipient_id, event.move_id, event.kind, event.agent,
                   move.currency_id, NULL::numeric AS amount, event.note,
                   NULL::int AS reminder_id
              FROM billing_event event
         LEFT JOIN account_move move ON move.id = event.move_id
             WHERE event.kind != 'reminded'
            """
        )

    @api.model
    def _select_documents(self):
        return SQL(
            """
            SELECT move.id * 4 + 1, move.invoice_date::timestamp, move.company_id,
                   partner.commercial_partner_id, NULL::int, move.id,
                   CASE move.move_type WHEN 'out_refund' THEN 'credited' ELSE 'invoiced' END,
                   NULL::varchar, move.currency_id, move.amount_total, NULL::varchar,
                   NULL::int
              FROM account_move move
              JOIN res_partner partner ON partner.id = move.partner_id
             WHERE move.state = 'posted'
               AND move.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
            """
        )

    @api.model
    def _select_payments(self):
        return SQL(
            """
            SELECT line.id * 4 + 2, line.date::timestamp, line.company_id,
                   partner.commercial_partner_id, NULL::int, line.move_id, 'received',
                   NULL::varchar, line.currency_id, -line.amount_currency, NULL::varchar,
                   NULL::int
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN account_account account ON account.id = line.account_id
              JOIN res_partner partner ON partner.id = line.partner_id
             WHERE line.parent_state = 'posted'
               AND account.account_type = 'asset_receivable'
               AND (line.payment_id IS NOT NULL OR move.statement_line_id IS NOT NULL)
            """
        )

    @api.model
    def _select_reminders(self):
        """One row a reminder, where the journal has one for each invoice it speaks of."""
        return SQL(
            """
            SELECT reminder.id * 4 + 3, reminder.sent_on, reminder.company_id,
                   reminder.partner_id, NULL::int, NULL::int, 'reminded',
                   NULL::varchar, reminder.currency_id, reminder.amount, NULL::varchar,
                   reminder.id
              FROM billing_reminder reminder
             WHERE reminder.state = 'sent'
            """
        )

    @api.depends("kind", "reminder_id", "recipient_id", "agent", "amount", "currency_id", "note")
    @api.depends_context("lang")
    def _compute_summary(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        agents = dict(self._fields["agent"]._description_selection(self.env))
        for entry in self:
            parts = [kinds.get(entry.kind)]
            if entry.recipient_id:
                who = {"recipient": entry.recipient_id.sudo().name}
                parts.append(
                    self.env._("to %(recipient)s", **who)
                    if entry.kind in ("sent", "undelivered", "reminded")
                    else self.env._("by %(recipient)s", **who)
                )
            text = " ".join(filter(None, parts))
            if entry.amount:
                text += f": {format_amount(self.env, entry.amount, entry.currency_id)}"
            note = entry.note or entry.reminder_id.level_id.name
            if note:
                text += f" ({note})"
            if entry.kind in ("link_clicked", "viewed") and entry.agent:
                text += f" · {agents[entry.agent]}"
            entry.summary = text
