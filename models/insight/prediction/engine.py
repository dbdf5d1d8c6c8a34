"""Who will pay when: the statement that predicts, in Odoo and in a backtest.

Every past payment of a customer is an observation of how many banking days after the due date it
came. The recent ones weigh more, an overdue invoice counts as well, and a few payments at the
company's average are added. The probability of being late is the share of these observations that
is late, the expected day is the one by which half of them had come, and the range leaves out a
tenth at each end. What is already impossible (a day that has passed) is left out beforehand.

Days are banking days, as this company's payments show them: what falls due on a Saturday is paid
on Monday by whoever always pays in time, and that is two days late.
"""

from odoo.tools import SQL

from . import constants
from .banking_days import date_of, number, weekday

# PostgreSQL adds up in any order, and the last digits follow it: no result may hang on them.
NEGLIGIBLE = SQL("1e-9::float8")


def predict(asked, settled, open_items):
    """Return the SQL of predictions, using only what happened before each row's ``as_of``.

    The relations are SQL queries about one company. A partner is any integer; NULL is somebody of
    whom nothing is known. Rows with the same partner and day share their work.

    :param asked: ``id``, ``partner_id``, ``date_maturity``, ``as_of``
    :param settled: ``partner_id``, ``date_maturity``, ``settled_date`` of what was paid; not before
        the day of the invoice, or a prepayment would tell of an invoice that does not exist yet
    :param open_items: ``partner_id``, ``invoice_date``, ``date_maturity``, ``settled_date``, which
        is NULL or the day after which it no longer was open
    :return: ``id``, ``late_probability``, ``late30_probability``, ``expected_days``, ``low_days``,
        ``high_days`` (calendar days from ``date_maturity``), ``payment_count``
    """
    return SQL(
        """
        WITH asked AS MATERIALIZED (
            SELECT asked.*, dense_rank() OVER (ORDER BY partner_id, as_of) AS customer
              FROM (SELECT id, partner_id, date_maturity, as_of FROM (%(asked)s) source) asked
        ),
        settled AS MATERIALIZED (
            SELECT partner_id, date_maturity, settled_date, COUNT(*) AS payments
              FROM (%(settled)s) source
             WHERE settled_date IS NOT NULL AND date_maturity IS NOT NULL
          GROUP BY partner_id, date_maturity, settled_date
        ),
        %(calendar)s,
        %(observed)s,
        %(house)s,
        %(own)s,
        %(distribution)s,
        %(placed)s,
        ranged AS MATERIALIZED (
            SELECT placed.*, %(low)s AS low, %(middle)s AS middle, %(high)s AS high FROM placed
        )
        SELECT id,
               %(late)s AS late_probability,
               %(late_much)s AS late30_probability,
               %(middle_date)s - date_maturity AS expected_days,
               %(low_date)s - date_maturity AS low_days,
               %(high_date)s - date_maturity AS high_days,
               payments::int AS payment_count
          FROM ranged
        """,
        asked=asked,
        settled=settled,
        calendar=_calendar(),
        observed=_observed(),
        house=_house(),
        own=_own(open_items),
        distribution=_distribution(),
        placed=_placed(),
        late=_share("late"),
        late_much=_share("late_much"),
        low=_quantile("reached_low", (1 - constants.RANGE) / 2),
        middle=_quantile("reached", 0.5),
        high=_quantile("reached_high", (1 + constants.RANGE) / 2, from_below=True),
        low_date=_date_after("GREATEST(LEAST(low, middle), earliest)"),
        middle_date=_date_after(_or_twice_as_late("middle")),
        high_date=_date_after(_or_twice_as_late("GREATEST(high, middle)")),
    )


def _calendar():
    """The banking days of a week, as payments show them on each day that is asked about."""
    return SQL(
        """
        moment AS MATERIALIZED (
            SELECT as_of, row_number() OVER () AS moment
              FROM (SELECT DISTINCT as_of FROM asked) asked
        ),
        received AS MATERIALIZED (
            SELECT settled_date, %(weekday)s AS weekday, SUM(payments)::int AS payments
              FROM settled GROUP BY settled_date
        ),
        calendar AS MATERIALIZED (
            SELECT as_of,
                   array_agg(up_to ORDER BY weekday) AS up_to,
                   MAX(up_to) AS per_week,
                   SUM(is_banking_day::int << weekday)::int AS kind
              FROM (
                SELECT as_of, weekday, is_banking_day,
                       (COUNT(*) FILTER (WHERE is_banking_day) OVER (
                           PARTITION BY as_of ORDER BY weekday))::int AS up_to
                  FROM (
                    SELECT as_of, weekday,
                           payments >= %(quiet)s * SUM(payments) OVER of_week
                           OR SUM(days) OVER of_week < %(enough)s AS is_banking_day
                      FROM (
                        SELECT as_of, day.weekday, COALESCE(SUM(payments), 0) AS payments,
                               COUNT(payments) AS days
                          FROM moment CROSS JOIN generate_series(0, 6) day (weekday)
                     LEFT JOIN received
                            ON received.weekday = day.weekday
                           AND settled_date < as_of AND settled_date >= as_of - %(history_days)s
                      GROUP BY as_of, day.weekday
                      ) counted
                    WINDOW of_week AS (PARTITION BY as_of)
                  ) judged
              ) summed
          GROUP BY as_of
        )
        """,
        weekday=weekday(SQL("settled_date")),
        quiet=constants.QUIET_WEEKDAY_SHARE,
        enough=constants.PAYMENT_DAYS_KNOWN,
        history_days=constants.HISTORY_DAYS,
    )


def _observed():
    """How many banking days late each payment came, under each of the calendars."""
    return SQL(
        """
        paid AS MATERIALIZED (
            SELECT partner_id, settled_date, kind, %(paid_on)s - %(due)s AS delay, payments
              FROM settled
        CROSS JOIN (SELECT DISTINCT kind, up_to, per_week FROM calendar) calendar
        )
        """,
        paid_on=number(SQL("settled_date")),
        due=_number_of_due(),
    )


def _house():
    """What every customer starts with: a few payments at the company's average, and the tail."""
    return SQL(
        """
        running AS MATERIALIZED (
            SELECT array_agg(settled_date ORDER BY settled_date) AS days,
                   array_agg(payments ORDER BY settled_date) AS payments
              FROM (SELECT settled_date, SUM(payments) OVER (ORDER BY settled_date)::int AS payments
                      FROM received) summed
        ),
        recent AS MATERIALIZED (
            SELECT moment, as_of, kind,
                   LEAST(
                       as_of - %(house_days)s,
                       days[1 + width_bucket(
                           payments[width_bucket(as_of - 1, days)] - %(house_payments)s, payments)]
                   ) AS since
              FROM calendar JOIN moment USING (as_of) CROSS JOIN running
        ),
        house AS MATERIALIZED (
            SELECT moment, delay, SUM(weight) AS weight
              FROM (
                SELECT moment, delay,
                       %(prior)s * payments / SUM(payments) OVER (PARTITION BY moment) AS weight
                  FROM (
                    SELECT moment, delay, payments::float8
                      FROM recent
                      JOIN (SELECT kind, settled_date, %(rough_delay)s AS delay,
                                   SUM(payments) AS payments
                              FROM paid GROUP BY 1, 2, 3) paid
                        ON paid.kind = recent.kind
                       AND settled_date < as_of AND settled_date >= since
                     UNION ALL
                    SELECT moment, delay, payments
                      FROM moment CROSS JOIN (VALUES %(unknown)s) unknown (delay, payments)
                  ) observed
                 UNION ALL
                SELECT moment, delay, weight
                  FROM moment CROSS JOIN (VALUES %(tail)s) tail (delay, weight)
              ) mixed
          GROUP BY moment, delay
        )
        """,
        prior=float(constants.PRIOR_PAYMENTS),
        tail=_values(constants.TAIL_DELAYS),
        rough_delay=SQL(
            "CASE WHEN delay BETWEEN %(first)s AND %(last)s THEN delay"
            " ELSE round(delay / %(step)s)::int * %(step_days)s END",
            first=constants.EXACT_DELAYS[0],
            last=constants.EXACT_DELAYS[1],
            step=float(constants.ROUGH_STEP),
            step_days=constants.ROUGH_STEP,
        ),
        house_days=constants.HOUSE_DAYS,
        house_payments=constants.HOUSE_PAYMENTS,
        unknown=_values(constants.UNKNOWN_DELAYS),
    )


def _own(open_items):
    """The observations of each customer on each day that is asked about."""
    return SQL(
        """
        customer AS MATERIALIZED (
            SELECT customer, partner_id, as_of, moment, kind, up_to, per_week
              FROM (SELECT DISTINCT customer, partner_id, as_of FROM asked) asked
              JOIN moment USING (as_of)
              JOIN calendar USING (as_of)
        ),
        own AS MATERIALIZED (
            SELECT customer, moment, delay, SUM(weight) AS weight, SUM(payments) AS payments
              FROM (
                SELECT customer, moment, delay, payments,
                       payments * power(0.5::float8, (as_of - settled_date) / %(half_life)s::float8)
                           AS weight
                  FROM customer
                  -- not "=": PostgreSQL would join by the kind, of which there is one or two
                  JOIN paid ON paid.partner_id = customer.partner_id
                           AND paid.kind IS NOT DISTINCT FROM customer.kind
                 WHERE settled_date < as_of AND settled_date >= as_of - %(history_days)s
                 UNION ALL
                SELECT customer, moment, %(still_open)s * (%(yesterday)s - %(due)s + 1) + 1, 0,
                       power(0.5::float8, (as_of - date_maturity) / %(half_life)s::float8)
                  FROM customer
                  JOIN (%(open_items)s) open_item USING (partner_id)
                 WHERE invoice_date < as_of
                   AND date_maturity < as_of AND date_maturity >= as_of - %(history_days)s
                   AND (settled_date IS NULL OR settled_date >= as_of)
              ) observed
          GROUP BY customer, moment, delay
        )
        """,
        open_items=open_items,
        half_life=float(constants.HALF_LIFE_DAYS),
        history_days=constants.HISTORY_DAYS,
        still_open=constants.STILL_OPEN_FACTOR,
        yesterday=number(SQL("(as_of - 1)")),
        due=_number_of_due(),
    )


def _distribution():
    """Own observations and the company's together, as arrays that can be searched by halving.

    Customers of whom nothing is known share one of each day, the negative number of the day.
    """
    return SQL(
        """
        known AS MATERIALIZED (SELECT DISTINCT customer, moment FROM own),
        basis AS MATERIALIZED (
            SELECT customer AS basis, moment FROM known UNION ALL SELECT -moment, moment FROM moment
        ),
        distribution AS MATERIALIZED (
            SELECT basis,
                   array_agg(delay ORDER BY delay) AS delays,
                   array_agg(reached ORDER BY delay) AS reached,
                   array_agg(reached - %(outside)s * weight ORDER BY delay) AS reached_low,
                   array_agg(reached - %(inside)s * weight ORDER BY delay) AS reached_high,
                   MAX(reached) AS total,
                   SUM(payments) AS payments
              FROM (
                SELECT basis, delay, SUM(weight) AS weight, SUM(payments) AS payments,
                       SUM(SUM(weight)) OVER (PARTITION BY basis ORDER BY delay) AS reached
                  FROM (
                    SELECT customer AS basis, delay, weight, payments FROM own
                     UNION ALL
                    SELECT basis, delay, weight, 0 FROM basis JOIN house USING (moment)
                  ) observation
              GROUP BY basis, delay
              ) cumulated
          GROUP BY basis
        )
        """,
        inside=constants.STEP_INSIDE,
        outside=1 - constants.STEP_INSIDE,
    )


def _placed():
    """Each row that is asked about beside its distribution, and how much of that is past.

    ``below`` is the weight of what is impossible by now, ``late`` of what would be late.
    """
    return SQL(
        """
        placed AS MATERIALIZED (
            SELECT asked.id, date_maturity, up_to, per_week, due, earliest,
                   delays, reached, reached_low, reached_high, total, payments,
                   %(below_earliest)s AS below,
                   total - %(below_late)s AS late,
                   total - %(below_late_much)s AS late_much
              FROM (
                -- once for each row: PostgreSQL would repeat the expressions wherever they are used
                SELECT asked.id, date_maturity, customer.up_to, customer.per_week,
                       COALESCE(known.customer, -customer.moment) AS basis,
                       %(due)s AS due,
                       %(due_day)s - %(due)s + 1 AS late_from,
                       %(very_late_day)s - %(due)s + 1 AS late_much_from,
                       %(yesterday)s - %(due)s + 1 AS earliest
                  FROM asked
                  JOIN customer ON customer.customer = asked.customer
             LEFT JOIN known ON known.customer = asked.customer
                OFFSET 0
              ) asked
              JOIN distribution USING (basis)
        )
        """,
        due=_number_of_due(),
        due_day=number(SQL("date_maturity")),
        very_late_day=number(SQL("(date_maturity + %s)", constants.VERY_LATE_DAYS)),
        yesterday=number(SQL("(asked.as_of - 1)")),
        below_earliest=_reached_before("earliest"),
        below_late=_reached_before("GREATEST(late_from, earliest)"),
        below_late_much=_reached_before("GREATEST(late_much_from, earliest)"),
    )


def _number_of_due():
    """The number of the first banking day on which paying is paying in time or later."""
    return SQL("(%s + 1)", number(SQL("(date_maturity - 1)")))


def _reached_before(delay):
    """The weight of all that came earlier than a delay."""
    return SQL("COALESCE(reached[width_bucket(%s - 1, delays)], 0)", SQL(delay))


def _share(weight):
    """A weight as a share of what is still possible, without the noise of its last digits."""
    return SQL(
        "COALESCE(round(%s / NULLIF(total - below, 0) / %s) * %s, 1)",
        SQL.identifier(weight),
        NEGLIGIBLE,
        NEGLIGIBLE,
    )


def _quantile(reached, level, from_below=False):
    """The delay by which a part of what is still possible has come.

    :param from_below: the last one that has not passed ``level``, not the first that has
    """
    found = SQL("width_bucket(below + %s * (total - below), %s)", level, SQL.identifier(reached))
    if from_below:
        return SQL("delays[GREATEST(%s, 1)]", found)
    return SQL("delays[LEAST(%s + 1, cardinality(delays))]", found)


def _date_after(delay):
    """The date so many banking days after the due date."""
    return date_of(SQL("(%s + due)", SQL(delay)))


def _or_twice_as_late(delay):
    """A delay, or for what is open longer than anything known: as long again."""
    return f"CASE WHEN {delay} < earliest THEN 2 * earliest ELSE {delay} END"


def _values(pairs):
    return SQL(", ").join(SQL("(%s, %s::float8)", *pair) for pair in pairs)
