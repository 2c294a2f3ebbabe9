"""JSON with long texts is written as orjson writes it, without its memory."""

import sys
from typing import Any

import orjson
import pytest
from jobyard.models import json_text
from jobyard.models.json_text import PIECE, write_json

from .. import processes
from ..parts import ROOT

MANY = 10_000
TEXT = 'ä"\\\n\u2028\U0001f600\0'


@pytest.mark.parametrize(
    "value",
    [
        TEXT,
        TEXT * PIECE,
        "x" * PIECE,
        "x" * (PIECE + 1),
        {"a": [1, {"b": TEXT * PIECE, "c": None}, "x" * PIECE * 3], TEXT: [[], {}, 1.5]},
        [{"a": 1}] * 1000,
        list(range(MANY)),
        list(range(MANY + 1)),
        [{"a": [at, "b"]} for at in range(3 * MANY)],
        {f"{at * 7919 % 30011} ä": [at] for at in range(3 * MANY)},
        [[list(range(2 * MANY))] * 2, {"a": {str(at): "x" for at in range(2 * MANY)}, "b": "y" * PIECE * 2}],
        [["é" * 1000] * 5000, ["x"] * 100, "y" * PIECE * 2, {}],
        {"": ["é" * 1000] * 5000, 'a"b': {"c": {"d": ["z" * 10] * 100_000}}, "e": 1},
        [[[[["x" * 1000] * 1000]]]],
        [],
        None,
    ],
)
@pytest.mark.parametrize("option", [0, orjson.OPT_SORT_KEYS])
def test_it_is_what_orjson_writes(value: Any, option: int) -> None:
    assert write_json(value, option) == orjson.dumps(value, option=option)


@pytest.mark.parametrize("leaf", [[], {"": 0}, {"a": "x" * 100}])
def test_each_container_is_weighed_at_most_twice(leaf: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """However deep it is: the time grows with the size alone."""
    value: Any = 1
    for _ in range(80):
        value = [value, *([leaf] * 7000)]
    weigh, weighed = json_text._own_weight, [0]  # pyright: ignore[reportPrivateUsage]

    def count(part: Any, inside: list[Any]) -> int:
        weighed[0] += 1
        return weigh(part, inside)

    monkeypatch.setattr(json_text, "_own_weight", count)
    assert write_json(value) == orjson.dumps(value)
    assert 80 < weighed[0] <= 2 * 80 * 7001


def test_what_is_no_json_is_refused_as_there() -> None:
    with pytest.raises(TypeError):
        write_json("x" * PIECE + "\ud800")
    with pytest.raises(TypeError):
        write_json(["x" * PIECE * 2, object()])


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ("['é' * 8_000_000]", 16_000_004),
        ("['a'] * 4_000_000", 16_000_001),
        ("{'a': [1] * 2_000_000}", 4_000_007),
    ],
)
def test_it_takes_a_few_times_the_bytes(value: str, size: int) -> None:
    """orjson alone ends the process here, by a signal."""
    text = (
        "import resource\n"
        "from tests import checkout\n"
        "from jobyard.models.json_text import write_json\n"
        f"value = {value}\n"
        "resource.setrlimit(resource.RLIMIT_AS, (250 * 2**20, 250 * 2**20))\n"
        "print(len(write_json(value)))"
    )
    command = [sys.executable, "-c", text]

    ran = processes.run(command, cwd=ROOT, timeout=60)
    assert (ran.returncode, ran.stdout.strip()) == (0, str(size)), ran.stderr


@pytest.mark.parametrize(
    "value",
    [
        ["é" * 1500] * 9999,
        {str(at): "é" * 1500 for at in range(9999)},
        [["abcdefgh"] * 1000] * 1000,
        ["abcdefgh"] * 1_500_000,
        [[[{"a": ["x" * 200_000] * 50}]]],
    ],
    ids=["texts", "object", "arrays", "short texts", "nested"],
)
def test_orjson_never_writes_much_in_one_go(value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It holds the interpreter's lock meanwhile, so that the event loop stands still, too."""
    written: list[int] = []
    dump = orjson.dumps

    def dumps(part: Any, **options: Any) -> bytes:
        text = dump(part, **options)
        written.append(len(text))
        return text

    monkeypatch.setattr(json_text.orjson, "dumps", dumps)
    text = write_json(value)
    monkeypatch.undo()
    assert text == orjson.dumps(value)
    assert max(written) < 3 * PIECE
