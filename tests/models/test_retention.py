"""Ages and retentions are read as they are written, and what makes no sense is refused."""

import pytest
from jobyard.models.reading_settings import settings_of
from jobyard.models.retention import Keep, RetentionRefused, read_age, read_retention, write_age, write_retention
from jobyard.models.settings import SettingRefused

DAY = 24 * 3600 * 1000


@pytest.mark.parametrize(("text", "age"), [("1s", 1000), ("90m", 90 * 60_000), ("12h", DAY // 2), ("30d", 30 * DAY)])
def test_an_age_is_read_and_written(text: str, age: int) -> None:
    assert read_age(text) == age
    assert read_age(write_age(age)) == age


@pytest.mark.parametrize("text", ["", "30", "d", "0d", "-1d", "1.5d", "1w", "99999d", "٣d", "1d "])
def test_what_is_no_age_is_refused(text: str) -> None:
    with pytest.raises(RetentionRefused, match="is no age: write a number and s, m, h or d"):
        read_age(text)


def test_a_retention_has_an_age_a_number_or_both() -> None:
    entries = ["complete=30d,10000", "canceled=7d"]
    assert read_retention(entries) == {"complete": Keep(30 * DAY, 10_000), "canceled": Keep(7 * DAY)}
    assert write_retention(read_retention(entries)) == entries
    assert read_retention(["complete=500"]) == {"complete": Keep(None, 500)}


@pytest.mark.parametrize(
    "entry", ["complete", "running=30d", "error=1d", "complete=", "complete=1d,2d", "complete=1,2", "complete=0"]
)
def test_what_is_no_retention_is_refused(entry: str) -> None:
    with pytest.raises(RetentionRefused):
        read_retention([entry])


def test_settings_read_them_from_flags_and_variables() -> None:
    variables = {"JOBYARD_KEEP_JOBS": "complete=30d canceled=7d", "JOBYARD_KEEP_KEYS": "2d"}
    settings = settings_of({}, variables)
    assert settings.keep_jobs == {"complete": Keep(30 * DAY), "canceled": Keep(7 * DAY)}
    assert settings.keep_keys == 2 * DAY
    assert settings_of({"keep_jobs": ["complete=1d"]}, variables).keep_jobs == {"complete": Keep(DAY)}


@pytest.mark.parametrize(
    ("variable", "text", "message"),
    [
        ("JOBYARD_KEEP_JOBS", "complete", "JOBYARD_KEEP_JOBS 'complete': write STATUS=AGE"),
        ("JOBYARD_KEEP_KEYS", "30", "JOBYARD_KEEP_KEYS '30' is no age"),
        ("JOBYARD_KEEP_EVENTS", "59m", "JOBYARD_KEEP_EVENTS: events are kept for 1h at least"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_by_its_name(variable: str, text: str, message: str) -> None:
    with pytest.raises(SettingRefused, match=message):
        settings_of({}, {variable: text})
