"""JSON with long texts is written as orjson writes it, without its memory."""

import sys
from typing import Any

import orjson
import pytest
from jobyard.models.json_text import LONG, MANY, write_json

from .. import processes
from ..parts import ROOT

TEXT = 'ä"\\\n\u2028\U0001f600\0'


@pytest.mark.parametrize(
    "value",
    [
        TEXT,
        TEXT * LONG,
        "x" * LONG,
        "x" * (LONG + 1),
        {"a": [1, {"b": TEXT * LONG, "c": None}, "x" * LONG * 3], TEXT: [[], {}, 1.5]},
        [{"a": 1}] * 1000,
        list(range(MANY)),
        list(range(MANY + 1)),
        [{"a": [at, "b"]} for at in range(3 * MANY)],
        {f"{at * 7919 % 30011} ä": [at] for at in range(3 * MANY)},
        [[list(range(2 * MANY))] * 2, {"a": {str(at): "x" for at in range(2 * MANY)}, "b": "y" * LONG * 2}],
        [],
        None,
    ],
)
@pytest.mark.parametrize("option", [0, orjson.OPT_SORT_KEYS])
def test_it_is_what_orjson_writes(value: Any, option: int) -> None:
    assert write_json(value, option) == orjson.dumps(value, option=option)


def test_what_is_no_json_is_refused_as_there() -> None:
    with pytest.raises(TypeError):
        write_json("x" * LONG + "\ud800")
    with pytest.raises(TypeError):
        write_json(["x" * LONG * 2, object()])


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
