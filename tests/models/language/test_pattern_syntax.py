"""Regular expressions mean what they mean in JavaScript; with node here, node says so."""

import json
import random
import shutil
import subprocess
from typing import Any

import pytest
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.patterns import Pattern


@pytest.mark.parametrize(
    ("source", "flags", "text", "found"),
    [
        ("a$", "", "a\n", None), ("a$", "m", "a\n", "a"), ("^b", "m", "a\rb", "b"), (".", "", "\u2028", None),
        (".", "s", "\n", "\n"), (r"\d", "", "\u0663", None), (r"\w", "", "é", None), (r"\s", "", "\u00a0", "\u00a0"),
        (r"\s", "", "\ufeff", "\ufeff"), (r"\s", "", "\x1c", None), (r"\S", "", "\x85", "\x85"), ("É", "i", "é", "é"),
        (r"\bé", "", "aé", "é"), ("a{,2}", "", "a{,2}", "a{,2}"), ("a{e}", "", "a{e}", "a{e}"),
        ("x{1", "", "x{1", "x{1"),
        ("[]", "", "a", None), ("[^]", "", "\n", "\n"), ("[[a]", "", "[", "["), ("[a&&b]", "", "&", "&"),
        (r"[\w-.]", "", "-", "-"), (r"[^\S]", "", "a", None), (r"[\b]", "", "\b", "\b"), ("[a-]", "", "-", "-"),
        (r"(a)|\1b", "", "b", "b"), (r"(?<n>.)\k<n>", "", "abb", "bb"), (r"\k<n>", "", "k<n>", "k<n>"),
        (r"\A", "", "A", "A"), (r"\p{L}", "", "p{L}", "p{L}"), (r"\p{L}", "u", "é", "é"), (r"\u0041", "", "A", "A"),
        (r"\u{41}", "u", "A", "A"), (r"\x41\cJ\0", "", "A\n\0", "A\n\0"), (r"\101", "", "A", "A"),
        ("a#b c", "", "a#b c", "a#b c"),
        ("(?<!a)b", "", "ab", None), (r"\/", "", "/", "/"), ("^..$", "", "😀", "😀"), ("^.$", "u", "😀", "😀"),
        ("😀", "", "a😀", "😀"),
    ],
)  # fmt: skip
def test_it_matches_as_in_javascript(source: str, flags: str, text: str, found: str | None) -> None:
    match = Pattern(source, flags).search(text)
    assert (None if match is None else match.group().encode("utf-16-le", "surrogatepass").decode("utf-16-le")) == found


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("a++", "nothing to repeat"), ("*a", "nothing to repeat"), ("a|*", "nothing to repeat"),
        ("^*", "nothing to repeat"),
        ("(?<=a)*", "nothing to repeat"), ("(?i)a", "invalid group"), ("(?>a)", "invalid group"),
        ("(?P<a>b)", "invalid group"), ("(?#a)", "invalid group"), ("[a", "unterminated character class"),
        ("a\\", "\\ at the end"), ("[\\", "\\ at the end"), (r"(?<n>a)\k<m>", "invalid named reference"),
        ("(?<n>a)(?<n>b)", "two groups have one name"),
    ],
)  # fmt: skip
def test_what_javascript_refuses_is_refused_with_its_reason(source: str, reason: str) -> None:
    with pytest.raises(LanguageError) as caught:
        Pattern(source)
    assert str(caught.value) == f"Invalid regular expression /{source}/: {reason}."


@pytest.mark.parametrize("source", ["(a", "a)", "[b-a]", "a{2,1}"])
def test_what_python_refuses_too_is_refused(source: str) -> None:
    with pytest.raises(LanguageError, match="Invalid regular expression"):
        Pattern(source)


@pytest.mark.parametrize("flags", ["x", "ii", "gg"])
def test_flags_that_there_are_not_are_refused(flags: str) -> None:
    with pytest.raises(LanguageError, match="Invalid flags"):
        Pattern("a", flags)


ASK = """
const { cases } = JSON.parse(require('fs').readFileSync(0))
console.log(JSON.stringify(cases.map(([source, flags, text]) => {
  try {
    const found = new RegExp(source, flags).exec(text)
    return found === null ? null : [found.index, ...found].map((group) => group === undefined ? null : group)
  } catch { return 'refused' }
})))
"""
ATOMS = [
    *"abcéÉ1_ -/.^$}]#", r"\d", r"\D", r"\w", r"\W", r"\s", r"\S", r"\b", r"\B", "[abc]", "[^abc]", "[a-c]", r"[\d-]",
    r"[\w.]", "[-a]", "[a-]", "[^]", "[]", r"[\S]", r"[\W_]", r"[\b]", r"[a\-c]", "[[a]", "[a&&b]", "[a--b]", "[a||b]",
    "[[:alpha:]]", r"\.", r"\/", r"\-", r"\x41", r"\u0061", r"\cA", r"\0", r"\1", r"\2", r"\12", r"\k<n>", r"\A", r"\Z",
    r"\h", r"\e", r"\p{L}", "{", "{,2}", "{a}", "{e}", r"\n", r"\t", r"[\s\S]", r"[\d\-x]", "[+--]", r"[\w-a]", "[é-ü]",
    r"\\", r"\$", "\u2028", "(?i)", "(?>a)", "(?P<x>a)", "(?#c)", r"\u{61}", r"[\x41-\x43]", r"\c",
]  # fmt: skip
QUANTIFIERS = ["*", "+", "?", "{2}", "{1,}", "{0,2}", "*?", "+?", "??", "{1,2}?", "++", "{2}+", *[""] * 12]
TEXT = [*"abcABCéÉ1_ -./{}]xn\n\r\u2028\t\u00a0\\e&|ü#"]


class _Author:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def expression(self, depth: int = 0) -> str:
        return "|".join(self.sequence(depth) for _ in range(self.random.choice([1, 1, 1, 2])))

    def sequence(self, depth: int) -> str:
        return "".join(self.term(depth) for _ in range(self.random.randint(0, 4)))

    def term(self, depth: int) -> str:
        if depth < 3 and self.random.random() < 0.25:
            # Not repeated: which empty rounds of a group count is where the two engines part.
            opening = self.random.choice(["(", "(", "(?:", "(?=", "(?!", "(?<=", "(?<!", "(?<n>"])
            return f"{opening}{self.expression(depth + 1)})"
        return self.random.choice(ATOMS) + self.random.choice(QUANTIFIERS)

    def case(self) -> tuple[str, str, str]:
        text = "".join(self.random.choice(TEXT) for _ in range(self.random.randint(0, 8)))
        return self.expression(), self.random.choice(["", "", "i", "m", "s", "im"]), text


def _ours(source: str, flags: str, text: str) -> Any:
    try:
        found = Pattern(source, flags).search(text)
    except LanguageError:
        return "refused"
    return None if found is None else [found.start(), found.group(), *found.groups()]


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node here")
def test_matches_are_those_of_node() -> None:
    author = _Author(3)
    cases = [author.case() for _ in range(6000)]
    done = subprocess.run(
        ["node", "-e", ASK], input=json.dumps({"cases": cases}), capture_output=True, text=True, check=True
    )
    differences = [
        (case, answer, theirs)
        for case, theirs in zip(cases, json.loads(done.stdout), strict=True)
        if (answer := _ours(*case)) != theirs
    ]
    assert differences == []
