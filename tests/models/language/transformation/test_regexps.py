"""Regular expressions: declared, tested, and used by String's methods; the results are node's."""

from typing import Any

import pytest
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.javascript.coercion import UNDEFINED
from jobyard.models.language.transformation import transform

from .build import call, incoming, level, of


def with_regexp(name: str, text: str, pattern: str, flags: str = "", *rest: Any) -> Any:
    steps = {1: ("new RegExp", pattern, flags), 2: (f"String.{name}", incoming("text"), of(1), *rest)}
    return transform(level(steps, {"out": of(2)}, takes=["text"]), {"text": text})["out"]


@pytest.mark.parametrize(
    ("pattern", "flags", "text", "expected"),
    [
        ("^a$", "", "a\n", False),
        ("^a$", "m", "b\na", True),
        ("a.c", "", "a\nc", False),
        ("a.c", "s", "a\nc", True),
        ("ABC", "i", "xabcx", True),
        ("^[0-9]+$", "", 12, True),
        ("undefined", "", UNDEFINED, True),
        ("b", "y", "ab", False),
    ],
)
def test_test_looks_for_a_match(pattern: str, flags: str, text: Any, expected: bool) -> None:
    steps = {1: ("new RegExp", pattern, flags), 2: ("RegExp.test", of(1), incoming("text"))}
    assert transform(level(steps, {"out": of(2)}, takes=["text"]), {"text": text}) == {"out": expected}


def test_a_text_stands_for_its_regular_expression() -> None:
    assert call("RegExp.test", "^\\d+$", "123") is True
    assert call("String.search", "abc", "[bc]") == 1


def test_a_global_expression_starts_anew_in_each_call() -> None:
    steps = {1: ("new RegExp", "a", "g"), 2: ("RegExp.test", of(1), "a"), 3: ("RegExp.test", of(1), "a")}
    assert transform(level(steps, {"one": of(2), "two": of(3)}), {}) == {"one": True, "two": True}


def test_exec_gives_the_match_with_its_groups_and_where_it_is() -> None:
    steps = {1: ("new RegExp", "(?<y>\\d{4})-(\\d\\d)(x)?"), 2: ("RegExp.exec", of(1), "😀 2024-05")}
    outgoing = {"all": of(2), "month": of(2, "/2"), "index": of(2, "/index"), "year": of(2, "/groups/y")}
    assert transform(level(steps, outgoing), {}) == {
        "all": ["2024-05", "2024", "05", None],
        "month": "05",
        "index": 3,
        "year": "2024",
    }
    assert call("RegExp.exec", "z", "abc") is None


@pytest.mark.parametrize(
    ("text", "pattern", "rest", "expected"),
    [
        ("a1b22c", "\\d+", (), ["a", "b", "c"]),
        ("a1b22c", "(\\d)+", (), ["a", "1", "b", "2", "c"]),
        ("a1b22c", "\\d+", (2,), ["a", "b"]),
        ("abc", "(?:)", (), ["a", "b", "c"]),
        ("axb", "x*", (), ["a", "b"]),
        ("", "x", (), [""]),
        ("", "", (), []),
        ("axby", "(x)|(y)", (), ["a", "x", None, "b", None, "y", ""]),
    ],
)
def test_split_by_matches(text: str, pattern: str, rest: tuple[Any, ...], expected: object) -> None:
    assert with_regexp("split", text, pattern, "", *rest) == expected


@pytest.mark.parametrize(
    ("pattern", "flags", "by", "expected"),
    [
        ("b", "", "X", "aXbc-abbc"),
        ("b", "g", "X", "aXXc-aXXc"),
        ("(a)(b)?", "g", "[$2$1]", "[ba]bc-[ba]bc"),
        ("(?<n>a)", "g", "<$<n>$<none>>", "<a>bbc-<a>bbc"),
        ("(a)", "", "$1$2$10$01$0", "a$2a0a$0bbc-abbc"),
        ("z", "g", "X", "abbc-abbc"),
        ("b*", "g", "_", "_a__c_-_a__c_"),
    ],
)
def test_replace_matches(pattern: str, flags: str, by: str, expected: str) -> None:
    assert with_regexp("replace", "abbc-abbc", pattern, flags, by) == expected


@pytest.mark.parametrize(
    ("pattern", "flags", "expected"),
    [
        ("b(.)", "", ["bb", "b"]),
        ("b", "g", ["b", "b", "b", "b"]),
        ("z", "", None),
        ("z", "g", None),
        ("a|b", "gy", ["a", "b", "b"]),
    ],
)
def test_match(pattern: str, flags: str, expected: object) -> None:
    assert with_regexp("match", "abbc-abbc", pattern, flags) == expected


def test_an_expression_written_as_text_shows_its_flags() -> None:
    steps = {1: ("new RegExp", "a/b", "gi"), 2: ("t:${r}", of(1))}
    assert transform(level(steps, {"out": of(2)}), {}) == {"out": r"/a\/b/gi"}


@pytest.mark.parametrize(("pattern", "flags"), [("(", ""), ("a", "q")])
def test_an_invalid_expression_is_refused(pattern: str, flags: str) -> None:
    with pytest.raises(LanguageError, match="Invalid"):
        with_regexp("search", "a", pattern, flags)


@pytest.mark.parametrize("name", ["matchAll", "replaceAll"])
@pytest.mark.parametrize("flags", ["", "y"])
def test_what_is_for_all_matches_wants_an_expression_for_all(name: str, flags: str) -> None:
    with pytest.raises(LanguageError, match=f"{name} was called with /a/{flags}, which has no flag g"):
        with_regexp(name, "aa", "a", flags, "b")


def test_a_sticky_expression_that_matches_nothing_goes_on() -> None:
    assert with_regexp("replace", "ab", "", "gy", "-") == "-a-b-"


@pytest.mark.parametrize(("flags", "text"), [("g", "é" * 200_000), ("gu", "a" * 200_000), ("gu", "😀" * 200_000)])
def test_very_many_matches_cost_no_more_than_their_number(flags: str, text: str) -> None:
    steps = {1: ("new RegExp", ".", flags), 2: ("String.matchAll", incoming("x"), of(1)), 3: ("Array.length", of(2))}
    assert transform(level(steps, {"out": of(3)}, takes=["x"]), {"x": text}) == {"out": 200_000}


@pytest.mark.parametrize("flags", ["", "u"])
def test_positions_count_code_units(flags: str) -> None:
    text = incoming("x")
    steps = {1: ("new RegExp", "b", flags), 2: ("RegExp.exec", of(1), text), 3: ("String.search", text, of(1))}
    document = level(steps, {"out": of(2, "/index"), "found": of(3)}, takes=["x"])
    assert transform(document, {"x": "😀ab"}) == {"out": 3, "found": 3}
