"""Drawn regular expressions and texts, asked the same as node: matches, captures, places, and what is an error."""

import json
import random
import shutil
from collections import Counter
from typing import Any

import pytest
from jobyard.models.bounded_cache import BoundedCache
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.javascript.values import join_units
from jobyard.models.language.patterns import Pattern, pattern, size
from jobyard.models.language.patterns.size import LONGEST_RUN
from jobyard.models.language.transformation.budget import Budget
from jobyard.models.language.transformation.regexps import RegExp, all_matches

from .... import processes

ASK = r"""
const shown = (text) => text === undefined ? null : text
const { cases } = JSON.parse(require('fs').readFileSync(0))
const lone = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g
const written = (value) => JSON.stringify(value).replace(lone, (half) => '\\u' + half.charCodeAt(0).toString(16))
process.stdout.write('[' + cases.map(([source, flags, text]) => {
  let expression
  try { expression = new RegExp(source, flags + 'g') } catch { return '"refused"' }
  return written([...text.matchAll(expression)].slice(0, 5).map((found) => {
    const named = found.groups && Object.entries(found.groups).map(([name, group]) => [name, shown(group)])
    return [found.index, [...found].map(shown), named || null]
  }))
}).join(',') + ']')
"""
ATOMS = [
    *"abcéÉ1_ -/.^$}]#", r"\d", r"\D", r"\w", r"\W", r"\s", r"\S", r"\b", r"\B", "[abc]", "[^abc]", "[a-c]", r"[\d-]",
    r"[\w.]", "[-a]", "[a-]", "[^]", "[]", r"[\S]", r"[\W_]", r"[\b]", r"[a\-c]", "[[a]", "[a&&b]", "[a--b]", "[a||b]",
    "[[:alpha:]]", r"\.", r"\/", r"\-", r"\x41", r"\u0061", r"\cA", r"\0", r"\1", r"\2", r"\12", r"\k<n>", r"\A", r"\Z",
    r"\h", r"\e", r"\p{L}", "{", "{,2}", "{a}", "{e}", r"\n", r"\t", r"[\s\S]", r"[\d\-x]", "[+--]", r"[\w-a]", "[é-ü]",
    r"\\", r"\$", "\u2028", "(?i)", "(?>a)", "(?P<x>a)", "(?#c)", r"\u{61}", r"[\x41-\x43]", r"\c", r"[\c1\c]",
    "[--a]", r"[\c_-]", "ſ", "K", "k", "s", "[r-t]", "[^s]", "İ", "ı", "i", "ß", "ẞ", "µ", "σ", "[ς-σ]", "😀",
    "[😀-😂]", r"\ud83d",
    r"\u{1f600}", r"\ud83d\ude00", r"[\ud83d\ude00]", r"\p{Lu}", r"\P{Lu}", r"[^\p{Ll}a]", r"\p{Script=Greek}",
    r"\p{Greek}", r"\p{sc=Grek}", r"\p{lu}", r"\p{ASCII}", r"[\P{Any}x]", r"\8", r"\08", r"[\1]", r"[\8]", r"\x4",
    r"\u00", r"[b-a]", r"[\d-z]", "{2}", "{2,1}", r"\k", r"\k<m>", "(?<$x>a)", "(?<a1é>b)", r"(?<\u0061>c)",
    "(?<1>a)", r"\_", r"\a",
]  # fmt: skip
PLAIN = [*"aaabbbcc", r"\w", r"\d", "1", "[ab]", r"[^a]", ".", r"\b", r"\1", r"\2", r"\k<n>", "^", "$", "s", "é"]
QUANTIFIERS = ["*", "+", "?", "{2}", "{1,}", "{0,2}", "*?", "+?", "??", "{1,2}?", "{0}", "{2,3}"]
TEXT = [*"abcABCéÉ1_ -./{}]xn\n\r\u2028\t\u00a0\\e&|ü#ſKksSİıiIßẞµμΜσςΣ", "😀", "\ud83d", "\ude00", "\u0001", "\u0011"]
LETTERS = [*"aaaabbbbccAB11 s", "é", "É"]
FLAGS = ["", "", "", "i", "m", "s", "im", "u", "iu", "su", "y", "d"]


class Author:
    """`plain` expressions are of few letters and nest their repetitions; the others have what is odd."""

    def __init__(self, seed: str, *, plain: bool) -> None:
        self.random = random.Random(seed)
        self.plain = plain
        self.atoms = PLAIN if plain else ATOMS

    def expression(self, depth: int = 0) -> str:
        return "|".join(self.sequence(depth) for _ in range(self.random.choice([1, 1, 1, 2, 3])))

    def sequence(self, depth: int) -> str:
        return "".join(self.term(depth) for _ in range(self.random.randint(0, 3)))

    def term(self, depth: int) -> str:
        quantifier = self.random.choice(QUANTIFIERS) if self.random.random() < 0.45 else ""
        if depth < 4 and self.random.random() < (0.45 if self.plain else 0.25):
            opening = self.random.choice([*["("] * 4, "(?:", "(?:", "(?=", "(?!", "(?<=", "(?<!", "(?<n>"])
            if opening.startswith("(?<") and opening != "(?<n>" and self.random.random() < 0.9:
                quantifier = ""
            return f"{opening}{self.expression(depth + 1)}){quantifier}"
        odd = "" if self.plain or self.random.random() < 0.98 else self.random.choice(["(", ")", "[", "\\", "+", "++"])
        return self.random.choice(self.atoms) + quantifier + odd

    def case(self) -> tuple[str, str, str]:
        letters = LETTERS if self.plain else TEXT
        text = "".join(self.random.choice(letters) for _ in range(self.random.randint(0, 9)))
        return self.expression(), self.random.choice(FLAGS), text


def _between_halves(source: str, flags: str, text: str) -> bool:
    """V8 finds `\\B` between the two halves of a character, where ECMA-262 does not look with the flag `u`."""
    return "u" in flags and r"\B" in source and max(text, default="") > "\uffff"


def ours(source: str, flags: str, text: str) -> Any:
    try:
        expression = Pattern(source, flags)
    except LanguageError:
        return "refused"
    units = expression.units(text)
    found = all_matches(RegExp(expression), units, Budget())
    return [_shown(match, units, expression) for match in found[:5]]


def _shown(match: Any, units: str, expression: Pattern) -> Any:
    groups = [None if group is None else join_units(group) for group in (match.group(), *match.groups())]
    at = len(units[: match.start()].encode("utf-16-le", "surrogatepass")) // 2
    named = [[name, groups[number]] for name, number in expression.names.items()]
    return [at, groups, named or None]


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node here")
@pytest.mark.parametrize(
    ("seed", "plain", "run", "count"),
    [
        ("odd", False, LONGEST_RUN, 20_000),
        ("odd, with breaks", False, 1, 3000),
        ("rounds", True, LONGEST_RUN, 20_000),
    ],
)
def test_matches_are_those_of_node(
    monkeypatch: pytest.MonkeyPatch, seed: str, plain: bool, run: int, count: int
) -> None:
    monkeypatch.setattr(size, "LONGEST_RUN", run)
    monkeypatch.setattr(pattern, "_cache", BoundedCache(room=0))
    author = Author(seed, plain=plain)
    cases = [author.case() for _ in range(count)]
    done = processes.run(["node", "-e", ASK], input=json.dumps({"cases": cases}), check=True)
    theirs = json.loads(done.stdout)
    differences = [
        (case, answer, expected)
        for case, expected in zip(cases, theirs, strict=True)
        if not _between_halves(*case) and (answer := ours(*case)) != expected
    ]
    assert differences == [], (len(differences), Counter(case[1] for case, _, _ in differences))
    assert sum(expected == "refused" for expected in theirs) < count / 2
    assert sum(bool(expected) for expected in theirs) > count / 3
