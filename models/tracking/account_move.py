from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# In the order of precedence: the first that is true of a document is its status.
BILLING_STATUSES = [
    ("cancelled", "Cancelled"),
    ("draft", "Draft"),
    ("refunded", "Refunded"),
    ("paid", "Paid"),
    ("payment_started", "Payment Started"),
    ("overdue", "Overdue"),
    ("partly_paid", "Partly Paid"),
    ("undelivered", "Not Delivered"),
    ("viewed", "Viewed"),
    ("sent", "Sent"),
    ("to_send", "To Send"),
]


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "billing.link.mixin"]

    billing_status = fields.Selection(
        selection=BILLING_STATUSES,
        compute="_compute_billing_status",
        search="_search_billing_status",
        help="Where this document stands with the customer, from what happened to it.",
    )
    billing_event_ids = fields.One2many(
        "billing.event",
        "move_id",
        string="History",
        groups="billing_crm.group_billing_user,sales_team.group_sale_salesman",
    )

    @api.depends("state", "payment_state", "is_move_sent", "line_ids.date_maturity")
    def _compute_billing_status(self):
        """One query for the whole page, with the very expression that filters and groups use."""
        self.billing_status = False
        stored = self.filtered("id")
        query = stored._as_query(ordered=False)
        status = self._field_to_sql(query.table, "billing_status", query)
        rows = self.env.execute_query(query.select(SQL.identifier(query.table, "id"), status))
        ids_by_status = defaultdict(list)
        for move_id, value in rows:
            ids_by_status[value].append(move_id)
        for value, ids in ids_by_status.items():
            self.browse(ids).billing_status = value
        for move in (self - stored).filtered(lambda m: m.is_sale_document(include_receipts=True)):
            move.billing_status = "draft"

    def _search_billing_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        statuses = tuple(status for status in value if status)

        def to_sql(model, alias, query):
            status = model._field_to_sql(alias, "billing_status", query)
            conditions = [SQL("%s IN %s", status, statuses)] if statuses else []
            if len(statuses) < len(value):
                conditions.append(SQL("%s IS NULL", status))
            return SQL("(%s)", SQL(" OR ").join(conditions)) if conditions else SQL("FALSE")

        return Domain.custom(to_sql=to_sql)

    def _field_to_sql(self, alias, fname, query=None):
        # EXTENDS 'base': a status that depends on today cannot be stored
        if fname == "billing_status":
            return self._billing_status_to_sql(alias, query)
        return super()._field_to_sql(alias, fname, query)

    def _billing_status_to_sql(self, alias, query):
        """Return the status of the moves in ``alias`` as an SQL expression."""

        def column(fname):
            return self._field_to_sql(alias, fname, query)

        line = self.env["account.move.line"]
        return SQL(
            """
            CASE
                WHEN %(move_type)s NOT IN ('out_invoice', 'out_refund', 'out_receipt') THEN NULL
                WHEN %(state)s = 'cancel' THEN 'cancelled'
                WHEN %(state)s = 'draft' THEN 'draft'
                WHEN %(payment_state)s = 'reversed' AND NOT %(paid_by_credit)s THEN 'refunded'
                WHEN %(payment_state)s IN ('paid', 'in_payment', 'reversed') THEN 'paid'
                WHEN %(payment_underway)s OR EXISTS (
                    SELECT FROM billing_event
                     WHERE move_id = %(id)s AND kind = 'payment_started'
                       AND date > now() AT TIME ZONE 'UTC' - interval '1 hour'
                ) THEN 'payment_started'
                WHEN %(move_type)s != 'out_refund' AND EXISTS (
                    SELECT FROM account_move_line installment
                     WHERE installment.move_id = %(id)s
                       AND installment.display_type = 'payment_term'
                       AND %(reconciled)s IS NOT TRUE
                       AND %(date_maturity)s < %(today)s
                ) THEN 'overdue'
                WHEN %(payment_state)s = 'partial' THEN 'partly_paid'
                ELSE COALESCE(
                    (SELECT CASE
                                WHEN bool_or(kind = 'viewed'
                                             AND agent IN ('human', 'likely_human')) THEN 'viewed'
                                WHEN bool_or(kind = 'delivered') THEN 'sent'
                                WHEN bool_or(kind IN ('undelivered', 'bounced'))
                                    THEN 'undelivered'
                                WHEN bool_or(kind = 'sent') THEN 'sent'
                            END
                       FROM billing_event
                      WHERE move_id = %(id)s),
                    CASE WHEN %(is_move_sent)s THEN 'sent' ELSE 'to_send' END
                )
            END
            """,
            id=SQL.identifier(alias, "id"),
            payment_underway=self._payment_underway_to_sql(alias),
            paid_by_credit=self._billing_paid_by_credit_to_sql(alias),
            move_type=column("move_type"),
            state=column("state"),
            payment_state=column("payment_state"),
            is_move_sent=column("is_move_sent"),
            reconciled=line._field_to_sql("installment", "reconciled"),
            date_maturity=line._field_to_sql("installment", "date_maturity"),
            today=fields.Date.context_today(self),
        )

    @api.model
    def _payment_underway_to_sql(self, alias):
        """Return, as SQL, whether an online payment of the move in ``alias`` is on its way.

        A direct debit stays pending for days, and a payment that is done waits for Odoo to book it.
        A customer's mere word (a bank transfer chosen on the page) is no payment.
        """
        return SQL(
            """
            EXISTS (
                SELECT FROM account_invoice_transaction_rel rel
                  JOIN payment_transaction transaction ON transaction.id = rel.transaction_id
                  JOIN payment_provider provider ON provider.id = transaction.provider_id
                 WHERE rel.invoice_id = %s
                   AND (transaction.state IN ('pending', 'authorized')
                        AND provider.code NOT IN ('none', 'custom')
                        OR transaction.state = 'done'
                        AND transaction.is_post_processed IS NOT TRUE)
            )
            """,
            SQL.identifier(alias, "id"),
        )

    def _billing_link_scope(self):
        # IMPLEMENTS 'billing.link.mixin'
        self.ensure_one()
        return {
            "company_id": self.company_id.id,
            "partner_id": self.commercial_partner_id.id,
            "move_id": self.id,
            "currency_id": self.currency_id.id,
            "date_due": self.invoice_date_due,
        }

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        # EXTENDS 'portal': on an invoice sent with Send & Print every recipient outside the company
        # gets the button, and behind it a link of their own instead of one that all share
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        if self.env.context.get("billing_personal_link"):
            for name, _condition, options in groups:
                if name != "user":
                    options.update(
                        active=True,
                        has_button_access=True,
                        button_access={
                            "url": self._get_billing_link_placeholder(),
                            "title": self._get_billing_button_title(),
                        },
                    )
        return groups

    def message_post(self, **kwargs):
        # EXTENDS 'mail'
        message = super().message_post(**kwargs)
        if self.env.context.get("billing_personal_link"):
            self._billing_log_sent(message)
        return message

    def _get_billing_button_title(self):
        self.ensure_one()
        if self.move_type == "out_refund":
            return self.env._("View credit note")
        if self.payment_state in ("not_paid", "partial"):
            return self.env._("View and pay")
        return self.env._("View invoice")

    def _invoice_paid_hook(self):
        # EXTENDS 'account'
        result = super()._invoice_paid_hook()
        invoices = self.filtered(lambda move: move.move_type in ("out_invoice", "out_receipt"))
        if invoices:
            self.env["billing.event"]._log(invoices, "paid")
        return result
