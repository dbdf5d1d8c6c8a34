from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .visitor import LOOKING

# Long enough to tell forwarded links and scanners; after that nobody needs to know the network.
DETAIL_DAYS = 30
CUSTOMERS_PER_BATCH = 500
ROWS_PER_BATCH = 10000


class BillingEvent(models.Model):
    """What is kept of visits, and for how long."""

    _inherit = "billing.event"

    @api.model
    def _cron_thin(self):
        """Forget what the companies' limits say, in batches that are committed."""
        self._forget_details()
        for company in self.env["res.company"].search([("billing_retention_days", ">", 0)]):
            before = fields.Datetime.now() - timedelta(days=company.billing_retention_days)
            self._thin(company, before)
            self._forget_links(company, before)

    @api.model
    def _forget_details(self):
        """Remove the network and the program's name from events older than `DETAIL_DAYS`."""
        before = fields.Datetime.now() - timedelta(days=DETAIL_DAYS)
        while self._run_batch(
            SQL(
                """
                UPDATE billing_event SET network = NULL, user_agent = NULL
                 WHERE id IN (
                    SELECT id FROM billing_event
                     WHERE date < %s AND (network IS NOT NULL OR user_agent IS NOT NULL)
                     LIMIT %s
                 )
                """,
                before,
                ROWS_PER_BATCH,
            )
        ):
            pass

    @api.model
    def _thin(self, company, before):
        """Of the visits older than ``before`` keep the first and the last of each kind that were a
        person's, for each document and recipient."""
        last_customer = 0
        while True:
            customers = [
                row[0]
                for row in self.env.execute_query(
                    SQL(
                        """
                        SELECT DISTINCT partner_id FROM billing_event
                         WHERE company_id = %s AND partner_id > %s AND date < %s AND kind IN %s
                      ORDER BY partner_id LIMIT %s
                        """,
                        company.id,
                        last_customer,
                        before,
                        LOOKING,
                        CUSTOMERS_PER_BATCH,
                    )
                )
            ]
            if not customers:
                return
            last_customer = customers[-1]
            self._run_batch(self._thin_to_sql(company, customers, before))

    @api.model
    def _thin_to_sql(self, company, customers, before):
        group = SQL(", ").join(
            SQL.identifier(name)
            for name in ("partner_id", *self._get_document_fields(), "recipient_id", "kind")
        )
        return SQL(
            """
            DELETE FROM billing_event
             WHERE id IN (
                SELECT id FROM (
                    SELECT id, is_person,
                           row_number() OVER (PARTITION BY %(group)s, is_person
                                                  ORDER BY date, id) AS from_first,
                           row_number() OVER (PARTITION BY %(group)s, is_person
                                                  ORDER BY date DESC, id DESC) AS from_last
                      FROM (
                        SELECT *, COALESCE(agent IN ('human', 'likely_human'), FALSE) AS is_person
                          FROM billing_event
                         WHERE company_id = %(company)s AND partner_id IN %(customers)s
                           AND date < %(before)s AND kind IN %(kinds)s
                      ) visit
                ) ranked
                 WHERE NOT is_person OR (from_first > 1 AND from_last > 1)
             )
            """,
            group=group,
            company=company.id,
            customers=tuple(customers),
            before=before,
            kinds=LOOKING,
        )

    @api.model
    def _get_document_fields(self):
        """Return the names of all fields that say to which document something happened."""
        return ["move_id"]

    @api.model
    def _forget_links(self, company, before):
        """Delete links that stopped working before ``before``; their events stay."""
        domain = [("company_id", "=", company.id), ("expires_on", "<", before)]
        while links := self.env["billing.link"].sudo().search(domain, limit=ROWS_PER_BATCH):
            count = len(links)
            links.unlink()
            self.env["ir.cron"]._commit_progress(count)

    @api.model
    def _run_batch(self, query):
        """Run one statement and commit it. Return how many rows it changed."""
        self.env.cr.execute(query)
        count = self.env.cr.rowcount
        self.invalidate_model()
        self.env["ir.cron"]._commit_progress(count)
        return count
