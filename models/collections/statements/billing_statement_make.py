from odoo import api, models
from odoo.tools import SQL, split_every

from .ask import Ask

# Rows in one INSERT.
INSERT_SIZE = 1000
COLUMNS = (
    "company_id",
    "partner_id",
    "contact_id",
    "kind",
    "scope",
    "date_from",
    "date_to",
    "skips_zero",
    "number",
    "schedule_id",
    "template_id",
    "channel",
    "state",
    "balance",
    "past_due",
)


class BillingStatement(models.Model):
    """Making statements for many customers at once."""

    _inherit = "billing.statement"

    @api.model
    def _make(self, asks, *, channel, skip_zero, schedule=None, template=None, again=False):
        """Write down a statement for each of ``asks``, if it is not on its way or sent already.

        :param asks: see `Ask`; whoever calls has checked that the user may see these customers
        :param channel: ``mail`` (to be sent) or ``print``
        :param skip_zero: leave out those with whom nothing is open; of statements of what is past
            due, those with whom nothing is
        :param template: the `mail.template` to send with, if not the usual one
        :param again: send even what was sent before
        :return: the new statements
        """
        totals = self.env["billing.statement.reader"].sudo()._read_totals(asks)
        if skip_zero:
            asks = [ask for ask in asks if self._is_owing(ask, totals[ask])]
        asks = sorted(asks, key=lambda ask: (ask.partner_id, ask.contact_id or 0))
        numbers = self._get_next_numbers(asks) if again and channel == "mail" else {}
        rows = [
            (
                ask.company_id,
                ask.partner_id,
                ask.contact_id,
                ask.kind,
                ask.scope,
                ask.date_from,
                ask.date_to,
                skip_zero,
                numbers.get(ask, 0),
                schedule.id if schedule else None,
                template.id if template else None,
                channel,
                "planned" if channel == "mail" else "printed",
                totals[ask]["balance"],
                totals[ask]["past_due"],
            )
            for ask in asks
        ]
        made = []
        for some in split_every(INSERT_SIZE, rows):
            made += self.env.execute_query(self._insert(some))
        self.invalidate_model()
        return self.browse(row[0] for row in made)

    @api.model
    def _insert(self, rows):
        """Return the statement that inserts ``rows`` of `COLUMNS`, but no statement twice."""
        return SQL(
            """
            INSERT INTO billing_statement
                        (%(columns)s, create_uid, write_uid, create_date, write_date)
                 SELECT given.*, %(uid)s, %(uid)s, now() AT TIME ZONE 'UTC',
                        now() AT TIME ZONE 'UTC'
                   FROM (VALUES %(values)s) given
            ON CONFLICT DO NOTHING
              RETURNING id
            """,
            columns=SQL(", ").join(SQL.identifier(name) for name in COLUMNS),
            values=SQL(", ").join(
                SQL(
                    "(%s::int, %s::int, %s::int, %s, %s, %s::date, %s::date, %s::bool, %s::int,"
                    " %s::int, %s::int, %s, %s, %s::numeric, %s::numeric)",
                    *row,
                )
                for row in rows
            ),
            uid=self.env.uid,
        )

    @api.model
    def _is_owing(self, ask, total):
        """Whether a statement says of anybody that something is open, or past due."""
        if ask.kind == "overdue":
            return total["past_due"] > 0
        currencies = self.env["res.currency"]
        return any(
            not currencies.browse(currency_id).is_zero(amount)
            for currency_id, amount in total["open"].items()
        )

    @api.model
    def _get_next_numbers(self, asks):
        """Return the number of the next copy of each of ``asks`` that was sent before."""
        sent = self.sudo().search_fetch(
            [
                ("channel", "=", "mail"),
                ("partner_id", "in", [ask.partner_id for ask in asks]),
                ("date_to", "in", list({ask.date_to for ask in asks})),
            ],
            ["number", *Ask.__slots__],
        )
        numbers = {}
        for statement in sent:
            ask = statement._to_ask()
            numbers[ask] = max(numbers.get(ask, 0), statement.number + 1)
        return numbers
