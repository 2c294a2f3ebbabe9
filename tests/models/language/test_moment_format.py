"""Formats as moment.js writes them."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from jobyard.models.language.moment.format import written
from jobyard.models.language.moment.reading import read

NOW = datetime(2024, 2, 29, 12, 34, tzinfo=UTC)
WHEN = datetime(2023, 4, 8, 15, 2, 7, 54_000, timezone(timedelta(hours=-11)))


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("YYYY-MM-DDTHH:mm:ss.SSSSSSZZ", "2023-04-08T15:02:07.054000-1100"),
        ("YYYY-MM-DD[T]HH:mm:ss.SSSZ", "2023-04-08T15:02:07.054-11:00"),
        ("LLLL", "Saturday, April 8, 2023 3:02 PM"), ("L LT", "04/08/2023 3:02 PM"), ("ll", "Apr 8, 2023"),
        ("M/D/YY h:m:s a", "4/8/23 3:2:7 pm"), ("Do MMM, DDDo [day], Qo [quarter]", "8th Apr, 98th day, 2nd quarter"),
        ("dddd ddd dd d E W", "Saturday Sat Sa 6 6 14"), ("[year:] YYYY", "year: 2023"),
        ("X x", "1681005727 1681005727054"),
        ("S SS SSS SSSS", "0 05 054 0540"), ("\\Y kk", "Y 15"),
    ],
)  # fmt: skip
def test_written(form: str, expected: str) -> None:
    assert written(WHEN, form) == expected


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("2023-04-08T15:02:07.054000-1100", "YYYY-MM-DDTHH:mm:ss.SSSSSSZZ", WHEN),
        ("2023-04-08T15:02:07.054-11:00", "YYYY-MM-DD[T]HH:mm:ss.SSSZ", WHEN),
        ("Saturday, April 8, 2023 3:02 PM", "LLLL", datetime(2023, 4, 8, 15, 2, tzinfo=UTC)),
        ("12:30 am", "h:mm a", datetime(2024, 2, 29, 0, 30, tzinfo=UTC)),
        ("8th Apr 69", "Do MMM YY", datetime(1969, 4, 8, tzinfo=UTC)),
        ("1681005727054", "x", WHEN.astimezone(UTC)),
        ("1681005727", "X", WHEN.astimezone(UTC).replace(microsecond=0)),
        ("soon", "YYYY-MM-DD", None), ("2023-02-30", "YYYY-MM-DD", None), ("8 Foo", "D MMM", None),
        ("2023-04-08", "", None), ("14", "W", datetime(2024, 4, 1, tzinfo=UTC)),
        ("99999999999999", "x", datetime(5138, 11, 16, 9, 46, 39, 999000, UTC)),
    ],
)  # fmt: skip
def test_read(text: str, form: str, expected: datetime | None) -> None:
    assert read(text, form, NOW) == expected


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("GGGG-[W]WW-E GG GGGGG", "2020-W53-4 20 02020"), ("gggg ww w wo gg", "2021 01 1 1st 21"),
        ("YYYYYY YYYYY y yo N NNNN", "+002020 02020 2020 2020th AD Anno Domini"), ("hmm Hmmss", "1130 233000"),
        ("z zz", "UTC Coordinated Universal Time"), ("[a] b]", "a] b"), ("YYYY\nMM", "202012"),
    ],
)  # fmt: skip
def test_weeks_eras_and_escapes_are_written(form: str, expected: str) -> None:
    assert written(datetime(2020, 12, 31, 23, 30, tzinfo=UTC), form) == expected


def test_a_zone_is_written_by_its_name_and_with_the_seconds_of_old_offsets_cut_off() -> None:
    zone = ZoneInfo("America/New_York")
    assert written(datetime(2024, 1, 2, tzinfo=zone), "z zz Z") == "EST EST -05:00"
    assert written(datetime(1850, 1, 2, tzinfo=zone), "z Z") == "LMT -04:56"


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("930", "hmm", datetime(2024, 2, 29, 9, 30)), ("91530", "Hmmss", datetime(2024, 2, 29, 9, 15, 30)),
        ("2024-061", "YYYY-DDDD", datetime(2024, 3, 1)), ("2020-W35-2", "GGGG-[W]WW-E", datetime(2020, 8, 25)),
        ("Q2 2024", "[Q]Q YYYY", datetime(2024, 4, 1)), ("2024-01-05 24:00", "YYYY-MM-DD HH:mm", datetime(2024, 1, 6)),
        ("2024-01-05 24:01", "YYYY-MM-DD HH:mm", None), ("Monday 2024-01-02", "dddd YYYY-MM-DD", None),
        ("+002024-01-02", "YYYYYY-MM-DD", datetime(2024, 1, 2)), ("12 AD", "y N", datetime(12, 1, 1)),
        ("5 BC", "y N", None), ("24:00", "kk:mm", datetime(2024, 2, 29)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("strict", [False, True])
def test_both_ways_of_reading_agree(text: str, form: str, expected: datetime | None, strict: bool) -> None:
    time = read(text, form, NOW, strict=strict)
    assert (time and time.replace(tzinfo=None)) == expected


@pytest.mark.parametrize(
    ("text", "form", "forgiven"),
    [
        ("2024/02/03", "YYYY-MM-DD", datetime(2024, 2, 3)), ("24-1-1", "YYYY-MM-DD", datetime(2024, 1, 1)),
        ("2024-01-02 03:04:05", "YYYY-MM-DDTHH:mm:ss", datetime(2024, 1, 2, 3, 4, 5)),
        ("2024-02-03 10:20:30.999", "YYYY-MM-DD HH:mm:ss", datetime(2024, 2, 3, 10, 20, 30)),
        ("at 5", "H", datetime(2024, 2, 29, 5)), ("13 pm", "h a", datetime(2024, 2, 29, 13)),
    ],
)  # fmt: skip
def test_forgiving_reading_passes_over_what_strict_reading_refuses(text: str, form: str, forgiven: datetime) -> None:
    assert read(text, form, NOW) == forgiven.replace(tzinfo=UTC)
    assert read(text, form, NOW, strict=True) is None


def test_a_long_text_and_long_numbers_are_read_within_bounds() -> None:
    assert read("9" * 1000, "Y", NOW) is None
    assert read("9" * 1000, "x", NOW) is None
    assert read("9" * 1000, "X", NOW) is None
    assert read(f"2024{' ' * 1000}", "Y", NOW) is None
