"""The formulas of the key figures, as SQL, for one row and for any group of rows alike.

A figure of a group is formed of the group's sums, never of the figures of its rows: the average
of two customers' DSO is nobody's DSO.
"""

from odoo.tools import SQL

# DSO looks at the sales of this many months, the last one included: what most publish by quarter.
SALES_MONTHS = 3

# Countback DSO and the columns of sales go this many months back.
COUNTBACK_MONTHS = 12

# A debt this many days past due, and not paid, is at risk (Upflow's at-risk rate).
AT_RISK_DAYS = 90


def ratio(numerator, denominator, factor=1):
    """Divide; NULL where there is nothing to divide by, or a negative amount."""
    return SQL(
        "CASE WHEN %(denominator)s > 0 THEN %(numerator)s * %(factor)s / %(denominator)s END",
        numerator=numerator,
        denominator=denominator,
        factor=factor,
    )


def get_formulas(column, total, average):
    """Return name -> SQL of every key figure.

    :param column: a function that returns a column of `billing.kpi` by its name
    :param total: a function that adds up an expression over the rows of a group; of one row, it
        returns the expression
    :param average: the same for the average
    """

    def sum_of(name):
        return total(column(name))

    days = average(column("days"))
    receivable, overdue = sum_of("receivable"), sum_of("overdue")
    current = SQL("(%s - %s)", receivable, overdue)
    sales = sum_of("sales_period")
    collectable = SQL("(%s + %s)", sum_of("opening"), sum_of("sales_0"))
    return {
        "dso": ratio(receivable, sales, days),
        "countback_dso": _countback(column, total, average),
        "best_dso": ratio(current, sales, days),
        "days_delinquent": ratio(overdue, sales, days),
        "cei": ratio(
            SQL("(%s - %s)", collectable, receivable),
            SQL("(%s - %s)", collectable, current),
            100,
        ),
        "weighted_days_late": ratio(sum_of("overdue_days"), overdue),
        "overdue_share": ratio(overdue, sum_of("open_debts"), 100),
        "at_risk_rate": ratio(sum_of("at_risk"), sum_of("at_risk_base"), 100),
    }


def _countback(column, total, average):
    """Take the sales of the latest month from what is owed, then those of the month before, and so
    on; each month counts its days, the last one in proportion."""
    receivable = total(column("receivable"))
    counted, before, most = [], SQL("0"), SQL("0")
    for back in range(COUNTBACK_MONTHS):
        sales = total(column(f"sales_{back}"))
        left = SQL("(%s - (%s))", receivable, before)
        counted.append(
            SQL(
                """
                CASE WHEN %(receivable)s <= %(most)s THEN 0
                     WHEN %(sales)s <= %(left)s THEN %(days)s
                     ELSE %(days)s * %(left)s / %(sales)s
                END
                """,
                receivable=receivable,
                most=most,
                sales=sales,
                left=left,
                days=average(_days_of_month(column, back)),
            )
        )
        before = SQL("%s + %s", before, sales)
        # months in which more was credited than sold do not begin the count anew
        most = SQL("GREATEST(%s, %s)", most, before)
    return SQL("(%s)", SQL(" + ").join(counted))


def _days_of_month(column, back):
    month = column("month")
    if not back:
        return SQL("(%s - %s + 1)", column("date_end"), month)
    return SQL(
        "((%(month)s - %(last)s)::date - (%(month)s - %(first)s)::date)",
        month=month,
        last=SQL("make_interval(months => %s)", back - 1),
        first=SQL("make_interval(months => %s)", back),
    )
