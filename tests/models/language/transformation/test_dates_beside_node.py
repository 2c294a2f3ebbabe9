"""Texts of dates and numbers in other radixes, asked the same as V8 in node."""

import json
import math
import os
import random
import shutil
from typing import Any

import pytest
from jobyard.models.language.transformation.date_text import parse_date
from jobyard.models.language.transformation.number_texts import in_radix

from .... import processes

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="there is no node here")

PIECES = [
    "2023", ".", "-", "/", ":", " ", "12", "31", "1", "Jan", "January", "Z", "T", "GMT", "+0200", "+02:00", "pm", "AM",
    "10:00", "10:00:00", "10:00:00.5", ",", "(x)", "Mon", "2023-01-02", "2023-01-02T10:00:00", "EST", "0", "45", "6",
    "2024-001", "é", "foo", "13:00", "24:00", " ", ".5", "+002023", "-000000", "\u00a0", "2023.12.31",
]  # fmt: skip


def asked(script: str, cases: list[Any]) -> list[Any]:
    program = f"console.log(JSON.stringify(JSON.parse(require('fs').readFileSync(0)).map({script})))"
    env = {**os.environ, "TZ": "UTC"}
    return json.loads(processes.run(["node", "-e", program], input=json.dumps(cases), check=True, env=env).stdout)


def test_dates_are_read_as_v8_reads_them() -> None:
    chance = random.Random(5)
    texts = ["".join(chance.choice(PIECES) for _ in range(chance.randint(1, 6))) for _ in range(20_000)]
    texts += [
        "2023.12.31",
        "12",
        "0",
        "Jan 5",
        "2022-03-01T10:00:00Z ",
        "2022-03-01T10:00:00 Z",
        "13:00 PM",
        "Jan 2023",
    ]
    theirs = asked("(text) => Date.parse(text)", texts)
    differences = [
        (text, their, ours)
        for text, their in zip(texts, theirs, strict=True)
        if (None if math.isnan(ours := parse_date(text)) or abs(ours) > 8.64e15 else ours) != their
    ]
    assert not differences, (len(differences), *differences[:10])
    assert sum(their is not None for their in theirs) > 2000


def test_numbers_are_written_in_a_radix_as_v8_writes_them() -> None:
    chance = random.Random(2)
    cases = [(float(chance.randrange(2**50, 2 ** chance.randint(51, 100))), chance.randint(2, 36)) for _ in range(5000)]
    theirs = asked("([value, radix]) => value.toString(radix)", [list(case) for case in cases])
    differences = [
        (*case, their, in_radix(*case))
        for case, their in zip(cases, theirs, strict=True)
        if case[1] != 10 and in_radix(*case) != their
    ]
    assert not differences, (len(differences), *differences[:10])
