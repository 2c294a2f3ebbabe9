"""The npm package json-query itself, asked the same: set JOBYARD_JSON_QUERY to a node_modules folder that holds it."""

import json
import os
import random
import shutil
import subprocess

import pytest
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.query import query
from jobyard.models.language.undefined import UNDEFINED

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
NAMES = [
    "name", "n", "nul", "s", "want", "nested", "deep", "x", "ports", "map_", "mm", "mix", "id", "up", "tags", "mtu",
    "l", "a", "b", "ip", "10", "2", "0", "1", "-1", "length", "odd.key", "empty", "1.0", "01", "nope",
]  # fmt: skip
SCRAPS = [
    *NAMES, ".", ".", "..", "[", "]", "[*", "[*]", "[**]", "[]", "{", "}", "(", ")", ":get(", ":other(", ":", "|", "&",
    "=", "!=", "~", "!~", "<", ">", "<=", ">=", "/^e/", "/O$/i", "/x?/", " ", "?", "*", ",", "{want}",
]  # fmt: skip


class _Author:
    """Writes queries: half of them sensible, half of them scraps."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def query(self, depth: int = 0) -> str:
        if self.random.random() < 0.4:
            return "".join(self.random.choice(SCRAPS) for _ in range(self.random.randint(1, 9)))
        return self.name() + "".join(self.step(depth) for _ in range(self.random.randint(0, 4)))

    def name(self) -> str:
        return self.random.choice(NAMES)

    def step(self, depth: int) -> str:
        return self.random.choice(
            [
                f".{self.name()}",
                f"[{self.value(depth)}]",
                f"[{self.conditions(depth)}]",
                f"[*{self.conditions(depth)}]",
                self.random.choice(["[*]", "[**]", "[]", "[*name]"]),
                f":get({self.value(depth)})",
                f":other({self.value(depth)})",
                f"|{self.random.choice(['', '.'])}{self.name()}",
            ]
        )

    def conditions(self, depth: int) -> str:
        return self.random.choice("&|").join(self.condition(depth) for _ in range(self.random.randint(1, 3)))

    def condition(self, depth: int) -> str:
        operator = self.random.choice(["", "!"]) + self.random.choice(["=", "~", "<", ">", "<=", ">=", ":"])
        right = self.random.choice(["/^e/", "/L/i", "get(id)", "get({want})", "eth0", "lo", "true", "1", "2", "null"])
        return self.name() + operator + (right if self.random.random() < 0.7 else self.value(depth))

    def value(self, depth: int) -> str:
        if depth < 2 and self.random.random() < 0.2:
            return f"{{{self.query(depth + 1)}}}"
        return self.name() if self.random.random() < 0.6 else self.random.choice(["eth0", "true", "2", "?", "10.0.0.2"])


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
@pytest.mark.parametrize("seed", range(3))
def test_answers_as_the_package_does(seed: int) -> None:
    author = _Author(seed)
    cases = [(author.random.randrange(len(ROOTS)) if number % 3 == 0 else 0, author.query()) for number in range(4000)]
    asked = json.dumps({"roots": ROOTS, "cases": cases})
    done = subprocess.run(["node", "-e", ASK, PACKAGES], input=asked, capture_output=True, text=True, check=True)
    theirs = json.loads(done.stdout)
    differences = [
        (root, expression, their, ours)
        for (root, expression), their in zip(cases, theirs, strict=True)
        if json.dumps(ours := answer(expression, ROOTS[root]), sort_keys=True) != json.dumps(their, sort_keys=True)
    ]
    assert differences == []
