"""The npm package json-query itself, asked the same: set JOBYARD_JSON_QUERY to a node_modules folder that holds it."""

import json
import os
import random
import shutil
from typing import Any

import pytest
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.javascript.coercion import UNDEFINED
from jobyard.models.language.query.query import query

from ... import processes

PACKAGES = os.environ.get("JOBYARD_JSON_QUERY", "")

ASK = """
const jsonQuery = require(process.argv[1] + '/json-query')
const { roots, cases } = JSON.parse(require('fs').readFileSync(0))
const get = (input, key) => (input == null ? undefined : input[key])
const plain = (value) => value === undefined ? { undefined: true } : Array.isArray(value) ? value.map(plain) : value
console.log(JSON.stringify(cases.map(([root, expression]) => {
  try {
    return { value: plain(jsonQuery(expression, { data: roots[root], allowRegexp: true, locals: { get } }).value) }
  } catch (fault) {
    return { error: true }
  }
})))
"""

ROOTS = [
    {
        "name": "r1", "n": 0, "nul": None, "empty": [], "s": "text", "want": "eth1", "odd.key": 7,
        "nested": {"deep": {"x": 5}},
        "ports": [
            {"id": 1, "name": "eth0", "up": True, "tags": ["a", "b"]},
            {"id": 2, "name": "eth1", "up": False, "tags": ["c"]},
            {"id": 3, "name": "lo", "up": True, "mtu": None},
        ],
        "map_": {"a": {"ip": "10.0.0.1", "l": [1, 2]}, "b": {"ip": "10.0.0.2", "l": [3]}},
        "mm": [[1, 2], [3]], "10": {"id": 4}, "2": {"id": 5},
        "mix": [None, 1, "ab", True, {"name": "x", "id": [1]}, [{"name": "y"}], 0.5, ""],
    },
    None, "abc", 12, [], True,
    [{"name": "eth1", "id": 1}, {"name": "b", "id": 2, "l": [1, [2]]}],
    [None, {"name": "q"}],
]  # fmt: skip
KEYS = [
    "name", "n", "nul", "s", "want", "nested", "deep", "x", "ports", "map_", "mm", "mix", "id", "up", "tags", "mtu",
    "l", "a", "b", "c", "ip", "10", "2", "0", "1", "-1", "length", "odd.key", "empty", "1.0", "01", "1e1", "0x1", "+1",
    "x y", "é", "", " ", "true", "null", "Infinity", "A", "key?", "a/b", "nope",
]  # fmt: skip
SCALARS = [
    0, 1, 2, -1, 0.5, 10, 100, 1e21, True, False, None, "", "a", "b", "1", " 1 ", "1e1", "0x10", "true", "false",
    "null", "undefined", "eth0", "Eth1", "10.0.0.1", "é", "a b", "/a/", "a,b", "1,2", "[object Object]",
]  # fmt: skip
SCRAPS = [
    *KEYS, *".:[]{}()|&=!~<>,*? \n", "..", "[*", "[*]", "[**]", "[]", ":get(", ":other(", "!=", "!~", "<=", ">=", "||",
    "/^e/", "/O$/i", "/x?/", "{want}", "{a}",
]  # fmt: skip
EXPRESSIONS = [
    "/^e/", "/L/i", "/[ab]/", "/./", "/^$/", r"/\d+/", r"/\w/", "/é/", "/a|b/", "/(a)/", "/a{1}/", "/$/m", "/b/x",
    "/[/", "/a/ii",
]  # fmt: skip
OPERATORS = ["=", "~", "<", ">", "<=", ">=", ":", "==", "=~", "!"]
SPACES = ["", "", "", " ", "\t", "\u00a0", "\ufeff"]


class _Author:
    """Writes queries, some of them sensible and a third of them scraps, and values to ask."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def data(self, depth: int = 0) -> Any:
        draw = self.random.random()
        if depth > 3 or draw < 0.35:
            return self.random.choice(SCALARS)
        if draw < 0.6:
            return [self.data(depth + 1) for _ in range(self.random.randint(0, 4))]
        if draw < 0.75:
            keys = ("id", "name", "a", "0")[: self.random.randint(1, 4)]
            return [{key: self.data(depth + 2) for key in keys} for _ in range(self.random.randint(1, 4))]
        return {self.random.choice(KEYS): self.data(depth + 1) for _ in range(self.random.randint(0, 5))}

    def query(self, depth: int = 0) -> str:
        if self.random.random() < 0.35:
            return "".join(self.random.choice(SCRAPS) for _ in range(self.random.randint(1, 9)))
        first = self.name() if self.random.random() < 0.8 else self.step(depth)
        return first + "".join(self.step(depth) for _ in range(self.random.randint(0, 5)))

    def name(self) -> str:
        return self.random.choice(KEYS) if self.random.random() < 0.85 else str(self.random.choice(SCALARS))

    def step(self, depth: int) -> str:
        match self.random.randrange(11):
            case 0 | 1:
                return f".{self.name()}"
            case 2:
                return f"[{self.value(depth)}]"
            case 3:
                return f"[{self.conditions(depth)}]"
            case 4:
                return f"[*{self.conditions(depth)}]"
            case 5:
                return self.random.choice(["[*]", "[**]", "[]", "[*name]", "[**a]", "[* ]", "[ ]"])
            case 6:
                return f":{self.random.choice(['get', 'other'])}({self.value(depth)})"
            case 7:
                return f":get({self.value(depth)},{self.value(depth)})"
            case 8:
                return f"|{self.random.choice(['', '.', ':', '..', '['])}{self.name()}"
            case 9:
                return self.random.choice(["({})", "{{{}}}"]).format(self.name())
            case _:
                return self.random.choice(SPACES)

    def conditions(self, depth: int) -> str:
        junctions = [self.random.choice(["&", "|", " & ", " | ", "&&"]) for _ in range(self.random.randint(0, 2))]
        return "".join(self.condition(depth) + junction for junction in junctions) + self.condition(depth)

    def condition(self, depth: int) -> str:
        operator = self.random.choice(["", "!"]) + self.random.choice(OPERATORS)
        right = [*EXPRESSIONS, *map(str, SCALARS), "get(id)", "get({want})", "get(a)", "NaN"]
        key = self.name() if self.random.random() < 0.8 else self.value(depth)
        value = self.random.choice(right) if self.random.random() < 0.7 else self.value(depth)
        return key + self.random.choice(SPACES) + operator + self.random.choice(SPACES) + value

    def value(self, depth: int) -> str:
        if depth < 2 and self.random.random() < 0.2:
            return f"{{{self.query(depth + 1)}}}"
        return self.name() if self.random.random() < 0.7 else self.random.choice(["?", "?1", "*", "**", " ", "true"])


def answer(expression: str, root: object) -> object:
    try:
        return {"value": _plain(query(expression, root))}
    except LanguageError:
        return {"error": True}


def _plain(value: object) -> object:
    if value is UNDEFINED:
        return {"undefined": True}
    return [_plain(item) for item in value] if isinstance(value, list) else value


@pytest.mark.skipif(not PACKAGES, reason="JOBYARD_JSON_QUERY names no node_modules folder")
@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node here")
@pytest.mark.parametrize("seed", range(4))
def test_answers_as_the_package_does(seed: int) -> None:
    author = _Author(seed)
    roots = [*ROOTS, *(author.data() for _ in range(40))]
    cases = [(author.random.randrange(len(roots)) if number % 3 else 0, author.query()) for number in range(5000)]
    asked = json.dumps({"roots": roots, "cases": cases})
    done = processes.run(["node", "-e", ASK, PACKAGES], input=asked, check=True)
    theirs = json.loads(done.stdout)
    differences = [
        (roots[root], expression, their, ours)
        for (root, expression), their in zip(cases, theirs, strict=True)
        if _written(ours := answer(expression, roots[root])) != _written(their)
    ]
    assert differences == []


def _written(value: object) -> str:
    """As one text; 1e21 and 10**21 are the same number."""
    return json.dumps(json.loads(json.dumps(value), parse_int=float), sort_keys=True)
