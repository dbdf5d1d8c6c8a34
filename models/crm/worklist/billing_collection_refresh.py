import logging
from contextlib import nullcontext

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from .billing_collection import FOUND

_logger = logging.getLogger(__name__)

# How often a refresh is tried that somebody's work on a customer comes in the way of.
TRIES = 3


class BillingCollection(models.Model):
    """Finding who is to be contacted: one statement for a company, however many customers."""

    _inherit = "billing.collection"

    @api.model
    def _cron_refresh(self):
        """Refresh every company, each in its own transaction; one that fails is left for later."""
        companies = self.env["res.company"].search(Domain.TRUE)
        cron = self.env["ir.cron"]
        for done, company in enumerate(companies, start=1):
            any(self._try_refresh(company) for _try in range(TRIES))
            if not cron._commit_progress(1, remaining=len(companies) - done):
                break

    @api.model
    def _try_refresh(self, company):
        """Refresh a company and say whether that is settled: not if it was in use meanwhile."""
        try:
            self._refresh(company)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()
            return False
        except Exception:
            self.env.cr.rollback()
            _logger.exception("The worklist of %s cannot be refreshed", company.name)
        return True

    def action_refresh(self):
        """Refresh the worklist of the current companies, as of now."""
        if not self.env.user.has_group("billing_crm.group_billing_user"):
            raise AccessError(self.env._("Only billing users may refresh the worklist."))
        self.sudo()._refresh(self.env.companies)

    @api.model
    def _refresh(self, companies, partners=None):
        """Refresh the rows of ``companies``, each with one statement.

        Two that refresh a company at the same time: the second leaves it to the first.

        :param partners: commercial partners; all if None
        """
        self.env.flush_all()
        for company in companies:
            if partners is not None or self._lock_refresh(company):
                here = self.with_company(company).with_context(
                    billing_as_of=False, tz=company._get_billing_zone() or "UTC"
                )
                of_all = here.env["billing.receivable"]._joining_large_sets()
                with of_all if partners is None else nullcontext():
                    here.env.execute_query(here._upsert(company, partners))
        self.invalidate_model()

    @api.model
    def _lock_refresh(self, company):
        key = SQL(
            "SELECT pg_try_advisory_xact_lock(hashtext('billing.collection'), %s)", company.id
        )
        return self.env.execute_query(key)[0][0]

    @api.model
    def _upsert(self, company, partners=None):
        """Return the statement that writes the rows of a company, or of some customers of it.

        Only rows that change are written. ``known`` has all that is known of each customer who
        is, or was, on the list; amounts in the company's currency. ``house`` is worked out once:
        PostgreSQL would otherwise find the median anew for each customer.
        """
        receivable = self.env["billing.receivable"]
        companies = receivable._get_credit_companies(company)
        as_of = receivable._get_as_of()
        columns = SQL(", ").join(SQL.identifier(name) for name in FOUND)
        found = SQL(", ").join(SQL.identifier("excluded", name) for name in FOUND)
        present = SQL(", ").join(SQL.identifier("collection", name) for name in FOUND)
        return SQL(
            """
            WITH open_item AS MATERIALIZED (
                SELECT * FROM %(receivable)s receivable
                 WHERE company_id IN %(companies)s AND partner_id IS NOT NULL AND %(of_partner)s
            ),
            past AS (
                SELECT * FROM billing_collection WHERE company_id = %(company)s AND %(of_partner)s
            ),
            %(due)s,
            %(facts)s,
            known AS (%(known)s),
            house AS MATERIALIZED (
                SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY amount)::numeric AS median
                  FROM (
                    SELECT amount FROM known
                     UNION ALL
                    SELECT amount FROM billing_collection
                     WHERE company_id = %(company)s AND NOT %(of_partner)s
                  ) every
                 WHERE amount > 0
            ),
            staged AS (
                SELECT known.*, %(stage)s AS stage, %(points)s AS points FROM known, house
            )
            INSERT INTO billing_collection AS collection (
                company_id, partner_id, create_uid, write_uid, create_date, write_date,
                %(columns)s)
            SELECT %(company)s, partner_id, %(uid)s, %(uid)s, %(now)s, %(now)s,
                   stage,
                   CASE WHEN stage = 'done' THEN COALESCE(closed_on, %(as_of)s) END AS closed_on,
                   %(rest)s
              FROM staged
                ON CONFLICT (company_id, partner_id) DO UPDATE
               SET (write_date, %(columns)s) = (excluded.write_date, %(found)s)
             WHERE (%(present)s) IS DISTINCT FROM (%(found)s)
         RETURNING id
            """,
            receivable=receivable._table_sql,
            companies=tuple(companies.ids),
            company=company.id,
            of_partner=(
                SQL("TRUE")
                if partners is None
                else SQL("partner_id IN %s", tuple(partners.ids) or (0,))
            ),
            due=self._select_due(company, companies),
            facts=self._select_facts(company, as_of),
            known=self._select_known(company),
            stage=self._stage_to_sql(as_of),
            points=self._points_to_sql(as_of),
            as_of=as_of,
            uid=self.env.uid,
            now=SQL("now() AT TIME ZONE 'UTC'"),
            columns=columns,
            rest=SQL(", ").join(SQL.identifier(name) for name in FOUND[2:]),
            found=found,
            present=present,
        )

    @api.model
    def _stage_to_sql(self, as_of):
        """Return the stage as SQL over the columns of ``known``.

        A person's word stands for Escalated, and for Contacted until the next step is due. Paused
        customers wait with those who were contacted.
        """
        return SQL(
            """
            CASE
                WHEN known.overdue = 0 THEN 'done'
                WHEN known.past_stage = 'escalated' THEN 'escalated'
                WHEN known.free <= 0 AND known.promised > 0 THEN 'promised'
                WHEN known.free <= 0 AND known.disputed > 0 THEN 'disputed'
                WHEN known.free <= 0 THEN 'contacted'
                WHEN known.past_stage = 'contacted' AND known.next_contact_on > %s THEN 'contacted'
                ELSE 'to_contact'
            END
            """,
            as_of,
        )
