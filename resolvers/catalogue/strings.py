"""Tasks that make a text of texts: put together, repeated, padded, trimmed, in another case or form.

Lengths count UTF-16 code units, as JavaScript does.
"""

from ...models.json import Json, is_array
from ...models.language.transformation.calls import ABSENT
from .arguments import string, unset, whole
from .methods import method, optional
from .task import returning

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
    """Give the text itself."""
    return string(characters, "str")


def _padded(side: str, characters: Json, length: Json, filler: Json) -> Json:
    padding = optional(filler)
    if padding is not ABSENT:
        string(padding, "padString")
    return method(side, string(characters, "str"), whole(length, "targetLength"), padding)


TASKS = (
    string_concat, string_length, repeat, pad_start, pad_end, trim, trim_start, trim_end, to_lower_case, to_upper_case,
    normalize, string_value_of,
)  # fmt: skip
