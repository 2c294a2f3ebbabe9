"""`format` in a schema, as ajv's users know it."""

import pytest
from jobyard.models.errors import Fault
from jobyard.models.schemas.checking import check
from jobyard.models.schemas.formats import fits


def test_a_text_without_its_format_is_a_fault() -> None:
    found: list[Fault] = []
    schema = {"type": "object", "properties": {"at": {"type": "string", "format": "ipv4"}}}
    check(schema, {"at": "10.0.0.1"}, found)
    assert found == []
    check(schema, {"at": "10.0.0"}, found)
    assert found == [Fault("format", "/at", "#/properties/at/format", 'must match format "ipv4"')]


@pytest.mark.parametrize(
    ("name", "fitting", "other"),
    [
        ("date", "2024-02-29", "2023-02-29"), ("time", "23:59:60Z", "23:59:61Z"), ("duration", "P1DT2H", "P1DT"),
        ("date-time", "2024-01-02T03:04:05Z", "2024-01-02T03:04:05"), ("email", "a@b.c", "a@b"),
        ("ipv6", "::1", "::1%x"),
        ("hostname", "edge-1.example", "-edge"), ("uri", "http://[::1]:80/a?b#c", "/a"), ("uri-reference", "/a", "a b"),
        ("uuid", "123e4567-e89b-12d3-a456-426614174000", "123e4567"), ("json-pointer", "/a~1b", "/a~2"),
        ("relative-json-pointer", "1/a", "-1"), ("regex", "(?<a>b)", "("), ("byte", "YWI=", "YWI"),
        ("url", "https://a.example:80/b", "https://10.0.0.1"), ("uri-template", "/a{?b,c*}", "/a{"),
        ("json-pointer-uri-fragment", "#/a~1%25", "/a"), ("int32", 2**31 - 1, 2**31), ("int64", 2**40, 1.5),
    ],
)  # fmt: skip
def test_the_formats_that_are_checked(name: str, fitting: object, other: object) -> None:
    assert fits(name, fitting)
    assert not fits(name, other)


@pytest.mark.parametrize(("name", "value"), [("unheard-of", "x"), ("password", "x"), (["date"], "x"), ("date", 5)])
def test_what_is_not_checked_fits(name: object, value: object) -> None:
    assert fits(name, value)


@pytest.mark.parametrize(
    "name",
    ["email", "hostname", "uri", "uri-reference", "duration", "byte", "json-pointer", "url", "uri-template"],
)
@pytest.mark.parametrize("piece", ["a", "a.", "a@", "1", "%41", "/", "~0", "-"])
def test_long_texts_take_no_long_time(name: str, piece: str) -> None:
    fits(name, piece * 300_000 + "!")  # minutes where an expression goes back and forth


@pytest.mark.parametrize(("draft", "faults"), [("draft-07", 1), ("draft-04", 0), ("draft-03", 0)])
def test_what_stands_beside_a_reference_counts_from_draft_6_on(draft: str, faults: int) -> None:
    schema = {
        "$schema": f"http://json-schema.org/{draft}/schema#",
        "definitions": {"n": {"type": "number"}},
        "properties": {"a": {"$ref": "#/definitions/n", "maximum": 3}},
    }
    found: list[Fault] = []
    check(schema, {"a": 5}, found)
    assert len(found) == faults
