"""String's methods, with the results that node gives."""

from typing import Any

import pytest
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.javascript.coercion import UNDEFINED

from .build import LITERAL_NULL, call


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("concat", ("a", "b", "c"), "abc"),
        ("concat", ("a", 1, None, [1, [2]], {"x": 1}, 1.5e-7, True), "a1null1,2[object Object]1.5e-7true"),
        ("concat", ("a", UNDEFINED), "aundefined"),
        ("concat", ("a", LITERAL_NULL, "b"), "ab"),
        ("concat", (5, "%"), "5%"),
        ("length", ("x😀",), 3),
        ("toLowerCase", ("ÀBC",), "àbc"),
        ("toUpperCase", ("straße",), "STRASSE"),
        ("trim", (" \u00a0\ufeff a b\n",), "a b"),
        ("trimStart", ("  a ",), "a "),
        ("trimEnd", ("  a ",), "  a"),
        ("substring", ("hello", 3, 1), "el"),
        ("substring", ("hello", -5), "hello"),
        ("substring", ("hello", "2", UNDEFINED), "llo"),
        ("slice", ("hello", -3, -1), "ll"),
        ("substr", ("hello", -3, 2), "ll"),
        ("charAt", ("abc", 1), "b"),
        ("charAt", ("abc", 9), ""),
        ("charAt", ("abc",), "a"),
        ("charCodeAt", ("a😀", 1), 55357),
        ("codePointAt", ("a😀", 1), 128512),
        ("indexOf", ("abcabc", "c", 3), 5),
        ("indexOf", ("abc", "", 10), 3),
        ("indexOf", ("😀b", "b"), 2),
        ("lastIndexOf", ("abcabc", "c", 4), 2),
        ("lastIndexOf", ("abcabc", "c", UNDEFINED), 5),
        ("lastIndexOf", ("abc", "z"), -1),
        ("includes", ("abc", "bc", 1), True),
        ("includes", ("a null", None), True),
        ("startsWith", ("abc", "b", 1), True),
        ("endsWith", ("abc", "b", 2), True),
        ("padStart", ("5", 3, "0"), "005"),
        ("padEnd", ("5", 4, "ab"), "5aba"),
        ("padStart", ("abc", 2), "abc"),
        ("repeat", ("ab", 2.9), "abab"),
        ("normalize", ("e\u0301",), "é"),
    ],
)
def test_text_methods(name: str, arguments: tuple[Any, ...], expected: object) -> None:
    assert call(f"String.{name}", *arguments) == expected


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("a,b,,c", ","), ["a", "b", "", "c"]),
        (("a,b", LITERAL_NULL), ["a,b"]),
        (("a,b,c", ",", 2), ["a", "b"]),
        (("a,b,c", ",", -1), ["a", "b", "c"]),
        (("a,b", ",", 0), []),
        (("abc", ""), ["a", "b", "c"]),
        (("", ""), []),
        (("", ","), [""]),
        (("anullb", None), ["a", "b"]),
    ],
)
def test_split_by_text(arguments: tuple[Any, ...], expected: object) -> None:
    assert call("String.split", *arguments) == expected


@pytest.mark.parametrize(
    ("what", "by", "expected"),
    [
        ("b", "X", "aXcb"),
        ("", "X", "Xabcb"),
        ("b", "[$&|$`|$'|$$|$1]", "a[b|a|cb|$|$1]cb"),
        ("z", "X", "abcb"),
        ("b", UNDEFINED, "aundefinedcb"),
    ],
)
def test_replace_takes_the_first_occurrence_of_a_text(what: str, by: Any, expected: str) -> None:
    assert call("String.replace", "abcb", what, by) == expected


def test_replace_all_takes_every_occurrence() -> None:
    assert call("String.replaceAll", "abcb", "b", "X") == "aXcX"
    assert call("String.replaceAll", "ab", "", "-") == "-a-b-"


@pytest.mark.parametrize(("value", "name"), [(None, "null"), (UNDEFINED, "undefined")])
def test_nothing_has_no_text_methods(value: object, name: str) -> None:
    with pytest.raises(LanguageError, match=rf"Cannot read properties of {name} \(reading 'trim'\)"):
        call("String.trim", value)


def test_an_object_has_no_text_methods() -> None:
    with pytest.raises(LanguageError, match=r"String\.trim: an object is not a text"):
        call("String.trim", {})


def test_text_methods_that_arrays_have_too_work_on_arrays() -> None:
    assert call("String.includes", ["a", "b"], "b") is True
    assert call("String.length", [1, 2, 3]) == 3


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(LanguageError, match="Invalid count value: -1"):
        call("String.repeat", "a", -1)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("String.concat", ("a\ud83d", "\ude00b")),
        ("Array.join", (["a", "\ud83d", "\ude00", "b"], "")),
        ("Array.join", (["a\ud83d", "b"], "\ude00")),
        ("Math.add", ("a\ud83d", "\ude00b")),
        ("String.replace", ("a\ud83dxb", "x", "\ude00")),
        ("String.padEnd", ("a\ud83d", 4, "\ude00b")),
    ],
)
def test_halves_of_a_character_that_meet_again_are_the_character(name: str, arguments: tuple[Any, ...]) -> None:
    assert call(name, *arguments) == "a😀b"
