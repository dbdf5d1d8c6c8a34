"""Counting the days on which payments arrive, in SQL.

A calendar is two columns in scope: ``up_to``, for each weekday from Monday how many banking days a
week has had up to it, and ``per_week``, how many it has. A banking day has a number: how many there
were from the epoch to the end of it. A day without payments has the number of the one before.
"""

from odoo.tools import SQL

EPOCH = SQL("DATE '1900-01-01'")  # a Monday


def weekday(day):
    """Return the weekday of an SQL date, 0 for Monday, before the epoch too."""
    return SQL("(((%(day)s - %(epoch)s) %% 7 + 7) %% 7)", day=day, epoch=EPOCH)


def number(day):
    """Return the number of the last banking day up to an SQL date."""
    return SQL(
        "(floor((%(day)s - %(epoch)s) / 7.0)::int * per_week + up_to[%(weekday)s + 1])",
        day=day,
        epoch=EPOCH,
        weekday=weekday(day),
    )


def date_of(number):
    """Return the date of the banking day that has an SQL number."""
    week = SQL("floor((%s - 1) / per_week::numeric)::int", number)
    return SQL(
        "(%(epoch)s + 7 * %(week)s + array_position(up_to, %(number)s - %(week)s * per_week) - 1)",
        epoch=EPOCH,
        week=week,
        number=number,
    )
