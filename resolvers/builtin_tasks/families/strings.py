"""Tasks on texts. Positions count UTF-16 code units from 0."""

from ....models.json import Json, is_array
from ....models.language.patterns import Pattern
from ....models.language.transformation.calls import ABSENT, Absent
from ....models.language.transformation.regexps import RegExp
from ..arguments import method, optional, position, string, unset, whole
from ..task import returning

_STR = {"str": "string"}
_PADDING = {
    "str": "string",
    "targetLength": "number: the length to reach; a longer text stays as it is",
    "padString": "string: repeated as often as it takes; a space when it is left out",
}


@returning(
    "combinedStrings", "stringConcat", {"str": "string", "stringN": "string, or array of strings: what to append"}
)
def string_concat(first: Json, rest: Json) -> Json:
    """Put texts together: a first one, and another or an array of others."""
    return method("String.concat", "", first, *(rest if is_array(rest) else [rest]))


@returning("length", "stringLength", _STR)
def string_length(characters: Json) -> Json:
    """Count the characters."""
    return method("String.length", string(characters, "str"))


@returning("repeatedString", "repeat", {"str": "string", "count": "number: 0 gives the empty text"})
def repeat(characters: Json, count: Json) -> Json:
    """Put a number of copies of a text together."""
    return method("String.repeat", string(characters, "str"), whole(count, "count"))


@returning("paddedString", "padStart", _PADDING)
def pad_start(characters: Json, length: Json, filler: Json) -> Json:
    """Put padding before a text until it has a length."""
    return _padded("String.padStart", characters, length, filler)


@returning("paddedString", "padEnd", _PADDING)
def pad_end(characters: Json, length: Json, filler: Json) -> Json:
    """Put padding after a text until it has a length."""
    return _padded("String.padEnd", characters, length, filler)


@returning("noWhitespace", "trim", _STR)
def trim(characters: Json) -> Json:
    """Remove the white space at both ends."""
    return method("String.trim", string(characters, "str"))


@returning("trimmedStart", "trimStart", _STR)
def trim_start(characters: Json) -> Json:
    """Remove the white space at the beginning."""
    return method("String.trimStart", string(characters, "str"))


@returning("trimmedEnd", "trimEnd", _STR)
def trim_end(characters: Json) -> Json:
    """Remove the white space at the end. The outgoing name follows trimStart's: the vendor's page was not found."""
    return method("String.trimEnd", string(characters, "str"))


@returning("lowercaseString", "toLowerCase", _STR)
def to_lower_case(characters: Json) -> Json:
    """Write a text in lower case."""
    return method("String.toLowerCase", string(characters, "str"))


@returning("uppercaseString", "toUpperCase", _STR)
def to_upper_case(characters: Json) -> Json:
    """Write a text in upper case."""
    return method("String.toUpperCase", string(characters, "str"))


@returning("normalizedString", "normalize", {"str": "string", "form": "string: NFC (when left out), NFD, NFKC or NFKD"})
def normalize(characters: Json, form: Json) -> Json:
    """Write a text in one of Unicode's normalization forms, in which equal texts have equal characters."""
    return method("String.normalize", string(characters, "str"), ABSENT if unset(form) else string(form, "form"))


@returning("string", "stringValueOf", _STR)
def string_value_of(characters: Json) -> Json:
    """Return the text itself."""
    return string(characters, "str")


def _padded(side: str, characters: Json, length: Json, filler: Json) -> Json:
    padding = optional(filler)
    if padding is not ABSENT:
        string(padding, "padString")
    return method(side, string(characters, "str"), whole(length, "targetLength"), padding)


_AT = "number: a position; 0 when it is left out"


@returning("character", "charAt", {"str": "string", "index": _AT})
def char_at(characters: Json, index: Json) -> Json:
    """Return the character at a position; the empty text where there is none."""
    return method("String.charAt", string(characters, "str"), whole(index, "index", default=0))


@returning("code", "charCodeAt", {"str": "string", "index": _AT})
def char_code_at(characters: Json, index: Json) -> Json:
    """Return the code of the character at a position, 0 to 65535; NaN where there is none."""
    return method("String.charCodeAt", string(characters, "str"), whole(index, "index", default=0))


@returning("codePointValue", "codePointAt", {"str": "string", "pos": _AT})
def code_point_at(characters: Json, at: Json) -> Json:
    """Return the Unicode code point that begins at a position; a failure where there is none."""
    return method("String.codePointAt", string(characters, "str"), whole(at, "pos", default=0))


@returning(
    "substring", "substring", {"str": "string", "indexStart": _AT, "indexEnd": "number: a position; else the end"}
)
def substring(characters: Json, start: Json, end: Json) -> Json:
    """Cut out the part between two positions, in either order; negative ones count as 0."""
    return method(
        "String.substring", string(characters, "str"), position(start, "indexStart"), position(end, "indexEnd")
    )


@returning(
    "slicedString",
    "stringSlice",
    {
        "str": "string",
        "beginIndex": "number: a position; negative counts from the end",
        "endIndex": "number: a position; negative counts from the end; else the end",
    },
)
def string_slice(characters: Json, begin: Json, end: Json) -> Json:
    """Cut out the part from one position up to, but not including, another; empty when they are the wrong way round."""
    first = whole(begin, "beginIndex", default=0)
    return method("String.slice", string(characters, "str"), first, position(end, "endIndex"))


@returning(
    "splitArray",
    "split",
    {
        "str": "string",
        "separator": "string: empty splits every character off; left out splits nothing off",
        "limit": "number: give at most so many texts",
    },
)
def split(characters: Json, separator: Json, limit: Json) -> Json:
    """Split a text at each occurrence of a separator."""
    return method("String.split", string(characters, "str"), optional(separator), position(limit, "limit"))


_SOUGHT = {"str": "string", "searchString": "string: what to look for, in this case"}
_VALUE = {"str": "string", "searchValue": "string: what to look for, in this case"}
_PATTERN = "string: a regular expression of JavaScript, with or without slashes around it"


@returning("result", "stringIncludes", {**_SOUGHT, "position": "number: where to begin; 0 when left out"})
def string_includes(characters: Json, sought: Json, start: Json) -> Json:
    """Return whether a text occurs in another."""
    return _search("String.includes", characters, sought, "searchString", position(start, "position"))


@returning("result", "startsWith", {**_SOUGHT, "position": "number: where it must begin; 0 when left out"})
def starts_with(characters: Json, sought: Json, start: Json) -> Json:
    """Return whether a text begins with another."""
    return _search("String.startsWith", characters, sought, "searchString", position(start, "position"))


@returning("result", "endsWith", {**_SOUGHT, "length": "number: look at so many characters only; else at all"})
def ends_with(characters: Json, sought: Json, length: Json) -> Json:
    """Return whether a text ends with another."""
    return _search("String.endsWith", characters, sought, "searchString", position(length, "length"))


@returning("index", "stringIndexOf", {**_VALUE, "fromIndex": "number: where to begin; 0 when left out"})
def string_index_of(characters: Json, sought: Json, start: Json) -> Json:
    """Find the first place of a text in another; -1 if it is not there."""
    return _search("String.indexOf", characters, sought, "searchValue", position(start, "fromIndex"))


@returning("index", "stringLastIndexOf", {**_VALUE, "fromIndex": "number: where to begin, backwards; else at the end"})
def string_last_index_of(characters: Json, sought: Json, start: Json) -> Json:
    """Find the last place of a text in another; -1 if it is not there."""
    return _search("String.lastIndexOf", characters, sought, "searchValue", position(start, "fromIndex"))


@returning("index", "search", {"str": "string", "regexp": _PATTERN})
def search(characters: Json, expression: Json) -> Json:
    """Find the place of the first match of a regular expression; -1 if nothing matches."""
    return method("String.search", string(characters, "str"), _regexp(expression, "regexp", ""))


@returning("matches", "match", {"str": "string", "regExp": _PATTERN, "flags": "string: g for all matches, i, m, s, y"})
def match(characters: Json, expression: Json, flags: Json) -> Json:
    """Return what a regular expression matches: with the flag g every match, else the first one with its groups.

    Nothing matched is null, and a success.
    """
    letters = "" if unset(flags) else string(flags, "flags")
    return method("String.match", string(characters, "str"), _regexp(expression, "regExp", letters))


@returning("replacedString", "replace", {"str": "string", "substr": "string: what to replace", "newSubstr": "string"})
def replace(characters: Json, wanted: Json, replacement: Json) -> Json:
    """Replace the first occurrence; $& $` $' and $$ mean in the replacement what they mean in JavaScript."""
    sought, by = string(wanted, "substr"), string(replacement, "newSubstr")
    return method("String.replace", string(characters, "str"), sought, by)


def _search(name: str, characters: Json, sought: Json, incoming: str, where: Json | Absent) -> Json:
    return method(name, string(characters, "str"), string(sought, incoming), where)


def _regexp(value: Json, name: str, flags: str) -> RegExp:
    # The vendor's page of match shows /o/ as a value that finds the letter: slashes around are not looked for.
    source = string(value, name)
    if len(source) > 2 and source.startswith("/") and source.endswith("/"):
        source = source[1:-1]
    return RegExp(Pattern(source or "(?:)", flags))


TASKS = (
    string_concat, string_length, repeat, pad_start, pad_end, trim, trim_start, trim_end, to_lower_case,
    to_upper_case, normalize, string_value_of, char_at, char_code_at, code_point_at, substring, string_slice, split,
    string_includes, starts_with, ends_with, string_index_of, string_last_index_of, search, match, replace,
)  # fmt: skip
