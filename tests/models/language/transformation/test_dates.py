"""Dates, in UTC, with the results that node gives under TZ=UTC."""

from typing import Any

import pytest
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.transformation import transform

from .build import call, level, of

NOW = 1_700_000_000_123


def written(*arguments: Any, form: int = 1) -> Any:
    return transform(level({1: (f"new Date#{form}", *arguments)}, {"out": of(1)}), {}, now=NOW)["out"]


def test_now_is_what_the_caller_says() -> None:
    assert written(form=0) == "2023-11-14T22:13:20.123Z"
    assert transform(level({1: ("Date.now",)}, {"out": of(1)}), {}, now=NOW) == {"out": NOW}


@pytest.mark.parametrize(
    ("arguments", "form", "expected"),
    [
        ((0,), 1, "1970-01-01T00:00:00.000Z"),
        ((-1.7,), 1, "1969-12-31T23:59:59.999Z"),
        (("2020-02-29",), 2, "2020-02-29T00:00:00.000Z"),
        ((2020, 0), 3, "2020-01-01T00:00:00.000Z"),
        ((2020, 12, 1), 3, "2021-01-01T00:00:00.000Z"),
        ((2020, 2, 0), 3, "2020-02-29T00:00:00.000Z"),
        ((99, 0), 3, "1999-01-01T00:00:00.000Z"),
        ((1950, 5, 15, 10, 20, 30, 400), 3, "1950-06-15T10:20:30.400Z"),
        ((2020, "x"), 3, None),
        ((8.64e15,), 1, "+275760-09-13T00:00:00.000Z"),
        ((8.64e15 + 1,), 1, None),
        ((-62198755200000,), 1, "-000001-01-01T00:00:00.000Z"),
    ],
)
def test_dates_are_made_of_a_value_or_of_parts(arguments: tuple[Any, ...], form: int, expected: str | None) -> None:
    assert written(*arguments, form=form) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-01-31T10:20:30.5Z", 1580466030500),
        ("2020-01-31T10:20:30.123456+02:00", 1580458830123),
        ("2020-01-31T10:20", 1580466000000),
        ("2020-06", 1590969600000),
        ("2020", 1577836800000),
        ("2020-01-31T24:00:00Z", 1580515200000),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Thu Jan 01 1970 00:00:00 GMT+0200 (EET)", -7200000),
        ("January 2, 2020 10:00 PM", 1578002400000),
        ("2 January 2020", 1577923200000),
        ("1/2/2020", 1577923200000),
        ("2020/3/4 05:06:07", 1583298367000),
        ("2023-11-02 18:40:30 UTC", 1698950430000),
        ("1 Feb 21", 1612137600000),
        ("2020-13-01", None),
        ("hello", None),
        ("", None),
    ],
)
def test_dates_are_read_from_text(text: str, expected: int | None) -> None:
    assert call("Date.parse", text) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("toISOString", "2024-02-29T13:04:05.006Z"),
        ("toDateString", "Thu Feb 29 2024"),
        ("toString", "Thu Feb 29 2024 13:04:05 GMT+0000 (Coordinated Universal Time)"),
        ("toUTCString", "Thu, 29 Feb 2024 13:04:05 GMT"),
        ("toJSON", "2024-02-29T13:04:05.006Z"),
        ("getTime", 1709211845006),
        ("getFullYear", 2024),
        ("getMonth", 1),
        ("getDate", 29),
        ("getDay", 4),
        ("getHours", 13),
        ("getUTCMinutes", 4),
        ("getSeconds", 5),
        ("getMilliseconds", 6),
    ],
)
def test_a_date_is_taken_apart(name: str, expected: object) -> None:
    steps = {1: ("new Date#1", "2024-02-29T13:04:05.006Z"), 2: (f"Date.{name}", of(1))}
    assert transform(level(steps, {"out": of(2)}), {}) == {"out": expected}


def test_an_invalid_date_says_so_and_has_no_iso_text() -> None:
    steps = {1: ("new Date#1", "never"), 2: ("Date.toDateString", of(1)), 3: ("Date.toISOString", of(1))}
    assert transform(level(steps, {"out": of(2)}), {}) == {"out": "Invalid Date"}
    with pytest.raises(LanguageError, match="Invalid time value"):
        transform(level(steps, {"out": of(3)}), {})


def test_dates_subtract_and_compare_as_numbers_and_join_as_text() -> None:
    steps = {
        1: ("new Date#1", 1000),
        2: ("new Date#1", 400),
        3: ("Math.subtract", of(1), of(2)),
        4: ("Relational.lessThan", of(2), of(1)),
        5: ("Math.add", of(2), 1),
        6: ("Equality.deepEquals", of(1), of(1)),
    }
    assert transform(level(steps, {"minus": of(3), "less": of(4), "plus": of(5), "same": of(6)}), {}) == {
        "minus": 600,
        "less": True,
        "plus": "Thu Jan 01 1970 00:00:00 GMT+0000 (Coordinated Universal Time)1",
        "same": True,
    }
