"""Foreign JSON as the database holds it, and back."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from bson import Decimal128, Int64, ObjectId, decode, encode
from hypothesis import given
from hypothesis import strategies as st
from jobyard.models.documents.stored import NotStorable, from_stored, to_stored

KEYS = st.text(alphabet="°$ab._", max_size=4)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
LEAVES = st.none() | st.booleans() | st.integers(-(2**63) + 1, 2**63 - 1) | FLOATS | st.text("aé°$", max_size=3)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(KEYS, JSON, max_size=4))
def test_whatever_json_it_is_comes_back_from_the_database(value: dict[str, Any]) -> None:
    stored = to_stored(value, what="it")
    assert from_stored(decode(encode({"v": stored})))["v"] == value


def test_what_needs_no_change_is_not_copied() -> None:
    value = {"a": [1, {"b": "x"}], "c": None}
    assert to_stored(value, what="it") is value
    assert from_stored(value) is value


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ({"$ref": 1}, {"°$ref": 1}),
        ({"°$id": 1}, {"°°$id": 1}),
        ({"a$": 1, "°a": 2}, {"a$": 1, "°a": 2}),
        (2**70, float(2**70)),
        ([float("nan"), float("inf")], [None, None]),
    ],
)
def test_what_the_database_cannot_hold_as_it_is(value: Any, stored: Any) -> None:
    assert to_stored(value, what="it") == stored


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        ({"°$id": 1}, {"$id": 1}),
        (datetime(2024, 12, 4, 21, 15, 26, 1000, UTC), "2024-12-04T21:15:26.001Z"),
        (datetime(2024, 12, 4, 21, 15, 26), "2024-12-04T21:15:26.000Z"),
        (ObjectId("0123456789abcdef01234567"), "0123456789abcdef01234567"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Int64(7), 7),
        (Decimal128("1.5"), 1.5),
        (b"\x00\x01", "AAE="),
    ],
)
def test_what_other_programs_stored_reads_as_json(value: Any, plain: Any) -> None:
    assert from_stored([value]) == [plain]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"a\0b": 1}, "the key 'a\\x00b' holds a NUL character"),
        ({7: 1}, "the key 7 is not text"),
        (["\ud800"], "a text in it is not Unicode: surrogates not allowed"),
    ],
)
def test_what_no_database_holds_is_refused_with_its_reason(value: Any, reason: str) -> None:
    with pytest.raises(NotStorable) as refusal:
        to_stored(value, what="it")
    assert str(refusal.value) == f"it cannot be stored: {reason}"


LARGE: Any = [{"name": f"n{at}", "at": at, "ü": [1.5, None, True]} for at in range(1000)]


def test_a_value_in_which_nothing_changes_is_the_same_object_both_ways() -> None:
    assert to_stored(LARGE, what="it") is LARGE
    assert from_stored(LARGE) is LARGE
    assert from_stored({"at": datetime(2026, 1, 1, tzinfo=UTC), "variables": {"v": LARGE}})["variables"]["v"] is LARGE


@pytest.mark.parametrize(
    ("odd", "stored"),
    [
        ({"$ref": 1}, {"°$ref": 1}),
        (2**63, float(2**63)),
        (float("nan"), None),
        (float("inf"), None),
    ],
)
def test_one_value_among_many_that_changes_is_found(odd: Any, stored: Any) -> None:
    assert to_stored([*LARGE, {"deep": [odd]}], what="it")[-1] == {"deep": [stored]}


@pytest.mark.parametrize("odd", ["\ud800", {"\udc00": 1}, {"a\0": 1}, {1: 1}])
def test_one_value_among_many_that_cannot_be_stored_is_found(odd: Any) -> None:
    with pytest.raises(NotStorable):
        to_stored([*LARGE, {"deep": [odd]}], what="it")


def test_one_value_among_many_that_is_no_json_is_found() -> None:
    assert from_stored([*LARGE, {"deep": [ObjectId("0" * 24), {"°$a": float("nan")}]}])[-1] == {
        "deep": ["0" * 24, {"$a": None}]
    }
