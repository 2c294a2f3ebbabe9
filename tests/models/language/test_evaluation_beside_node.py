"""Comparisons of evaluations, asked the same as JavaScript itself in node."""

import json
import math
import random
import shutil
from typing import Any

import pytest
from jobyard.models.language.evaluation import evaluate
from jobyard.models.language.javascript.coercion import UNDEFINED

from ... import processes

# The first operand, where it is text, is read as the JSON or number that it spells; then JavaScript compares.
ASK = r"""
const revived = (value) => Array.isArray(value) ? value.map(revived)
  : value === null || typeof value !== 'object' ? value
  : '$' in value ? (value.$ === 'undefined' ? undefined : Number(value.$))
  : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revived(inner)]))
const read = (value) => {
  if (typeof value !== 'string') return value
  let spelled
  try { spelled = JSON.parse(value) } catch {
    return value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value
  }
  return typeof spelled === 'string' ? value : spelled
}
const compare = {
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  contains: (left, right) => Array.isArray(left) ? left.includes(right)
    : left !== null && typeof left === 'object' ? String(right) in left
    : left != null && new RegExp(String(right)).test(String(left)),
}
const { cases } = JSON.parse(require('fs').readFileSync(0))
const answers = cases.map(([left, operator, right]) => compare[operator](read(revived(left)), revived(right)))
console.log(JSON.stringify(answers))
"""

NUMBERS = [0, -0.0, 1, -1, 2, 10, 0.5, 1e21, 1e-7, 2**53, math.inf, -math.inf, math.nan]
SPELLED = ["0", "1", "10", "-1.5", "1e3", "0x1f", " 7 ", "true", "null", "[1]", '{"a":1}', "007"]
WORDS = ["", "a", "b", "eth0", "eth1", "E", "é", "z", "up", "down time", "a-b", "[object Object]"]
OTHERS: list[Any] = [True, False, None, UNDEFINED, [], [1], [1, 2], ["a"], [[]], [None], {}, {"a": 1}, {"length": 0}]
PATTERNS = ["a", "eth", "^e", "0$", "[a-c]", "x|up", ".", "\\d", "", "t.*1", "A"]


def _number_or_other(draw: random.Random) -> Any:
    return draw.choice([*NUMBERS, *NUMBERS, *SPELLED, *WORDS, *OTHERS])


def _case(draw: random.Random) -> tuple[Any, str, Any]:
    match draw.randrange(4):
        case 0:  # equality within one type: between types there is a rule of the documented system
            kind = draw.choice([NUMBERS, WORDS, [True, False]])
            return draw.choice(kind), draw.choice(["==", "!="]), draw.choice(kind)
        case 1:
            return draw.choice([*WORDS, "interface eth0 up"]), "contains", draw.choice(PATTERNS)
        case 2:
            values = [1, 2, 0.5, "a", "b", True, None]
            whole = draw.sample(values, draw.randint(0, 4))
            return (
                (whole, "contains", draw.choice([2, 0.5, "a", "b"]))
                if draw.random() < 0.5
                else ({str(value): 1 for value in whole}, "contains", draw.choice(["a", "b", "2"]))
            )
        case _:
            left = _number_or_other(draw)
            text_stays = left in WORDS
            # What is text and spells nothing is compared as text with what is not text.
            right = draw.choice(WORDS) if text_stays else _number_or_other(draw)
            return left, draw.choice(["<", "<=", ">", ">="]), right


def _revivable(value: Any) -> Any:
    if value is UNDEFINED:
        return {"$": "undefined"}
    if isinstance(value, float) and (value == 0 or not math.isfinite(value)):
        return {"$": {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}.get(str(value), str(value))}
    return value


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node here")
def test_comparisons_are_javascripts() -> None:
    draw = random.Random(7)
    cases = [_case(draw) for _ in range(6000)]
    asked = [[_revivable(left), operator, _revivable(right)] for left, operator, right in cases]
    done = processes.run(["node", "-e", ASK], input=json.dumps({"cases": asked}), check=True)
    differences = [
        (left, operator, right, theirs)
        for (left, operator, right), theirs in zip(cases, json.loads(done.stdout), strict=True)
        if _holds(left, operator, right) is not theirs
    ]
    assert differences == []


def _holds(left: Any, operator: str, right: Any) -> bool:
    evaluation = {"operand_1": left, "operator": operator, "operand_2": right}
    return evaluate(True, [{"all_true_flag": True, "evaluations": [evaluation]}], lambda operand: operand)
