"""Regular expressions mean what they mean in JavaScript, are bounded, and are errors where JavaScript has errors."""

import re
from time import process_time

import pytest
from jobyard.models.language.errors import LanguageError
from jobyard.models.language.patterns import MATCH_SECONDS, Pattern, characters, pattern


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
        ("[--a]+", "", "-.a", "-.a"), ("[+--]+", "", "+,-.", "+,-"), (r"[\w-+-.]+", "", "a-.,", "a-."),
        ("[-a]+", "", "-a", "-a"),
        ("(?<!a)b", "", "ab", None), (r"\/", "", "/", "/"), ("^..$", "", "😀", "😀"), ("^.$", "u", "😀", "😀"),
        ("😀", "", "a😀", "😀"),
        ("|a", "", "a", ""), (r"[\c1]", "", "\x11", "\x11"), (r"\c", "", r"a\c", r"\c"), ("(?<$x>a)", "", "a", "a"),
        ("s", "i", "ſ", None), ("k", "i", "\u212a", None), ("ẞ", "i", "ß", None), ("i", "i", "İı", None),
        ("É", "i", "aé", "é"),
        ("s", "iu", "ſ", "ſ"), ("ẞ", "iu", "ß", "ß"), (r"\w", "iu", "\u212a", "\u212a"), (r"\w", "i", "\u212a", None),
        (r"\W", "i", "s", None), ("µ", "i", "Μ", "Μ"), (r"\p{Lu}", "iu", "a", "a"), (r"(é)\1", "i", "éÉ", "éÉ"),
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


@pytest.mark.parametrize("source", ["(a", "a)", "[b-a]", "a{2,1}", "{1}", "(?<1>a)", "(?<=a)+", r"(?<n>)[\k]"])
def test_what_is_no_expression_is_refused(source: str) -> None:
    with pytest.raises(LanguageError, match="Invalid regular expression"):
        Pattern(source)


@pytest.mark.parametrize(
    "source",
    [
        "{", "}", "]", "a{,2}", r"\-", r"\_", r"\1", r"\01", r"\8", r"\x4", r"\u00", r"\c", r"\k<n>",
        r"\p{Greek}", r"\p{lu}", r"\p{Script=}", r"[\d-z]", r"[\c1]", "(?=a)*",
    ],
)  # fmt: skip
def test_what_is_refused_only_with_the_flag_u(source: str) -> None:
    Pattern(source)
    with pytest.raises(LanguageError, match="Invalid regular expression"):
        Pattern(source, "u")


@pytest.mark.parametrize(
    ("source", "text", "found"),
    [
        ("(?:(foo|bar)|(baz|qux))+", "foobaz", ["foobaz", None, "baz"]),
        (r"(?:(\w+)=(\w+)?;?)+", "a=1;b=;", ["a=1;b=;", "b", None]),
        (r"(?:(a)|b)+\1$", "abb", ["abb", None]),
        (r"(?:(\2)(\d)){2}", "112", ["11", "", "1"]),
        ("^(a|a?)+$", "aaa", ["aaa", "a"]),
        ("(a*)?", "b", ["", None]),
        ("(a*)*", "b", ["", None]),
        (r"(z)((a+)?(b+)?(c))*", "zaacbbbcac", ["zaacbbbcac", "z", "ac", "a", None, "c"]),
        (r"(?=(a+))a*b\1", "baaabac", ["aba", "a"]),
        (r"(.*?)a(?!(a+)b\2c)\2(.*)", "baaabaac", ["baaabaac", "ba", None, "abaac"]),
        (r"(?<=(\d+)(\d+))$", "1053", ["", "1", "053"]),
        (r"(?<=\1(a))b", "aab", ["b", "a"]),
        (r"(a\1)", "aa", ["a", "a"]),
        ("(?:a?b??)*", "ab", ["ab"]),
        ("(?:|a)+?b", "aab", ["aab"]),
        ("(?:a|()){3}", "aa", ["aa", ""]),
    ],
)
def test_each_round_of_a_repeated_group_forgets_the_captures_of_the_one_before(
    source: str, text: str, found: list[str | None]
) -> None:
    match = Pattern(source).search(text)
    assert match is not None and [match.group(), *match.groups()] == found


def test_the_names_of_groups_have_their_numbers() -> None:
    assert Pattern(r"(a)(?<b>c)(?:d)(?<$é>e)").names == {"b": 2, "$é": 3}


@pytest.mark.parametrize("length", [30, 1000, 100_000])
@pytest.mark.parametrize(
    "source",
    [
        "(a*)*b", "(a|aa)+$", "(a+)+$", "^(a|a?)+$", "(?:(a)|a)*b", "(a?){100}(a?){100}b", "(.*)*(.*)*(.*)*c",
        "((a*)*)*b", r"(a*)*\1*b", "((a{1000}){1000}){1000}", "(((a?){1000}){1000}){1000}", "(?:){1000000000}c",
        "(?:(?=(a*))a)*b",
    ],
)  # fmt: skip
def test_what_would_never_end_is_refused_with_its_limit(source: str, length: int) -> None:
    used = process_time()
    try:
        match = Pattern(source).search("a" * length + "!")
    except LanguageError as refused:
        limits = r"longer than 0\.04 s|more than \d+ (steps|ways to go back to)|more than 20000 parts"
        assert re.search(limits, str(refused)), refused
    else:
        assert match is None
    assert process_time() - used < 5  # for ever, or so, without bounds


@pytest.mark.parametrize(
    ("seconds", "limit"), [(MATCH_SECONDS, "0.04 s"), (0.06, "0.06 s (0.04 s, and more for a long text)")]
)
def test_a_search_that_its_text_makes_long_says_what_its_limit_depends_on(seconds: float, limit: str) -> None:
    slow = Pattern(r"[\p{L}\p{N}]+\p{Sc}", "gu")
    with pytest.raises(LanguageError) as refusal:
        slow.all_matches("é" * 300_000, seconds)
    assert str(refusal.value) == (
        rf"The regular expression /[\p{{L}}\p{{N}}]+\p{{Sc}}/ took longer than {limit} on a text of 300000 characters: "
        "search a shorter text, or simplify its repetitions."
    )


@pytest.mark.parametrize("length", [30, 20_000, 100_000])
@pytest.mark.parametrize("source", ["(a*)*b", "(a?){50}b", "(.*)*(.*)*(.*)*=", r"(?:([a-z]*)\1*)*b"])
def test_what_only_tries_the_same_again_is_refused_soon_however_long_the_text_is(source: str, length: int) -> None:
    with pytest.raises(LanguageError, match="more than 50000 steps without getting further"):
        Pattern(source).search("a" * length)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"^(?:(a)|b)*$", "ab" * 8_000),
        (r"^(?:(\w+)=(\w+)?;?)+$", "name=value;" * 3_000),
        (r"^(?:(\d)|[a-z ])+$", "vlan 12 name x " * 800),
    ],
)
def test_a_search_goes_on_as_long_as_it_gets_further(source: str, text: str) -> None:
    match = Pattern(source).search(text)
    assert match is not None and match.end() == len(text)
    assert Pattern(source).search(text + "\0") is None  # all ways back are tried


def test_what_was_compiled_is_not_kept_without_bound() -> None:
    for number in range(3000):
        Pattern(f"(?:(a)|b)*{'c' * 50}{number}")
    assert pattern._cache.weight <= 100_000
    assert 0 < len(pattern._cache) < 2000


@pytest.mark.parametrize("flags", ["x", "ii", "gg"])
def test_flags_that_there_are_not_are_refused(flags: str) -> None:
    with pytest.raises(LanguageError, match="Invalid flags"):
        Pattern("a", flags)


@pytest.mark.parametrize(
    ("source", "flags", "text"),
    [
        ("b" + "a" * 4090, "", "a" * 5000),
        ("a" * 4095, "i", "b" * 5000),
        ("c" + "ab" * 2047, "i", "ab" * 2500),
        ("(?:b)" + "(?:a)" * 800, "", "a" * 5000),
        ("[b]" + "[a]" * 1300, "", "a" * 5000),
        ("b" + "a" * 2000, "", "a" * 8_000_000),
    ],
    ids=range(6),
)
def test_a_long_run_of_letters_is_searched_at_once(source: str, flags: str, text: str) -> None:
    used = process_time()
    assert Pattern(source, flags).search(text) is None
    assert process_time() - used < 1.5  # 3 to 20 s where the run is searched as one


def test_every_letter_with_cases_is_among_those_looked_at() -> None:
    looked_at = set(characters._cased())
    assert not [
        code
        for code in range(0x110000)
        if code not in looked_at and (chr(code).casefold() != chr(code) or chr(code).upper() != chr(code))
    ]
