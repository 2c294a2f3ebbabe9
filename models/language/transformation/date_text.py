"""Reading dates from text: ISO 8601 by the letter, and the looser forms that V8 reads as well."""

import math
import re

from .moments import MONTHS, put_together

_ISO = re.compile(
    r"([+-]\d{6}|\d{4})(?:-(\d\d)(?:-(\d\d))?)?"
    r"(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s*(Z|[+-]\d\d:?\d\d)?)?",
    re.ASCII | re.IGNORECASE,
)
_TOKEN = re.compile(
    r"\s*(?:(?P<comment>\([^()]*\))|(?P<time>\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d+)?)?)"
    r"|(?P<zone>(?:GMT|UTC)?[+-]\d{2}:?\d{2}\b)|(?P<date>\d{1,4}[/-]\d{1,2}[/-]\d{1,4})"
    r"|(?P<word>[A-Za-z]+)\.?|(?P<number>\d{1,6})(?:st|nd|rd|th)?|(?P<mark>[,-]))\s*",
    re.ASCII,
)
_ZONES = {
    "z": 0, "gmt": 0, "ut": 0, "utc": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8,
    "pdt": -7,
}  # fmt: skip
_LONGEST = 100


def parse_date(text: str) -> int | float:
    """The milliseconds that a text means, NaN when it means none; without a zone it is UTC."""
    text = text.strip()
    if len(text) > _LONGEST:
        return math.nan
    found = _ISO.fullmatch(text)
    return _iso(found) if found else _loose(text)


def _iso(found: re.Match[str]) -> int | float:
    year, month, day, hours, minutes, seconds, fraction, zone = found.groups()
    if year == "-000000":
        return math.nan
    values = int(year), int(month or 1), int(day or 1), int(hours or 0), int(minutes or 0), int(seconds or 0)
    milliseconds = int(((fraction or "") + "000")[:3])
    return _checked(*values, milliseconds, zone_minutes(zone))


def _checked(
    year: int, month: int, day: int, hours: int, minutes: int, seconds: int, milliseconds: int, zone: int
) -> int | float:
    at_midnight = hours == 24 and minutes == seconds == milliseconds == 0
    if not (1 <= month <= 12 and 1 <= day <= 31 and minutes < 60 and seconds < 60 and (hours < 24 or at_midnight)):
        return math.nan
    return put_together(year, month - 1, day, hours, minutes - zone, seconds, milliseconds)


def zone_minutes(zone: str | None) -> int:
    """The offset of "+02:00", "GMT-0500" or "Z" in minutes."""
    if zone is None or zone.upper() == "Z":
        return 0
    digits = zone.replace(":", "")[-4:]
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return -minutes if "-" in zone else minutes


def _loose(text: str) -> int | float:
    """Month names, numbers and a time in any order: "Jan 2, 2020 10:00 PM", "2 January 2020", "1/2/2020"."""
    month = zone = None
    numbers: list[int] = []
    clock: tuple[int, int, int, int] | None = None
    noon: str | None = None
    position = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            return math.nan
        position = token.end()
        part = token.group(token.lastgroup or 0)
        match token.lastgroup:
            case "time":
                clock = _clock(part)
            case "zone":
                if clock is None and part[0] in "+-":
                    return math.nan  # an offset is one of a time
                zone = zone_minutes(part)
            case "number":
                numbers.append(int(part))
            case "date":
                numbers += [int(number) for number in re.split("[/-]", part)]
            case "word":
                word = part.lower()
                if word[:3] in _MONTHS:
                    month = _MONTHS[word[:3]]
                elif word in ("am", "pm"):
                    noon = word
                elif word in _ZONES:
                    zone = _ZONES[word] * 60
                elif word[:3] not in _WEEKDAYS:
                    return math.nan
            case _:
                pass
    return _in_order(month, numbers, _by_noon(clock or (0, 0, 0, 0), noon), zone or 0)


_MONTHS = {name.lower(): number for number, name in enumerate(MONTHS, 1)}
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


def _clock(text: str) -> tuple[int, int, int, int]:
    hours, minutes, *rest = text.split(":")
    seconds, _, fraction = rest[0].partition(".") if rest else ("0", "", "")
    return int(hours), int(minutes), int(seconds), int((fraction + "000")[:3])


def _by_noon(clock: tuple[int, int, int, int], noon: str | None) -> tuple[int, int, int, int]:
    if noon is None or not 1 <= clock[0] <= 12:
        return clock
    return (clock[0] % 12 + (12 if noon == "pm" else 0), *clock[1:])


def _in_order(month: int | None, numbers: list[int], clock: tuple[int, int, int, int], zone: int) -> int | float:
    if month is None:
        if len(numbers) == 3 and numbers[0] > 31:
            year, month, day = numbers
        elif len(numbers) == 3:
            month, day, year = numbers
        else:
            return math.nan
    elif len(numbers) == 2:
        day, year = numbers if numbers[0] <= 31 else reversed(numbers)
    elif len(numbers) == 1 and numbers[0] > 31:
        day, year = 1, numbers[0]
    else:
        return math.nan
    if year < 100:
        year += 2000 if year < 50 else 1900
    return _checked(year, month, day, *clock, zone)
