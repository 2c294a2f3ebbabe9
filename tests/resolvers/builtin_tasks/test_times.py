"""getTime and the other tasks on times. The call is at 2023-04-09T02:02:07.054Z."""

import math

import pytest
from jobyard.models.engine.outcomes import Finish, Outcome
from jobyard.models.json import Json, JsonObject
from jobyard.models.language.errors import LanguageError

from .calls import assert_refused, call

DEFAULT = "YYYY-MM-DDTHH:mm:ss.SSSSSSZZ"


def get_time(timezone: Json = "", duration: Json = "", form: Json = "") -> Outcome:
    return call("getTime", {"timezone": timezone, "offsetDuration": duration, "format": form})


@pytest.mark.parametrize(
    ("timezone", "time"),
    [
        ("-11:00", "2023-04-08T15:02:07.054000-1100"),
        ("+05:30", "2023-04-09T07:32:07.054000+0530"),
        ("UTC-04:00", "2023-04-08T22:02:07.054000-0400"),
        ("", "2023-04-09T02:02:07.054000+0000"),
        ("UTC", "2023-04-09T02:02:07.054000+0000"),
        ("Europe/Berlin", "2023-04-09T04:02:07.054000+0200"),
    ],
)
def test_get_time_tells_the_time_of_a_zone(timezone: str, time: str) -> None:
    assert get_time(timezone) == Finish("success", {"time": {"time": time, "formatString": DEFAULT}})


@pytest.mark.parametrize(
    ("duration", "time"),
    [
        ({"days": 7, "months": 1}, "2023-05-16T02:02:07.054"),
        ('{"hours": 4}', "2023-04-09T06:02:07.054"),
        (1000, "2023-04-09T02:02:08.054"),
        ("1000", "2023-04-09T02:02:08.054"),
        ({"y": 1, "M": -14, "w": 1, "m": -3}, "2023-02-16T01:59:07.054"),
    ],
)
def test_get_time_adds_a_duration(duration: Json, time: str) -> None:
    form = "YYYY-MM-DDTHH:mm:ss.SSS"
    assert get_time("", duration, form) == Finish("success", {"time": {"time": time, "formatString": form}})


@pytest.mark.parametrize(
    ("told", "message"),
    [
        (("Mars/Olympus",), "'timezone' must be an offset such as -05:00 or a name, not 'Mars/Olympus'."),
        (("../../secret",), "'timezone' must be an offset such as -05:00 or a name, not '../../secret'."),
        (("+99:00",), "'timezone' must be an offset such as -05:00 or a name, not '+99:00'."),
        (("", {"fortnights": 1}), "'offsetDuration' has the unknown unit 'fortnights'."),
        (("", {"years": 1e12}), "The duration leads out of the years 1 to 9999."),
        (("", {"days": 1e12}), "The duration leads out of the years 1 to 9999."),
        (("", "later"), "'offsetDuration' must be a number, not the text 'later'."),
        (("", "", "Y" * 201), "A format of 201 characters is over the limit of 200."),
    ],
)
def test_get_time_refuses(told: tuple[Json, ...], message: str) -> None:
    with pytest.raises(LanguageError) as refused:
        get_time(*told)
    assert refused.value.message == message


def time(text: str, form: str = DEFAULT) -> Json:
    return {"time": text, "formatString": form}


def test_add_duration_keeps_the_format_and_stays_within_the_month() -> None:
    outcome = call("addDuration", {"inputTime": time("2023-01-31", "YYYY-MM-DD"), "offsetDuration": {"months": 1}})
    assert outcome == Finish("success", {"newTime": time("2023-02-28", "YYYY-MM-DD")})


def test_convert_time_format_writes_another_format() -> None:
    incoming = {"inputTime": time("2023-04-28T01:21:14.052000-1100"), "newFormatString": "LLL"}
    assert call("convertTimeFormat", incoming) == Finish(
        "success", {"convertedTime": time("April 28, 2023 1:21 AM", "LLL")}
    )


@pytest.mark.parametrize(("unit", "epoch"), [("Seconds", 1682684474), ("Milliseconds", 1682684474052)])
def test_convert_time_to_epoch(unit: str, epoch: int) -> None:
    incoming = {"inputTime": time("2023-04-28T01:21:14.052000-1100"), "EpochFormat": unit}
    assert call("convertTimeToEpoch", incoming) == Finish("success", {"epochTime": epoch})


@pytest.mark.parametrize("unit", ["Seconds", "", None])
def test_seconds_are_the_usual_unit_of_an_epoch(unit: Json) -> None:
    assert call("convertTimeToEpoch", {"inputTime": "1970-01-01T00:01:00Z", "EpochFormat": unit}) == Finish(
        "success", {"epochTime": 60}
    )


@pytest.mark.parametrize(
    ("epoch", "unit", "form", "expected"),
    [
        (1688050800, "Seconds", "", time("2023-06-29T15:00:00.000000+0000")),
        ("1688050800123", "Milliseconds", "x", time("1688050800123", "x")),
        (0.5, "Seconds", "HH:mm:ss.SSS", time("00:00:00.500", "HH:mm:ss.SSS")),
        (-86400, "Seconds", "YYYY-MM-DD", time("1969-12-31", "YYYY-MM-DD")),
    ],
)
def test_convert_epoch_to_object(epoch: Json, unit: str, form: str, expected: Json) -> None:
    incoming = {"epoch": epoch, "epochFormat": unit, "newFormatString": form}
    assert call("convertEpochToObject", incoming) == Finish("success", {"convertedTime": expected})


@pytest.mark.parametrize(
    ("incoming", "message"),
    [
        ({"epoch": 1e30, "epochFormat": "Seconds"}, "'epoch' is no time in the years 1 to 9999: 1e+30."),
        ({"epoch": -1e14, "epochFormat": "Seconds"}, "'epoch' is no time in the years 1 to 9999: -100000000000000."),
        ({"epoch": "soon", "epochFormat": "Seconds"}, "'epoch' must be a number, not the text 'soon'."),
        ({"epoch": 1, "epochFormat": "Days"}, "The epoch is counted in Seconds or Milliseconds, not 'days'."),
    ],
)
def test_convert_epoch_to_object_refuses(incoming: JsonObject, message: str) -> None:
    assert_refused("convertEpochToObject", incoming, message)


@pytest.mark.parametrize(
    ("zone", "converted"),
    [
        ("+01:00", "2023-04-28T02:21:14.052000+0100"),
        ("-02:00", "2023-04-27T23:21:14.052000-0200"),
        ("+00.00", "2023-04-28T01:21:14.052000+0000"),
    ],
)
def test_convert_timezone_moves_the_time_of_the_clock_by_the_offset(zone: str, converted: str) -> None:
    incoming = {"inputTime": time("2023-04-28T01:21:14.052000-1100"), "NewTimezone": zone}
    assert call("convertTimezone", incoming) == Finish("success", {"convertedTime": time(converted)})


def test_convert_timezone_keeps_the_format() -> None:
    incoming = {"inputTime": time("03:00", "HH:mm"), "NewTimezone": "+01:00"}
    assert call("convertTimezone", incoming) == Finish("success", {"convertedTime": time("04:00", "HH:mm")})


@pytest.mark.parametrize(
    ("given", "zone", "message"),
    [
        ("9999-12-31T23:30:00Z", "+01:00", "The offset leads out of the years 1 to 9999."),
        ("2024-01-01", "Mars", "'timezone' must be an offset such as -05:00 or a name, not 'Mars'."),
        (None, "+01:00", "This is no time: it must be {time, formatString}, with a time in that format."),
    ],
)
def test_convert_timezone_refuses(given: Json, zone: str, message: str) -> None:
    assert_refused("convertTimezone", {"inputTime": given, "NewTimezone": zone}, message)


@pytest.mark.parametrize("given", ["soon", 5, None, {"time": "soon", "formatString": "YYYY"}])
def test_an_unreadable_time_cannot_be_converted(given: Json) -> None:
    with pytest.raises(LanguageError, match="This is no time"):
        call("convertTimeFormat", {"inputTime": given, "newFormatString": "LLL"})


def test_calculate_time_diff_subtracts_in_each_unit() -> None:
    outcome = call(
        "calculateTimeDiff",
        {"firstTime": time("2023-03-29", "YYYY-MM-DD"), "secondTime": "2023-04-28T00:00:00Z"},
    )
    assert outcome == Finish(
        "success",
        {
            "timeDiff": {
                "milliseconds": -2592000000,
                "seconds": -2592000,
                "minutes": -43200,
                "hours": -720,
                "days": -30,
                "months": -0.9856465225158627,
                "years": -0.08213721020965523,
            }
        },
    )


def test_calculate_time_diff_of_an_unreadable_time_is_nan() -> None:
    outcome = call("calculateTimeDiff", {"firstTime": "soon", "secondTime": time("2023", "YYYY")})
    assert isinstance(outcome, Finish)
    assert outcome.state == "success"
    assert [math.isnan(amount) for amount in outcome.outgoing["timeDiff"].values()] == [True] * 7
