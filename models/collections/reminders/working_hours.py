"""When a message may reach a customer: in working hours of the place where they are."""

from datetime import datetime, time, timedelta
from functools import lru_cache

import holidays
import pytz

WEEKEND = frozenset({5, 6})

# Longer than any row of days off; after that something is wrong, and waiting does not help.
DAYS_AHEAD = 90

# Where most people live, in countries whose first zone in the list is on their edge.
MAIN_ZONES = {
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "RU": "Europe/Moscow",
}


def find_zone(country_code, own_zone, company_zone):
    """Return the name of the time zone of somebody in a country.

    A contact's own zone in Odoo is often just that of the user who typed it in: it counts if it
    is one of the country's.
    """
    zones = pytz.country_timezones.get(country_code or "", [])
    if own_zone and (not zones or own_zone in zones):
        return own_zone
    if zones:
        return MAIN_ZONES.get(country_code, zones[0])
    return company_zone or "UTC"


@lru_cache(maxsize=512)
def find_days_off(country_code, state_code, year):
    """Return the public holidays of a place in a year, as dates, and its weekend, as weekdays.

    Nothing is known of some countries, and of some only without their states.
    """
    for subdivision in (state_code, None) if country_code else ():
        try:
            days = holidays.country_holidays(country_code, subdiv=subdivision, years=year)
        except (NotImplementedError, KeyError):
            continue
        return frozenset(days), frozenset(days.weekend)
    return frozenset(), WEEKEND


class WorkingHours:
    """The hours of a day, and the days, on which messages may go out to one place.

    :param zone: name of a time zone
    :param hours: (from, to), as numbers from 0 to 24
    :param country: (country code, state code), either of which may be None
    :param working_days_only: leave out the weekend of the country
    :param observe_holidays: leave out public holidays, and ``closed``
    :param closed: (from, to) in UTC without zone, when the company is closed
    """

    def __init__(
        self, zone, hours, country, *, working_days_only=False, observe_holidays=False, closed=()
    ):
        self.zone = pytz.timezone(zone)
        self.hours = hours
        self.country = country
        self.working_days_only = working_days_only
        self.observe_holidays = observe_holidays
        self.closed = closed if observe_holidays else ()

    def find_next(self, now):
        """Return the first moment from ``now`` on, both in UTC without zone."""
        day = pytz.utc.localize(now).astimezone(self.zone).date()
        for _day in range(DAYS_AHEAD):
            start, end = (self._get_moment(day, hour) for hour in self.hours)
            moment = max(now, start)
            if moment < end and self._is_working_day(day, start, end):
                return moment
            day += timedelta(days=1)
        return now

    def _get_moment(self, day, hour):
        # on the clock of the wall, whatever happens to it on this day
        wall = datetime.combine(day, time.min) + timedelta(minutes=round(hour * 60))
        return self.zone.localize(wall).astimezone(pytz.utc).replace(tzinfo=None)

    def _is_working_day(self, day, start, end):
        days_off, weekend = find_days_off(*self.country, day.year)
        if self.working_days_only and day.weekday() in weekend:
            return False
        if self.observe_holidays and day in days_off:
            return False
        return not any(closed < end and opens > start for closed, opens in self.closed)
