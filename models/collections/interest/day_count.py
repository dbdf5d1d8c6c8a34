"""How many days of interest a period has, and its year. Plain Python."""

from datetime import timedelta

DAY = timedelta(days=1)


def get_days(start, end, day_count):
    """Return how many days of interest there are from a day until the day before another one."""
    if day_count != "thirty_360":
        return (end - start).days
    return _get_day_of_360(end - DAY) - _get_day_of_360(start - DAY)


def _get_day_of_360(day):
    # of the 31st of a month no day is left: it is the 30th again
    return 360 * day.year + 30 * day.month + min(day.day, 30)


def get_year(day, day_count):
    """Return how many days the year of a day has."""
    if day_count == "thirty_360":
        return 360
    leap = day.year % 4 == 0 and (day.year % 100 != 0 or day.year % 400 == 0)
    return 366 if day_count == "act_act" and leap else 365
