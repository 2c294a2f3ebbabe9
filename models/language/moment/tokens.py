"""What moment.js's formats are made of: their tokens, the English names, and how weeks are numbered."""

import re
from calendar import isleap, weekday
from functools import lru_cache
from typing import NamedTuple

LONGEST_FORMAT = 200  # characters

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")

_LONG = {
    "LTS": "h:mm:ss A", "LT": "h:mm A", "LLLL": "dddd, MMMM D, YYYY h:mm A", "LLL": "MMMM D, YYYY h:mm A",
    "LL": "MMMM D, YYYY", "L": "MM/DD/YYYY", "llll": "ddd, MMM D, YYYY h:mm A", "lll": "MMM D, YYYY h:mm A",
    "ll": "MMM D, YYYY", "l": "M/D/YYYY",
}  # fmt: skip
_LONG_TOKEN = re.compile(r"\[[^\[]*\]|\\?(?:LTS|LT|LL?L?L?|l{1,4})")
_TOKEN = re.compile(
    r"\[[^\[]*\]|\\?(?:[Hh]mm(?:ss)?|Mo|MM?M?M?|Do|DDDo|DD?D?D?|ddd?d?|do?|w[o|w]?|W[o|W]?|Qo?|N{1,5}|YYYYYY|YYYYY|YYYY"
    r"|YY|y{2,4}|yo?|gg(?:ggg?)?|GG(?:GGG?)?|e|E|a|A|hh?|HH?|kk?|mm?|ss?|S{1,9}|x|X|zz?|ZZ?|[^\n\r\u2028\u2029])"
)


class Weeks(NamedTuple):
    """How a calendar numbers its weeks: the day that begins one, and the day of January that is always in the first."""

    begins: int  # 0 is Sunday
    first: int

    def week_of(self, year: int, day_of_year: int) -> tuple[int, int]:
        """The year that the day's week belongs to, and the week's number."""
        week = (day_of_year - self._offset(year) - 1) // 7 + 1
        if week < 1:
            return year - 1, week + self.count(year - 1)
        if week > self.count(year):
            return year + 1, week - self.count(year)
        return year, week

    def day_of(self, year: int, week: int, day: int) -> tuple[int, int]:
        """The year and the day of the year of a week's day; `day` 0 is Sunday."""
        day_of_year = 1 + 7 * (week - 1) + (7 + day - self.begins) % 7 + self._offset(year)
        if day_of_year <= 0:
            return year - 1, days_in_year(year - 1) + day_of_year
        if day_of_year > days_in_year(year):
            return year + 1, day_of_year - days_in_year(year)
        return year, day_of_year

    def count(self, year: int) -> int:
        return (days_in_year(year) - self._offset(year) + self._offset(year + 1)) // 7

    def _offset(self, year: int) -> int:
        """How many days after the first of January the first week begins."""
        # The calendar repeats after 400 years, and Python's has no year 0 and 10000.
        day = (weekday(2000 + year % 400, 1, self.first) + 1) % 7
        return self.first - 1 - (7 + day - self.begins) % 7


LOCAL_WEEKS = Weeks(0, 1)
ISO_WEEKS = Weeks(1, 4)


def days_in_year(year: int) -> int:
    return 366 if isleap(year) else 365


@lru_cache(1000)
def tokens_of(form: str) -> tuple[str, ...]:
    """The tokens of a format and the pieces between them, in order; an escape is one piece, and line ends are none."""
    return tuple(_TOKEN.findall(_LONG_TOKEN.sub(lambda found: _LONG.get(found[0], found[0]), form)))
