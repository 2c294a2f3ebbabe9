"""Reading dates from text as V8 does: ISO 8601 by the letter, else tokens in nearly any order.

What is not said is local time, and local time is UTC here.
"""

import math
import re
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from ..javascript.coercion import WHITE_SPACE
from .moments import MONTHS, put_together

_LONGEST = 10_000  # characters
_SIGNIFICANT = 9  # digits of a number; further ones are left out
_TOKEN = re.compile(
    rf"(?P<number>[0-9]+)|(?P<mark>[:.+)-])|(?P<blank>[{WHITE_SPACE}]+)|(?P<word>[^\x00-@{WHITE_SPACE}]+)"
    r"|(?P<other>.)",
    re.DOTALL,
)
_MONTHS = {name.lower(): number for number, name in enumerate(MONTHS, 1)}
_NOONS = {"am": 0, "pm": 12}
_ZONES = {
    "ut": 0, "utc": 0, "z": 0, "gmt": 0, "cdt": -5, "cst": -6, "edt": -4, "est": -5, "mdt": -6, "mst": -7, "pdt": -7,
    "pst": -8,
}  # fmt: skip

_Kind = Literal["number", "mark", "blank", "month", "noon", "zone", "T", "word", "other", "end"]


class _Token(NamedTuple):
    kind: _Kind
    value: int = 0
    length: int = 0
    text: str = ""

    def counts(self, length: int, least: int, most: int) -> bool:
        return self.kind == "number" and self.length == length and least <= self.value <= most

    @property
    def sign(self) -> int:
        return {"+": 1, "-": -1}.get(self.text, 0) if self.kind == "mark" else 0


_END = _Token("end")


class _NoDate(Exception):
    """The text means no date."""


def parse_date(text: str) -> int | float:
    """The milliseconds that a text means, NaN when it means none."""
    if len(text) > _LONGEST:
        return math.nan
    reading = _Reading(text)
    try:
        token = reading.iso()
        while token is not _END:
            reading.take(token)
            token = reading.next()
        return reading.moment()
    except _NoDate:
        return math.nan


def _word(text: str) -> _Token:
    start = text[:3].lower()
    kind: _Kind = "word"
    value = 0
    if start in _MONTHS:
        kind, value = "month", _MONTHS[start]
    elif len(text) <= 3:
        if start == "t":
            kind = "T"
        elif start in _NOONS:
            kind, value = "noon", _NOONS[start]
        elif start in _ZONES:
            kind, value = "zone", _ZONES[start]
    return _Token(kind, value, len(text), start)


@dataclass
class _Zone:
    sign: int | None = None
    hour: int | None = None
    minute: int | None = None


@dataclass
class _Reading:
    text: str
    at: int = 0
    peeked: _Token | None = None
    days: list[int] = field(default_factory=list[int])
    clock: list[int] = field(default_factory=list[int])
    zone: _Zone = field(default_factory=_Zone)
    month: int | None = None
    noon: int | None = None
    is_iso: bool = False
    has_number: bool = False

    def peek(self) -> _Token:
        if self.peeked is None:
            self.peeked = self._scan()
        return self.peeked

    def next(self) -> _Token:
        token, self.peeked = self.peek(), None
        return token

    def _scan(self) -> _Token:
        if self.text.startswith("(", self.at):
            self._skip_parentheses()
            return _Token("other")
        found = _TOKEN.match(self.text, self.at)
        if found is None:
            return _END
        self.at = found.end()
        part = found[0]
        match found.lastgroup:
            case "number":
                return _Token("number", int(part.lstrip("0")[:_SIGNIFICANT] or 0), len(part))
            case "mark":
                return _Token("mark", text=part)
            case "blank":
                return _Token("blank")
            case "word":
                return _word(part)
            case _:
                return _Token("other")

    def _skip_parentheses(self) -> None:
        deep = 0
        while self.at < len(self.text):
            deep += {"(": 1, ")": -1}.get(self.text[self.at], 0)
            self.at += 1
            if deep == 0:
                break

    def skip(self, mark: str) -> bool:
        token = self.peek()
        if token.kind == "mark" and token.text == mark:
            self.peeked = None
            return True
        return False

    def iso(self) -> _Token:
        """Read an ISO 8601 date and time; the token where the text turns out to be something else, else its end."""
        first = self.peek()
        if first.sign:
            self.next()
            if not self.peek().counts(6, 0, 999_999):
                return first
            year = first.sign * self.next().value
            if first.sign < 0 and year == 0:
                return first
            self.days.append(year)
        elif first.counts(4, 0, 9999):
            self.days.append(self.next().value)
        else:
            return self.next()
        self.has_number = True
        for most in (12, 31):
            if not self.skip("-"):
                break
            if not self.peek().counts(2, 1, most):
                return self.next()
            self.days.append(self.next().value)
        if self.peek().kind != "T":
            if self.peek() is not _END:
                return self.next()
        else:
            self._iso_time()
        if not self.clock:
            self.zone = _Zone(1, 0, 0)
        self.is_iso = True
        return _END

    def _iso_time(self) -> None:
        self.next()
        most = 24
        for part in range(3):
            if part == 1 and not self.skip(":"):
                raise _NoDate
            if part == 2 and not self.skip(":"):
                break
            self.clock.append(self._two_digits(most))
            most = 0 if self.clock[0] == 24 else 59
        else:
            if self.skip("."):
                if self.peek().kind != "number" or (self.clock[0] == 24 and self.peek().value > 0):
                    raise _NoDate
                self.clock.append(_milliseconds(self.next()))
        if self.peek().text == "z":
            self.next()
            self.zone = _Zone(1, 0, 0)
        elif sign := self.peek().sign:
            self.next()
            if self.peek().counts(4, 0, 9999):
                hour, minute = divmod(self.next().value, 100)
            else:
                hour = self._two_digits(23)
                if not self.skip(":"):
                    raise _NoDate
                minute = self._two_digits(59)
            if hour > 23 or minute > 59:
                raise _NoDate
            self.zone = _Zone(sign, hour, minute)
        if self.peek() is not _END:
            raise _NoDate

    def _two_digits(self, most: int) -> int:
        if not self.peek().counts(2, 0, most):
            raise _NoDate
        return self.next().value

    def take(self, token: _Token) -> None:
        """Take one token of a text that is not ISO 8601."""
        if token.kind == "number":
            self.has_number = True
            self._number(token.value)
        elif token.kind in ("month", "noon", "zone", "T", "word"):
            self._keyword(token)
        elif token.sign and (self.clock or (self.zone.hour == 0 and self.zone.minute == 0)):
            self._offset(token.sign)
        elif token.kind == "mark" and token.text in ("+", "-", ")") and self.has_number:
            raise _NoDate

    def _number(self, number: int) -> None:
        if self.skip(":"):
            if self.skip(":"):
                if self.clock:
                    raise _NoDate
                self.clock += [number, 0]
            else:
                self._add(self.clock, 4, number)
                self.skip(".")
        elif self.skip(".") and self._awaits(number):
            self.clock.append(number)
            if self.peek().kind != "number":
                raise _NoDate
            self._end_clock(_milliseconds(self.next()))
        elif self.zone.hour is not None and self.zone.minute is None and number < 60:
            self.zone.minute = number
        elif self._awaits(number):
            self._end_clock(number)
            after = self.peek()
            if not (after is _END or after.kind == "blank" or after.text == "z" or after.sign):
                raise _NoDate
        else:
            self._add(self.days, 3, number)
            self.skip("-")

    def _awaits(self, number: int) -> bool:
        return number < {1: 60, 2: 60, 3: 1000}.get(len(self.clock), 0)

    def _end_clock(self, number: int) -> None:
        self.clock = [*self.clock, number, 0, 0, 0][:4]

    def _add(self, numbers: list[int], most: int, number: int) -> None:
        if len(numbers) == most:
            raise _NoDate
        numbers.append(number)

    def _keyword(self, token: _Token) -> None:
        if token.kind == "noon" and self.clock:
            self.noon = token.value
        elif token.kind == "month":
            self.month = token.value
            self.skip("-")
        elif token.kind == "zone" and self.has_number:
            self.zone = _Zone(-1 if token.value < 0 else 1, abs(token.value), 0)
        elif self.has_number or self.peek().kind == "number":
            raise _NoDate  # words that mean nothing stand before the numbers, and apart from them

    def _offset(self, sign: int) -> None:
        self.zone.sign = sign
        number, length = 0, 0
        if self.peek().kind == "number":
            token = self.next()
            number, length = token.value, token.length
        self.has_number = True
        if self.peek().kind == "mark" and self.peek().text == ":":
            self.zone.hour, self.zone.minute = number, None
        elif length in (1, 2):
            self.zone.hour, self.zone.minute = number, 0
        elif length in (3, 4):
            self.zone.hour, self.zone.minute = divmod(number, 100)
        else:
            raise _NoDate

    def moment(self) -> int | float:
        year, month, day = self._date()
        hour, minute, second, millisecond = [*self.clock, 0, 0, 0, 0][:4]
        if self.noon is not None:
            if hour > 12:
                raise _NoDate
            hour = hour % 12 + self.noon
        at_midnight = hour == 24 and minute == second == millisecond == 0
        if not (1 <= month <= 12 and 1 <= day <= 31 and minute < 60 and second < 60 and (hour < 24 or at_midnight)):
            raise _NoDate
        offset = ((self.zone.hour or 0) * 3600 + (self.zone.minute or 0) * 60) % 2**32  # V8's number of 32 bits
        if self.zone.sign is not None and offset >= 2**31:
            raise _NoDate
        return put_together(year, month - 1, day, hour, minute, second - (self.zone.sign or 0) * offset, millisecond)

    def _date(self) -> tuple[int, int, int]:
        if not self.days:
            raise _NoDate
        one, two, three = [*self.days, 1, 1][:3]
        if self.month is None:
            by_year = self.is_iso or not 1 <= one <= 31
            year, month, day = (one, two, three) if by_year else (three, one, two)
        else:
            year, month, day = (two, self.month, one) if 1 <= one <= 31 else (one, self.month, two)
        if not self.is_iso and 0 <= year <= 99:
            year += 2000 if year < 50 else 1900
        return year, month, day


def _milliseconds(token: _Token) -> int:
    """A fraction of a second: three digits of it count."""
    length = min(token.length, _SIGNIFICANT)
    return token.value * 10 ** (3 - length) if length <= 3 else token.value // 10 ** (length - 3)
