"""How right predictions were: SQL over any relation of predictions with their outcomes.

The product's check and the one on the command line (tools/backtest) both measure with this.

A relation of *predictions* has a row for each, with: id, late_probability, late30_probability,
expected_days, low_days, high_days, average_days, earlier_count, amount, days_late (NULL while it
is not paid) and days_so_far (days since the due date for what is not paid, negative before; NULL
if nothing is known of it). `judge` adds what they are measured by. Days are relative to the due
date.
"""

from odoo.tools import SQL

from ..prediction.constants import VERY_LATE_DAYS

# The calibration error is that of so many groups of the same size, by predicted probability.
BINS = 10


def judge(predictions):
    """Return ``predictions`` with what came of each, NULL where that is not known (yet).

    What is not paid after the due date is late, whenever it may be paid; and it has missed the
    range once that is over.
    """

    def later_than(days):
        return SQL(
            """
            CASE WHEN days_late IS NOT NULL THEN days_late > %(days)s
                 WHEN days_so_far > %(days)s THEN TRUE
            END
            """,
            days=days,
        )

    return SQL(
        """
        SELECT prediction.*,
               %(late)s AS is_late,
               %(late30)s AS is_late30,
               CASE WHEN days_late IS NOT NULL THEN days_late BETWEEN low_days AND high_days
                    WHEN days_so_far > high_days THEN FALSE
               END AS is_within
          FROM (%(predictions)s) prediction
        """,
        late=later_than(SQL("0")),
        late30=later_than(SQL("%s", VERY_LATE_DAYS)),
        predictions=predictions,
    )


def measure(judged):
    """Return a query of one row: how right the predictions of ``judged`` are.

    ``auc`` and ``auc30`` are the share of pairs (one late, one not) of which the late one had the
    higher probability, half a pair where both had the same. The three errors in days are means of
    absolute values: of the prediction, of the due date, and of the customer's average.
    ``within_share`` and ``cash_within_share`` are the parts, by number and by amount, that came
    within the range. All of them are NULL where there is nothing to measure.
    """
    return SQL(
        """
        WITH judged AS MATERIALIZED (%(judged)s)
        SELECT COUNT(*) AS prediction_count,
               COUNT(is_late) AS judged_count,
               COUNT(days_late) AS settled_count,
               COUNT(*) FILTER (WHERE is_late) AS late_count,
               (%(auc)s) AS auc,
               (%(auc30)s) AS auc30,
               AVG(ABS(days_late - expected_days)) AS error_days,
               AVG(ABS(days_late)) AS due_date_error,
               AVG(ABS(days_late - average_days)) AS average_error,
               (SELECT SUM(number_judged * ABS(predicted - happened)) / SUM(number_judged)
                  FROM (%(bins)s) bin) AS calibration_error,
               AVG(is_within::int) AS within_share,
               SUM(amount) FILTER (WHERE is_within)
                   / NULLIF(SUM(amount) FILTER (WHERE is_within IS NOT NULL), 0)
                   AS cash_within_share
          FROM judged
        """,
        judged=judged,
        auc=_auc("late_probability", "is_late"),
        auc30=_auc("late30_probability", "is_late30"),
        bins=bins(SQL("SELECT * FROM judged")),
    )


def bins(judged):
    """Return a query of groups by ``late_probability``, each with as many rows as the others.

    It yields number (from 1, the lowest probability), predicted and happened (shares that are
    late, by prediction and in fact) and number_judged.
    """
    return SQL(
        """
        SELECT number, AVG(late_probability) AS predicted, AVG(is_late::int) AS happened,
               COUNT(*) AS number_judged
          FROM (
            SELECT late_probability, is_late,
                   ntile(%(bins)s) OVER (ORDER BY late_probability, id) AS number
              FROM (%(judged)s) judged
             WHERE is_late IS NOT NULL
          ) binned
      GROUP BY number
        """,
        bins=BINS,
        judged=judged,
    )


def _auc(probability, outcome):
    """Mann and Whitney's statistic, from the ranks of ``judged``; equal ones share their ranks."""
    probability, outcome = SQL.identifier(probability), SQL.identifier(outcome)
    return SQL(
        """
        SELECT (SUM(place) FILTER (WHERE happened) - yes * (yes + 1) / 2) / NULLIF(yes * no, 0)
          FROM (
            SELECT %(outcome)s AS happened,
                   rank() OVER (ORDER BY %(probability)s)
                       + (COUNT(*) OVER (PARTITION BY %(probability)s) - 1) / 2.0 AS place,
                   COUNT(*) FILTER (WHERE %(outcome)s) OVER ()::numeric AS yes,
                   COUNT(*) FILTER (WHERE NOT %(outcome)s) OVER () AS no
              FROM judged
             WHERE %(outcome)s IS NOT NULL
          ) ranked
      GROUP BY yes, no
        """,
        outcome=outcome,
        probability=probability,
    )


def averages(asked, settled):
    """Return what the simplest method says, to compare with: the customer's average so far.

    For each row of ``asked`` (see `billing.prediction._predict`) it yields id, average_days (of
    what the customer had settled before ``as_of``, else of what all had, else 0) and
    earlier_count, the number of the customer's.
    """
    return SQL(
        """
        SELECT id, earlier_count,
               COALESCE(own_days / NULLIF(earlier_count, 0), all_days / NULLIF(all_count, 0), 0)
                   AS average_days
          FROM (
            SELECT id, is_asked,
                   CASE WHEN partner_id IS NULL THEN 0 ELSE COUNT(days) OVER own END
                       AS earlier_count,
                   SUM(days) OVER own AS own_days,
                   COUNT(days) OVER everybody AS all_count,
                   SUM(days) OVER everybody AS all_days
              FROM (
                SELECT id, partner_id, as_of AS day, TRUE AS is_asked, NULL::float AS days
                  FROM (%(asked)s) asked
                 UNION ALL
                SELECT id, partner_id, settled_date, FALSE, settled_date - date_maturity
                  FROM (%(settled)s) settled
              ) happened
            -- of one day, what is asked comes first: it knows what was settled before that day
            WINDOW own AS (PARTITION BY partner_id ORDER BY day, is_asked DESC
                           ROWS UNBOUNDED PRECEDING),
                   everybody AS (ORDER BY day, is_asked DESC ROWS UNBOUNDED PRECEDING)
          ) counted
         WHERE is_asked
        """,
        asked=asked,
        settled=settled,
    )
