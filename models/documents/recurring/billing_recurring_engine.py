import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL, plaintext2html

_logger = logging.getLogger(__name__)

# Series that are billed in one transaction. More make a batch cheaper by little, and an
# interrupted one dearer.
BATCH_SIZE = 500
# Bills of one series in one transaction, where it has missed many periods.
MISSED_AT_ONCE = 60


class BillingRecurring(models.Model):
    """Billing what has come due: many series at a time, each period once."""

    _inherit = "billing.recurring"

    @api.model
    def _cron_bill(self):
        """Bill all periods that have come due, in all companies, in batches that are committed.

        A series that fails is noted and left for the next run; it does not stop the others. Stops
        when the time of the job is used up; what is left is due still.
        """
        self._end_pauses()
        groups = self._read_group([("state", "=", "running")], ["company_id"])
        for (company,) in groups:
            company_series = self.with_company(company)
            if not company_series._bill_company(company, company._get_billing_today()):
                break
        self.env.ref("billing_crm.ir_cron_recurring_send")._trigger()

    def _bill_company(self, company, today):
        """Bill what is due in one company; return False when there is no time left."""
        cron = self.env["ir.cron"]
        domain = self._get_due_domain(company, today)
        set_aside = self.browse()
        while True:
            series = self.search(
                domain & Domain("id", "not in", set_aside.ids),
                limit=BATCH_SIZE,
                order="next_date, id",
            )
            if not series:
                return True
            set_aside |= series._bill_or_split(today)
            remaining = self.search_count(domain & Domain("id", "not in", set_aside.ids))
            if not cron._commit_progress(remaining=remaining):
                return False
            self.env.invalidate_all()

    @api.model
    def _get_due_domain(self, company, today):
        return Domain(
            [("company_id", "=", company.id), ("state", "=", "running"), ("next_date", "<=", today)]
        )

    def _bill_or_split(self, today):
        """Bill these series and commit; halve them until those that fail are alone.

        :return: those that are to be left alone in this run: failed, or in another's hands
        """
        cron = self.env["ir.cron"]
        try:
            left_out = self._bill(today)
            self.env.flush_all()
            cron._commit_progress(len(self - left_out))
            return left_out
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            # another process has billed some of them: a new transaction sees that
            self.env.cr.rollback()
            error = False
        except Exception as raised:
            self.env.cr.rollback()
            error = raised
        if len(self) > 1:
            half = len(self) // 2
            return self[:half]._bill_or_split(today) | self[half:]._bill_or_split(today)
        if error:
            _logger.info("Series %s cannot be billed", self.id, exc_info=error)
            try:
                self._note_failures({self: str(error)})
                cron._commit_progress()
            except Exception:  # the next run notes it; the others go on
                self.env.cr.rollback()
                _logger.warning("Failure of series %s cannot be noted", self.id, exc_info=True)
        return self

    def _bill(self, today, catch_up=None):
        """Bill all due periods of these series, in one transaction that the caller ends.

        :param today: the date of the bills
        :param catch_up: what to do with several missed periods; default: what each series says
        :return: the series that were not billed: locked by another process, not due any more, or
            in the way of something that is noted on them
        """
        company = self.company_id.ensure_one()
        due = self.try_lock_for_update(allow_referencing=True)
        due = due.filtered_domain(self._get_due_domain(company, today))
        obstacles = {series: series._find_obstacle() for series in due}
        blocked = due.filtered(lambda series: obstacles[series])
        plans, skipped, next_numbers = [], [], {}
        for series in due - blocked:
            bills, missed, next_number = series._plan(today, catch_up or series.catch_up)
            plans += [(series, numbers) for numbers in bills]
            skipped += [(series, number) for number in missed]
            next_numbers[series] = next_number
        self._claim_skipped(skipped, self.env._("Missed"))
        self._create_bills(plans, today)
        self._advance(next_numbers)
        self._note_failures({series: obstacles[series] for series in blocked})
        return self - due | blocked

    def _plan(self, today, catch_up):
        """Return (lists of periods, one for each bill; periods to skip; where to go on)."""
        self.ensure_one()
        count = self._count_due(today)
        if catch_up == "each":
            count = min(count, MISSED_AT_ONCE)
        numbers = list(range(self.next_number, self.next_number + count))
        next_number = self.next_number + count
        if catch_up == "one":
            return [numbers], [], next_number
        if catch_up == "skip":
            return [numbers[-1:]], numbers[:-1], next_number
        return [[number] for number in numbers], [], next_number

    def _create_bills(self, plans, today):
        """Claim periods, create their bills in one call and post those to be posted in another.

        :param plans: list of (series, numbers of the periods of one bill)
        :return: the bills
        """
        rows = [
            series._prepare_period(number, "billed")
            for series, numbers in plans
            for number in numbers
        ]
        periods = self.env["billing.recurring.period"]
        claimed = periods._claim(rows)
        plans = [
            (series, mine)
            for series, numbers in plans
            if (mine := [number for number in numbers if (series.id, number) in claimed])
        ]
        moves = self.env["account.move"].create(
            [series._prepare_invoice(numbers, today) for series, numbers in plans]
        )
        moves_to_post = self.env["account.move"]
        links = []
        for move, (series, numbers) in zip(moves, plans, strict=True):
            links += [(claimed[series.id, number][0], move.id) for number in numbers]
            if series.on_bill != "draft":
                moves_to_post |= move
        moves_to_post._post(soft=False)
        # last: it flushes, and what a bill changes when it is posted is written once this way
        self._link(links)
        recovered = {series for (series, _number), (_id, failed) in claimed.items() if failed}
        if recovered:
            self.browse(recovered).sudo().activity_feedback(
                ["billing_crm.mail_activity_type_recurring_failure"],
                feedback=self.env._("Billed in the meantime."),
            )
        return moves

    def _link(self, links):
        """Note on periods what their bill is.

        :param links: list of (id of a period, id of its bill)
        """
        if links:
            self.env.flush_all()
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE billing_recurring_period period SET move_id = link.move_id
                      FROM (VALUES %s) AS link (id, move_id) WHERE period.id = link.id
                    """,
                    SQL(", ").join(SQL("%s", link) for link in links),
                )
            )
            self.env["billing.recurring.period"].invalidate_model(["move_id", "status"])

    def _prepare_period(self, number, state, error=None):
        """Return the row that says what was done about a period."""
        self.ensure_one()
        schedule = self._get_schedule()
        return {
            "recurring_id": self.id,
            "company_id": self.company_id.id,
            "number": number,
            "period_start": schedule.start(number),
            "period_end": schedule.end(number),
            "bill_date": schedule.bill_date(number),
            "state": state,
            "error": error,
            "attempted_on": fields.Datetime.now(),
            "send_state": "queued" if state == "billed" and self.on_bill == "send" else None,
        }

    def _claim_skipped(self, skipped, reason):
        """Write down which periods are not to be billed.

        :param skipped: list of (series, number)
        """
        self.env["billing.recurring.period"]._claim(
            [series._prepare_period(number, "skipped", reason) for series, number in skipped]
        )

    def _advance(self, next_numbers):
        """Go on with these numbers; a series that has no period left has ended.

        :param next_numbers: {series: number}
        """
        for number, same in self.browse().union(*next_numbers).grouped(next_numbers.get).items():
            same.with_context(tracking_disable=True).next_number = number
        ended = self.browse().union(*next_numbers).filtered(lambda series: not series.next_date)
        ended.write({"state": "ended"})

    def _note_failures(self, reasons):
        """Say on each series why it was not billed, and tell whoever is responsible once.

        :param reasons: {series: text}
        """
        claimed = self.env["billing.recurring.period"]._claim(
            [
                series._prepare_period(series.next_number, "failed", reason)
                for series, reason in reasons.items()
            ]
        )
        told_before = {series for (series, _number), (_id, failed) in claimed.items() if failed}
        for series, reason in reasons.items():
            if series.id not in told_before:
                series._tell_responsible(self.env._("Not billed"), reason)

    def _tell_responsible(self, summary, reason):
        """Leave an activity about what went wrong to whoever is responsible, and may read it."""
        self.ensure_one()
        series = self.sudo()
        user = series.user_id
        if not user.active or not series.with_user(user).sudo(False).has_access("read"):
            user = self.env.ref("base.user_root")
        series.activity_schedule(
            "billing_crm.mail_activity_type_recurring_failure",
            summary=summary,
            note=plaintext2html(reason),
            user_id=user.id,
        )

    def action_bill_now(self):
        """Bill what is due at once, and open the bill."""
        self.check_access("write")
        moves_before = self.env["account.move"].search([("billing_recurring_id", "in", self.ids)])
        for company, series in self.grouped("company_id").items():
            running = series.filtered(lambda one: one.state == "running")
            running._check_billable()
            running.with_company(company)._bill(company._get_billing_today())
        self.env.ref("billing_crm.ir_cron_recurring_send").sudo()._trigger()
        action = self.action_view_invoices()
        new = self.env["account.move"].search([("billing_recurring_id", "in", self.ids)])
        new -= moves_before
        if not new:
            raise UserError(self.env._("Nothing is due. Somebody else may have billed it."))
        if len(new) == 1:
            return {**action, "views": [(False, "form")], "res_id": new.id}
        return {**action, "domain": [("id", "in", new.ids)]}

    def _bill_period_again(self, period):
        """Make a new bill for a period whose bill was taken back; return it.

        The caller has locked the period.
        """
        self.ensure_one()
        self._check_billable()
        series = self.with_company(self.company_id)
        move = series.env["account.move"].create(
            series._prepare_invoice([period.number], self.company_id._get_billing_today())
        )
        period.write(
            {
                "state": "billed",
                "move_id": move.id,
                "replaced_move_ids": [Command.link(id_) for id_ in period.move_id.ids],
                "error": False,
                "send_state": "queued" if self.on_bill == "send" else False,
                "send_error": False,
            }
        )
        if self.on_bill != "draft":
            move._post(soft=False)
        self.message_post(body=self.env._("Period %s was billed again.", period.number))
        return move
