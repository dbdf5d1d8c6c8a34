"""When an amount arrives: from three dates to a probability, as SQL.

Of each amount three dates are known: by the earliest it has arrived with a probability of 10 %, by
the expected one of 50 %, by the latest of 90 %. Between them straight lines; before the first and
after the last the lines go on as steep as they were, so that all of it has arrived a quarter of the
last stretch later. Before today nothing arrives any more: what the line says of the days before
arrives today.
"""

from odoo.tools import SQL

# Of a normal distribution, 80 % lie within so many standard deviations around the mean.
RANGE_DEVIATIONS = 1.2816


def arrived_by(day):
    """Return, as SQL, the probability from 0 to 1 that ``item`` has arrived by the end of a day.

    A float: it is worked out for each amount and day, and as numeric would take many times longer.

    :param day: a date, as SQL
    """
    return SQL(
        """
        CASE WHEN %(day)s < item.first_date THEN 0.0::float8
             WHEN %(day)s >= item.last_date THEN 1.0::float8
             WHEN %(day)s >= item.expected_date
                  THEN 0.5::float8 + 0.4::float8 * (%(day)s - item.expected_date)
                                     / (item.latest_date - item.expected_date)
             ELSE 0.5::float8 - 0.4::float8 * (item.expected_date - %(day)s)
                                / (item.expected_date - item.earliest_date)
        END
        """,
        day=day,
    )


def first_date(today):
    """Return, as SQL, the first day on which something of ``item`` may arrive.

    :param today: a date, before which nothing arrives any more
    """
    return SQL(
        """
        GREATEST(item.earliest_date - GREATEST(
            ceil(0.25 * (item.expected_date - item.earliest_date))::int - 1, 0), %s)
        """,
        today,
    )


def last_date():
    """Return, as SQL, the day by whose end all of ``item`` has arrived."""
    return SQL("item.latest_date + ceil(0.25 * (item.latest_date - item.expected_date))::int")
