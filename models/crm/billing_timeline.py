from odoo import api, fields, models
from odoo.tools import SQL


class BillingTimeline(models.Model):
    """Everything that happened with a customer or a document, newest first.

    Events, documents, payments, reminders, and messages with the customer.
    """

    _name = "billing.timeline"
    _description = "Billing Timeline"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "summary"

    # Of documents and payments only the day is known. It begins when the viewer's own day does.
    date = fields.Datetime(readonly=True, depends_context=("tz",))
    is_day = fields.Boolean(readonly=True, help="Only the day is known, not the hour.")
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    salesperson_id = fields.Many2one("res.users", readonly=True)
    recipient_id = fields.Many2one("res.partner", string="Person", readonly=True)
    move_id = fields.Many2one("account.move", string="Document", readonly=True)
    kind = fields.Selection(
        selection=lambda self: self._get_kinds(),
        string="What",
        readonly=True,
    )
    agent = fields.Selection(
        selection=lambda self: self._event_selection("agent"), string="Who", readonly=True
    )
    channel = fields.Selection(
        selection=lambda self: self._event_selection("channel"), readonly=True
    )
    device = fields.Selection(selection=lambda self: self._event_selection("device"), readonly=True)
    reason = fields.Selection(selection=lambda self: self._event_selection("reason"), readonly=True)
    is_elsewhere = fields.Boolean(string="From Elsewhere", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(readonly=True)
    note = fields.Char(readonly=True)
    reminder_id = fields.Many2one("billing.reminder", readonly=True)
    mail_message_id = fields.Many2one("mail.message", string="Message", readonly=True)

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
            "channel",
            "company_id",
            "date",
            "device",
            "is_elsewhere",
            "kind",
            "mail_message_id",
            "move_id",
            "note",
            "partner_id",
            "reason",
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
        "mail.message": [
            "author_id",
            "date",
            "is_internal",
            "message_type",
            "model",
            "res_id",
            "subtype_id",
        ],
        "res.partner": ["commercial_partner_id", "user_id"],
    }

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT happened.*, customer.user_id AS salesperson_id
              FROM (%s) happened
              JOIN res_partner customer ON customer.id = happened.partner_id
            """,
            SQL(" UNION ALL ").join(
                select(number) for number, select in enumerate(self._get_sources())
            ),
        )

    @api.model
    def _get_kinds(self):
        """Return the kinds of entries and their names; features append their own."""
        return [
            ("invoiced", self.env._("Invoiced")),
            ("credited", self.env._("Credited")),
            ("received", self.env._("Payment received")),
            ("message_in", self.env._("Message received")),
            ("message_out", self.env._("Message sent")),
            *self.env["billing.event"]._fields["kind"]._description_selection(self.env),
        ]

    @api.model
    def _event_selection(self, fname):
        return self.env["billing.event"]._fields[fname]._description_selection(self.env)

    def action_open(self):
        """Open what this entry is about: the document, the payment, or the reminder."""
        self.ensure_one()
        return (self.reminder_id or self.move_id or self.partner_id).get_formview_action()
