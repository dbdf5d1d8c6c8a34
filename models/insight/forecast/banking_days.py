"""On which days banks book nothing, and when they book next."""

from datetime import timedelta

from ...collections.reminders.working_hours import find_days_off


def find_closed_days(country_code, state_code, first, last):
    """Return {day: next banking day} of the weekends and public holidays between two dates."""
    closed = {}
    next_open = _next_open(country_code, state_code, last)
    day = last
    while day >= first:
        if _is_closed(country_code, state_code, day):
            closed[day] = next_open
        else:
            next_open = day
        day -= timedelta(days=1)
    return closed


def _next_open(country_code, state_code, day):
    while _is_closed(country_code, state_code, day):
        day += timedelta(days=1)
    return day


def _is_closed(country_code, state_code, day):
    days_off, weekend = find_days_off(country_code, state_code, day.year)
    return day.weekday() in weekend or day in days_off
