from odoo import api, models
from odoo.tools import SQL

from .accuracy import averages

HISTORY = SQL.identifier("billing_backtest_history")


class BillingBacktest(models.Model):
    """Going through the past: each prediction as it would have been on the day of its invoice.

    The past is a temporary table, filled from Odoo's ledger or, on the command line, from a file;
    what is asked of it is the same for both.
    """

    _inherit = "billing.backtest"

    @api.model
    def _begin_history(self):
        """Make the temporary table of all installments anew, and return its name as SQL.

        One row is one installment: id, partner_id (NULL: nobody known), invoice_date,
        date_maturity, settled_date (NULL: not yet), is_payment (FALSE if credit notes settled all
        of it). It lives as long as the transaction.
        """
        self.env.cr.execute(
            SQL(
                """
                DROP TABLE IF EXISTS %(history)s;
                CREATE TEMPORARY TABLE %(history)s (
                    id integer, partner_id integer, invoice_date date, date_maturity date,
                    settled_date date, is_payment boolean
                ) ON COMMIT DROP
                """,
                history=HISTORY,
            )
        )
        return HISTORY

    @api.model
    def _replay(self, condition):
        """Return, as SQL, the predictions for those rows of the history that meet ``condition``,
        each as of its invoice date.

        It yields what `billing.prediction._predict` does, average_days and earlier_count.
        """
        self.env.cr.execute(SQL("ANALYZE %s", HISTORY))
        asked = SQL(
            """
            SELECT id, partner_id, date_maturity, invoice_date AS as_of
              FROM %s WHERE %s
            """,
            HISTORY,
            condition,
        )
        # As Odoo dates a reconciliation, nothing is settled before it was invoiced: of a payment
        # in advance nothing is known until then, neither to its own prediction nor to others.
        known = SQL(
            "CASE WHEN settled_date IS NOT NULL THEN GREATEST(settled_date, invoice_date) END"
        )
        settled = SQL(
            """
            SELECT id, partner_id, date_maturity, %s AS settled_date
              FROM %s WHERE settled_date IS NOT NULL AND is_payment
            """,
            known,
            HISTORY,
        )
        opened = SQL(
            "SELECT id, partner_id, invoice_date, date_maturity, %s AS settled_date FROM %s",
            known,
            HISTORY,
        )
        return SQL(
            """
            SELECT predicted.*, average.average_days, average.earlier_count
              FROM (%(predicted)s) predicted
              JOIN (%(average)s) average ON average.id = predicted.id
            """,
            predicted=self.env["billing.prediction"]._predict(asked, settled, opened),
            average=averages(asked, settled),
        )
