"""Tasks that make texts, read their characters, or look for something in them: one row is one call."""

import math

import pytest
from jobyard.models.engine.outcomes import Finish
from jobyard.models.json import Json, JsonObject
from jobyard.models.language.javascript.coercion import UNDEFINED

from .calls import assert_refused, assert_result, call

SMILE = "\U0001f600"  # two code units


@pytest.mark.parametrize(
    ("name", "incoming", "result"),
    [
        ("stringConcat", {"str": "red", "stringN": " is"}, "red is"),
        ("stringConcat", {"str": "a", "stringN": ["/", 3.0, None]}, "a/3null"),
        ("stringConcat", {"str": "a", "stringN": UNDEFINED}, "aundefined"),
        ("stringLength", {"str": f"a{SMILE}"}, 3),
        ("repeat", {"str": "ab", "count": 2}, "abab"),
        ("repeat", {"str": "ab", "count": 0}, ""),
        ("repeat", {"str": "", "count": 1e15}, ""),
        ("padStart", {"str": "Hello World", "targetLength": 14, "padString": "123"}, "123Hello World"),
        ("padStart", {"str": "abc", "targetLength": 8, "padString": "12"}, "12121abc"),
        ("padStart", {"str": "abc", "targetLength": 2, "padString": "-"}, "abc"),
        ("padStart", {"str": "abc", "targetLength": 5, "padString": ""}, "abc"),
        ("padStart", {"str": "abc", "targetLength": 5, "padString": None}, "  abc"),
        ("padStart", {"str": "a", "targetLength": 2, "padString": SMILE}, "\ufffda"),
        ("padEnd", {"str": "abc", "targetLength": "6", "padString": "12"}, "abc121"),
        ("padEnd", {"str": SMILE, "targetLength": 3, "padString": "-"}, f"{SMILE}-"),
        ("trim", {"str": "\ufeff \t a b\u00a0\n"}, "a b"),
        ("trimStart", {"str": "  a  "}, "a  "),
        ("trimEnd", {"str": "  a  "}, "  a"),
        ("toLowerCase", {"str": "ÄbC"}, "äbc"),
        ("toUpperCase", {"str": "äbC"}, "ÄBC"),
        ("toUpperCase", {"str": "straße"}, "STRASSE"),
        ("normalize", {"str": "e\u0301", "form": ""}, "\u00e9"),
        ("normalize", {"str": "\u00e9", "form": "NFD"}, "e\u0301"),
        ("normalize", {"str": "\ufb01", "form": "NFKC"}, "fi"),
        ("stringValueOf", {"str": "Hello World"}, "Hello World"),
    ],
)
def test_made(name: str, incoming: JsonObject, result: Json) -> None:
    assert_result(name, incoming, result)


@pytest.mark.parametrize(
    ("name", "incoming", "result"),
    [
        ("charAt", {"str": "Hello World", "index": 1}, "e"),
        ("charAt", {"str": "abc", "index": ""}, "a"),
        ("charAt", {"str": "abc", "index": -1}, ""),
        ("charAt", {"str": "abc", "index": 3}, ""),
        ("charAt", {"str": SMILE, "index": 0}, "\ufffd"),
        ("charCodeAt", {"str": "Hello World!", "index": 4}, 111),
        ("charCodeAt", {"str": SMILE, "index": 1}, 0xDE00),
        ("charCodeAt", {"str": "abc", "index": 3}, math.nan),
        ("charCodeAt", {"str": "abc", "index": -1}, math.nan),
        ("codePointAt", {"str": "Hello World", "pos": 1}, 101),
        ("codePointAt", {"str": f"a{SMILE}", "pos": 1}, 0x1F600),
        ("codePointAt", {"str": f"a{SMILE}", "pos": 2}, 0xDE00),
        ("substring", {"str": "abcdef", "indexStart": 2, "indexEnd": ""}, "cdef"),
        ("substring", {"str": "abcdef", "indexStart": "4", "indexEnd": 1}, "bcd"),
        ("substring", {"str": "abcdef", "indexStart": -3, "indexEnd": 99}, "abcdef"),
        ("substring", {"str": f"{SMILE}b", "indexStart": 1, "indexEnd": 3}, "\ufffdb"),
        ("stringSlice", {"str": "800-555-1212", "beginIndex": 0, "endIndex": 3}, "800"),
        ("stringSlice", {"str": "800-555-1212", "beginIndex": 7, "endIndex": 4}, ""),
        ("stringSlice", {"str": "800-555-1212", "beginIndex": -4, "endIndex": ""}, "1212"),
        ("stringSlice", {"str": "abc", "beginIndex": "", "endIndex": -1}, "ab"),
        ("split", {"str": "a,b,c", "separator": ",", "limit": ""}, ["a", "b", "c"]),
        ("split", {"str": "a,b,c", "separator": ",", "limit": 2}, ["a", "b"]),
        ("split", {"str": "a,b,c", "separator": ",", "limit": 0}, []),
        ("split", {"str": "a,b,c", "separator": ",", "limit": -1}, ["a", "b", "c"]),
        ("split", {"str": "abc", "separator": ""}, ["a", "b", "c"]),
        ("split", {"str": SMILE, "separator": ""}, ["\ufffd", "\ufffd"]),
        ("split", {"str": "a,b"}, ["a,b"]),
        ("split", {"str": "a,b", "separator": None}, ["a,b"]),
        ("split", {"str": "", "separator": ","}, [""]),
    ],
)
def test_parts(name: str, incoming: JsonObject, result: Json) -> None:
    assert_result(name, incoming, result)


def test_a_code_point_beyond_the_end_is_undefined_and_so_a_failure() -> None:
    assert call("codePointAt", {"str": "a", "pos": 1}) == Finish("failure")


CENTS = "12 Dollars And 43 Cents"


@pytest.mark.parametrize(
    ("name", "incoming", "result"),
    [
        ("stringIncludes", {"str": CENTS, "searchString": "Cents", "position": 19}, False),
        ("stringIncludes", {"str": CENTS, "searchString": "Cents", "position": 18}, True),
        ("stringIncludes", {"str": CENTS, "searchString": "cents", "position": ""}, False),
        ("stringIncludes", {"str": CENTS, "searchString": "", "position": 99}, True),
        ("startsWith", {"str": "Hello World", "searchString": "W", "position": 6}, True),
        ("startsWith", {"str": "HelloWorld", "searchString": "W", "position": 6}, False),
        ("startsWith", {"str": "abc", "searchString": "ab", "position": -5}, True),
        ("endsWith", {"str": "filename.txt", "searchString": ".txt", "length": ""}, True),
        ("endsWith", {"str": "filename.txt", "searchString": "name", "length": 8}, True),
        ("endsWith", {"str": "filename.txt", "searchString": "name", "length": None}, False),
        ("stringIndexOf", {"str": "a-b-c", "searchValue": "-", "fromIndex": 2}, 3),
        ("stringIndexOf", {"str": f"{SMILE}x", "searchValue": "x"}, 2),
        ("stringIndexOf", {"str": "abc", "searchValue": "z", "fromIndex": -9}, -1),
        ("stringLastIndexOf", {"str": "1/2/2024", "searchValue": "/", "fromIndex": ""}, 3),
        ("stringLastIndexOf", {"str": "1/2/2024", "searchValue": "/", "fromIndex": 2}, 1),
        ("stringLastIndexOf", {"str": "canal", "searchValue": "c", "fromIndex": -5}, 0),
        ("stringLastIndexOf", {"str": "canal", "searchValue": "x"}, -1),
        ("search", {"str": "Hello World", "regexp": "or"}, 7),
        ("search", {"str": "Hello World", "regexp": "/[A-V]/"}, 0),
        ("search", {"str": f"{SMILE}1", "regexp": r"\d"}, 2),
        ("search", {"str": "Hello World", "regexp": "z"}, -1),
        ("search", {"str": "a/b", "regexp": "/"}, 1),
        ("match", {"str": "Hello World", "regExp": "/o/", "flags": "g"}, ["o", "o"]),
        ("match", {"str": "Hello World", "regExp": "(l)(z)?", "flags": ""}, ["l", "l", None]),
        ("match", {"str": "ABC", "regExp": "b", "flags": "i"}, ["B"]),
        ("match", {"str": "abc", "regExp": "z", "flags": "g"}, None),
        ("match", {"str": "abc", "regExp": "", "flags": None}, [""]),
        ("replace", {"str": "aba", "substr": "a", "newSubstr": "[$&$$]"}, "[a$]ba"),
        ("replace", {"str": "abc", "substr": "b", "newSubstr": "<$`|$'>"}, "a<a|c>c"),
        ("replace", {"str": "abc", "substr": "b", "newSubstr": "$1"}, "a$1c"),
        ("replace", {"str": "abc", "substr": "z", "newSubstr": "y"}, "abc"),
        ("replace", {"str": "abc", "substr": "", "newSubstr": "y"}, "yabc"),
    ],
)
def test_search(name: str, incoming: JsonObject, result: Json) -> None:
    assert_result(name, incoming, result)


@pytest.mark.parametrize(
    ("name", "incoming", "message"),
    [
        ("stringLength", {"str": 5}, "'str' must be a text, not the number 5."),
        ("split", {"str": None, "separator": ","}, "'str' must be a text, not null."),
        ("replace", {"str": "a", "substr": 1, "newSubstr": "b"}, "'substr' must be a text, not the number 1."),
        ("replace", {"str": "a", "substr": "a", "newSubstr": None}, "'newSubstr' must be a text, not null."),
        ("toLowerCase", {"str": []}, "'str' must be a text, not an array."),
        ("trimEnd", {}, "'str' must be a text, not undefined."),
        ("repeat", {"str": "a", "count": ""}, "'count' must be a number, not the empty text."),
        ("repeat", {"str": "a", "count": -1}, "Invalid count value: -1"),
        ("padEnd", {"str": "a", "targetLength": 3, "padString": 0}, "'padString' must be a text, not the number 0."),
        ("charAt", {"str": "a", "index": "first"}, "'index' must be a number, not the text 'first'."),
        ("startsWith", {"str": "a", "searchString": None}, "'searchString' must be a text, not null."),
        ("match", {"str": "a", "regExp": "a", "flags": "q"}, "Invalid flags 'q' of the regular expression /a/."),
        (
            "normalize",
            {"str": "a", "form": "NFX"},
            "The normalization form should be one of NFC, NFD, NFKC, NFKD, not NFX.",
        ),
    ],
)
def test_a_wrong_value_is_an_error_that_names_it(name: str, incoming: JsonObject, message: str) -> None:
    assert_refused(name, incoming, message)


@pytest.mark.parametrize(
    ("name", "incoming", "length"),
    [
        ("repeat", {"str": "ab", "count": 1e9}, 2_000_000_000),
        ("padStart", {"str": "", "targetLength": 1e12, "padString": "-"}, 1_000_000_000_000),
        ("padEnd", {"str": "", "targetLength": 1e12}, 1_000_000_000_000),
        ("stringConcat", {"str": "", "stringN": ["x" * 100_000] * 1000}, 100_000_000),
        ("replace", {"str": "a" * 100_001, "substr": "a", "newSubstr": "$'" * 200}, 20_000_000),
        ("toUpperCase", {"str": "ß" * 9_000_000}, 18_000_000),
    ],
)
def test_a_text_that_would_grow_without_end_is_refused(name: str, incoming: JsonObject, length: int) -> None:
    assert_refused(name, incoming, f"A text of {length} characters is over the limit of 16000000.")


def test_an_expression_that_is_no_regular_expression_is_refused() -> None:
    with pytest.raises(Exception, match=r"Invalid regular expression /\(/"):
        call("search", {"str": "a", "regexp": "("})
