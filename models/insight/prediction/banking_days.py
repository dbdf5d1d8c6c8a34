"""Counting the days on which payments arrive, in SQL.

A calendar is two columns in scope: ``up_to``, for each weekday from Monday how many banking days a
week has had up to it, and ``per_week``, how many it has. A banking day has a number: how many there
were from the epoch to the end of it. A day without payments has the number of the one before.
"""

from odoo.tools import SQL

EPOCH = SQL("DATE '0001-01-01'")  # a Monday, and before any date: integer division is enough


def weekday(day):
    """Return the weekday of an SQL date, 0 for Monday."""
    return SQL("((%s - %s) %% 7)", day, EPOCH)


def number(day):
    """Return the number of the last banking day up to an SQL date."""
    return SQL(
        "((%(day)s - %(epoch)s) / 7 * per_week + up_to[%(weekday)s + 1])",
        day=day,
        epoch=EPOCH,
        weekday=weekday(day),
    )


def date_of(number):
    """Return the date of the banking day that has an SQL number."""
    week = SQL("((%s - 1) / per_week)", number)
    return SQL(
        "(%(epoch)s + 7 * %(week)s + array_position(up_to, %(number)s - %(week)s * per_week) - 1)",
        epoch=EPOCH,
        week=week,
        number=number,
    )
