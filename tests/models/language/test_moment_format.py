"""Formats as moment.js writes them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from jobyard.models.language.moment_format import read, written

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
        ("12:30 am", "h:mm a", datetime(1970, 1, 1, 0, 30, tzinfo=UTC)),
        ("8th Apr 69", "Do MMM YY", datetime(1969, 4, 8, tzinfo=UTC)),
        ("1681005727054", "x", WHEN.astimezone(UTC)),
        ("1681005727", "X", WHEN.astimezone(UTC).replace(microsecond=0)),
        ("soon", "YYYY-MM-DD", None), ("2023-02-30", "YYYY-MM-DD", None), ("8 Foo", "D MMM", None),
        ("2023-04-08", "", None), ("14", "W", None),
        ("99999999999999", "x", datetime(5138, 11, 16, 9, 46, 39, 999000, UTC)),
    ],
)  # fmt: skip
def test_read(text: str, form: str, expected: datetime | None) -> None:
    assert read(text, form) == expected
