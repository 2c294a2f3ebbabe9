"""Large JSON texts are read as small ones are, and others have their turn meanwhile."""

import threading
from typing import Any

import orjson
import pytest
from jobyard.models import json_text
from jobyard.models.json_text import read_json

SOUND: list[Any] = [
    [-0.0, 0, 1.5, 1e300, 5e-324, 2**53, 2**63 - 1, -(2**63), True, False, None],
    {"": {"a": [{}, [], "ä\n\u2028\U0001f600"]}, "b": "\\ud800 is no half here"},
    "text",
    {"a" * 300: [[[[]]]]},
]
SPELLED = [
    b"-0",
    b"-0.0",
    b"18446744073709551616",
    b"-9223372036854775809",
    b"123456789012345678901234567890",
    b" [ 1 ,\t2 ]\r\n",
    b'{"a": 1, "a": 2}',
    b'"\\u00e4\\ud83d\\ude00"',
    b"[" * 900 + b"]" * 900,
]
BROKEN = [
    b"",
    b"[1,]",
    b"NaN",
    b"[Infinity]",
    b"1e400",
    b"01",
    b"+1",
    b"1.",
    b"[1] 2",
    b'"\\ud800"',
    b'"a\nb"',
    b'"\xff"',
    b"\xef\xbb\xbf1",
    b"'a'",
    b"[" * 2000 + b"]" * 2000,
    b"\x0c1",
]


@pytest.fixture(autouse=True)
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """All texts count as large."""
    monkeypatch.setattr(json_text, "LARGEST_AT_ONCE", -1)


@pytest.mark.parametrize("written", [*map(orjson.dumps, SOUND), *SPELLED])
def test_large_texts_are_read_as_orjson_reads_them(written: bytes) -> None:
    expected, found = orjson.loads(written), read_json(written)
    assert found == expected
    assert repr(found) == repr(expected)


@pytest.mark.parametrize("written", BROKEN)
def test_and_refused_as_orjson_refuses_them(written: bytes) -> None:
    with pytest.raises(orjson.JSONDecodeError) as expected:
        orjson.loads(written)
    with pytest.raises(orjson.JSONDecodeError) as found:
        read_json(written)
    assert str(found.value) == str(expected.value)


def test_others_have_their_turn_while_a_large_text_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the parser calls a function of ours, the interpreter may go on with another thread."""
    written = orjson.dumps([{"number": number} for number in range(1000)])
    reading, met = threading.Event(), threading.Event()

    def waiting(value: dict[str, Any]) -> dict[str, Any]:
        reading.set()
        assert met.wait(20)
        return value

    def other() -> None:
        if reading.wait(20):
            met.set()

    monkeypatch.setattr(json_text, "_object", waiting)
    thread = threading.Thread(target=other)
    thread.start()
    assert len(read_json(written)) == 1000
    thread.join(30)
    assert met.is_set()
