from odoo import api, models
from odoo.tools import SQL

from .billing_timeline_sources import SOURCES

VERDICTS = ("kept", "partly", "broken", "withdrawn")


class BillingTimeline(models.Model):
    """What was promised, what became of it, and when reminders were paused.

    The id of an entry leads to its promise or pause.
    """

    _inherit = "billing.timeline"

    _depends = {
        "billing.promise": [
            "amount",
            "company_id",
            "contact_id",
            "currency_id",
            "partner_id",
            "state",
        ],
        "billing.promise.item": ["move_id", "promise_id"],
        "billing.pause": ["company_id", "ended_on", "move_id", "partner_id"],
    }

    @api.model
    def _get_kinds(self):
        # EXTENDS: 'promised' is an event too
        return [
            *super()._get_kinds(),
            ("promise_kept", self.env._("Promise kept")),
            ("promise_partly", self.env._("Promise partly kept")),
            ("promise_broken", self.env._("Promise broken")),
            ("promise_withdrawn", self.env._("Promise withdrawn")),
            ("paused", self.env._("Reminders paused")),
            ("pause_ended", self.env._("Pause ended")),
        ]

    @api.model
    def _get_sources(self):
        # EXTENDS
        return [
            *super()._get_sources(),
            self._select_promises,
            self._select_verdicts,
            self._select_pauses,
            self._select_ended_pauses,
        ]

    @api.model
    def _select_promises(self, number):
        return self._select_promise_entries(
            number, "create_date", SQL("'promised'"), SQL("TRUE"), SQL("promise.amount")
        )

    @api.model
    def _select_verdicts(self, number):
        return self._select_promise_entries(
            number,
            "write_date",
            SQL("'promise_' || promise.state"),
            SQL("promise.state IN %s", VERDICTS),
            SQL("NULL::numeric"),
        )

    @api.model
    def _select_promise_entries(self, number, moment, kind, condition, amount):
        """One row a promise, with its invoice where it is about one only."""
        return SQL(
            """
            SELECT promise.id * %(sources)s + %(number)s, %(moment)s, FALSE, promise.company_id,
                   promise.partner_id, promise.contact_id,
                   (SELECT MIN(item.move_id) FROM billing_promise_item item
                     WHERE item.promise_id = promise.id
                    HAVING MIN(item.move_id) = MAX(item.move_id)),
                   %(kind)s, NULL::varchar, NULL::varchar, NULL::varchar, NULL::varchar, FALSE,
                   promise.currency_id, %(amount)s, NULL::varchar, NULL::int, NULL::int
              FROM billing_promise promise
             WHERE %(condition)s
            """,
            sources=SOURCES,
            number=number,
            moment=SQL.identifier("promise", moment),
            kind=kind,
            amount=amount,
            condition=condition,
        )

    @api.model
    def _select_pauses(self, number):
        return self._select_pause_entries(number, "create_date", "paused", SQL("TRUE"))

    @api.model
    def _select_ended_pauses(self, number):
        ended = SQL("pause.ended_on IS NOT NULL")
        return self._select_pause_entries(number, "write_date", "pause_ended", ended)

    @api.model
    def _select_pause_entries(self, number, moment, kind, condition):
        return SQL(
            """
            SELECT pause.id * %s + %s, %s, FALSE, pause.company_id, pause.partner_id, NULL::int,
                   pause.move_id, %s, NULL::varchar, NULL::varchar, NULL::varchar, NULL::varchar,
                   FALSE, NULL::int, NULL::numeric, NULL::varchar, NULL::int, NULL::int
              FROM billing_pause pause
             WHERE %s
            """,
            SOURCES,
            number,
            SQL.identifier("pause", moment),
            kind,
            condition,
        )

    def _compute_summary(self):
        # EXTENDS: a promise and a pause in a sentence
        result = super()._compute_summary()
        for entry in self:
            kind = entry.kind or ""
            record_id = entry.id // SOURCES
            if kind == "promised":
                entry.summary = self.env["billing.promise"].browse(record_id)._describe_made()
            elif kind.startswith("promise_"):
                entry.summary = self.env["billing.promise"].browse(record_id)._describe_verdict()
            elif kind == "paused":
                entry.summary = self.env["billing.pause"].browse(record_id)._describe()
        return result

    def action_open(self):
        # EXTENDS
        self.ensure_one()
        kind = self.kind or ""
        if kind == "promised" or kind.startswith("promise_"):
            return self.env["billing.promise"].browse(self.id // SOURCES).get_formview_action()
        if kind in ("paused", "pause_ended"):
            return self.env["billing.pause"].browse(self.id // SOURCES).get_formview_action()
        return super().action_open()

    @api.model
    def _get_promise_entry_ids(self, promises):
        """Return the ids of the entries about these promises."""
        numbers = [
            number
            for number, select in enumerate(self._get_sources())
            if select.__name__ in ("_select_promises", "_select_verdicts")
        ]
        return [promise.id * SOURCES + number for promise in promises for number in numbers]


class AccountMove(models.Model):
    _inherit = "account.move"

    def action_open_billing_timeline(self):
        # EXTENDS: also what was promised for this and other invoices together
        action = super().action_open_billing_timeline()
        promises = self.billing_promise_item_ids.promise_id
        ids = self.env["billing.timeline"]._get_promise_entry_ids(promises)
        return {**action, "domain": ["|", ("id", "in", ids), *action["domain"]]}
