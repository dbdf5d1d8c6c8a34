from markupsafe import Markup
from odoo import api, fields, models
from odoo.tools.misc import format_amount, format_date

from ...tracking.billing_event_watch import PEOPLE, READ_KINDS

# So many of the latest entries tell what a call needs; all are on the customer.
TIMELINE_LENGTH = 40


class BillingCollection(models.Model):
    """What to know before speaking with a customer, read from the ledger while it is shown."""

    _inherit = "billing.collection"

    contact_id = fields.Many2one(
        "res.partner",
        compute="_compute_contact",
        help="Who gets the invoices of this customer.",
    )
    phone = fields.Char(compute="_compute_contact")
    email = fields.Char(compute="_compute_contact")
    receivable_ids = fields.One2many(
        "billing.receivable", string="Open Items", compute="_compute_receivable_ids"
    )
    timeline_ids = fields.One2many("billing.timeline", compute="_compute_timeline_ids")
    talking_points = fields.Html(compute="_compute_talking_points", sanitize=False)
    next_reminder_id = fields.Many2one(
        "billing.reminder", compute="_compute_next_reminder", help="Decided, and not yet sent."
    )
    next_reminder_on = fields.Datetime(compute="_compute_next_reminder")

    @api.depends("partner_id")
    def _compute_contact(self):
        for row in self:
            customer = row.partner_id
            contact = customer.browse(customer.address_get(["invoice"])["invoice"])
            row.contact_id = contact
            row.phone = contact.phone or customer.phone
            row.email = contact.email or customer.email

    @api.depends("partner_id", "company_id")
    @api.depends_context("uid")
    def _compute_receivable_ids(self):
        self._split("receivable_ids", self._search_of_customers("billing.receivable"))

    @api.depends("partner_id", "company_id")
    @api.depends_context("uid")
    def _compute_timeline_ids(self):
        for row in self:  # one, of a form
            row.timeline_ids = row._search_of_customers("billing.timeline", limit=TIMELINE_LENGTH)

    @api.depends("partner_id", "company_id")
    @api.depends_context("uid")
    def _compute_next_reminder(self):
        reminders = self._search_of_customers(
            "billing.reminder", [("state", "in", ("proposed", "planned", "held", "waiting"))]
        ).grouped(lambda reminder: (reminder.company_id, reminder.partner_id))
        for row in self:
            reminder = reminders.get((row.company_id, row.partner_id), row.next_reminder_id)[:1]
            row.next_reminder_id = reminder
            row.next_reminder_on = reminder.send_after

    def _search_of_customers(self, model, domain=(), limit=None):
        """Return what the reader may see of these customers in these companies."""
        return self.env[model].search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                *domain,
            ],
            limit=limit,
        )

    def _split(self, fname, records):
        """Give each row those of ``records`` that are of its customer and company."""
        mine = records.grouped(lambda record: (record.company_id, record.partner_id))
        for row in self:
            row[fname] = mine.get((row.company_id, row.partner_id), records.browse())

    @api.depends("partner_id", "company_id", "notes")
    @api.depends_context("lang", "uid")
    def _compute_talking_points(self):
        for row in self:
            points = [point for point in row._get_talking_points() if point]
            row.talking_points = Markup("<ul class='mb-0'>%s</ul>") % Markup("").join(
                Markup("<li>%s</li>") % point for point in points
            )

    def _get_talking_points(self):
        """Return, as a list of sentences, what the customer owes and what was said. Some may be
        empty. Features add theirs."""
        self.ensure_one()
        return [
            *self._say_what_is_due(),
            *self._say_what_was_promised(),
            *self._say_what_is_planned(),
            *self._say_what_is_disputed(),
            self._say_what_was_read(),
            *self._say_what_was_heard(),
        ]

    def _say_what_is_due(self):
        sentences = []
        for currency, items in self.receivable_ids.grouped("currency_id").items():
            due = items.filtered(lambda item: item.is_overdue and not item.is_credit)
            if due:
                sentences.append(self._say_what_is_overdue(due, currency))
            credit = -sum(items.filtered("is_credit").mapped("residual_currency"))
            if credit > 0:
                sentences.append(
                    self.env._(
                        "They have %s with us that is not set against an invoice yet.",
                        format_amount(self.env, credit, currency),
                    )
                )
        return sentences

    def _say_what_is_overdue(self, due, currency):
        oldest = due.sorted("date_maturity")[0]
        values = {
            "amount": format_amount(self.env, sum(due.mapped("residual_currency")), currency),
            "count": len(due),
            "document": oldest.move_id.sudo().name,
            "day": format_date(self.env, oldest.date_maturity),
        }
        if len(due) == 1:
            return self.env._("%(amount)s is overdue: %(document)s, since %(day)s.", **values)
        return self.env._(
            "%(amount)s is overdue in %(count)s items, the oldest %(document)s since %(day)s.",
            **values,
        )

    def _say_what_was_promised(self):
        """Say what is promised, and which of the last promises was not kept."""
        promises = self._search_of_customers("billing.promise")
        failed = promises.filtered(lambda promise: promise.state in ("broken", "partly"))
        return [
            *(
                self.env._("Promised %s.", promise.display_name)
                for promise in promises
                if promise.state == "open"
            ),
            *(
                self.env._(
                    "Promised %(promise)s, and paid %(paid)s.",
                    promise=promise.display_name,
                    paid=format_amount(self.env, promise.amount_paid, promise.currency_id),
                )
                for promise in failed[:2]
            ),
        ]

    def _say_what_is_planned(self):
        """Say which payment plans are in force, and what is next."""
        return [
            self.env._(
                "Payment plan %(plan)s: %(amount)s is due on %(day)s.",
                plan=plan.name,
                amount=format_amount(self.env, plan.amount_next, plan.currency_id),
                day=format_date(self.env, plan.date_next),
            )
            for plan in self._search_of_customers(
                "billing.payment.plan", [("state", "=", "active")]
            )
            if plan.date_next
        ]

    def _say_what_is_disputed(self):
        """Say what the customer does not agree with, and who looks into it."""
        disputes = self._search_of_customers("billing.dispute", [("state", "=", "open")])
        reasons = dict(disputes._fields["reason"]._description_selection(self.env))
        return [
            self.env._(
                "Disputed: %(amount)s of %(document)s (%(reason)s).",
                amount=format_amount(self.env, dispute.amount, dispute.currency_id),
                document=dispute.move_id.sudo().name,
                reason=reasons[dispute.reason],
            )
            for dispute in disputes
        ]

    def _say_what_was_read(self):
        """Say when the last reminder went out, and whether a person has read what it was about."""
        reminder = self._search_of_customers("billing.reminder", [("state", "=", "sent")], limit=1)
        if not reminder:
            return None
        read = self.env["billing.event"].search_count(
            [
                ("move_id", "in", reminder.item_ids.move_id.ids),
                ("kind", "in", READ_KINDS),
                ("agent", "in", PEOPLE),
                ("date", ">=", reminder.sent_on),
            ],
            limit=1,
        )
        values = {
            "level": reminder.level_id.sudo().name or self.env._("Reminder"),
            "day": format_date(self.env, reminder.sent_on),
        }
        if read:
            return self.env._("Last reminder: %(level)s on %(day)s; read since.", **values)
        return self.env._("Last reminder: %(level)s on %(day)s; nothing read since.", **values)

    def _say_what_was_heard(self):
        """Say what came of the last call, and when money came last."""
        sentences = []
        if call := self._search_of_customers("billing.event", [("kind", "=", "called")], limit=1):
            day = format_date(self.env, call.date)
            sentences.append(self.env._("%(day)s: %(call)s", day=day, call=call._describe_call()))
        if paid := self._search_of_customers("billing.timeline", [("kind", "=", "received")], 1):
            sentences.append(
                self.env._(
                    "Last payment: %(amount)s on %(day)s.",
                    amount=format_amount(self.env, paid.amount, paid.currency_id),
                    day=format_date(self.env, paid.date),
                )
            )
        return sentences
