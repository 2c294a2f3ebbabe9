"""Tasks on texts, which count in UTF-16 code units as JavaScript does."""

import re

from ...models.json import Json, is_array
from ...models.language import code_units
from ...models.language.javascript import text
from ...models.language.undefined import UNDEFINED
from .arguments import string, unset, whole
from .task import TaskFailed, returning

LONGEST_RESULT = 16 * 1024 * 1024  # characters

_SPECIAL = re.compile(r"\$[$&`']")


@returning("combinedStrings", "stringConcat", ("str", "stringN"))
def string_concat(first: Json, rest: Json) -> Json:
    """Put texts together: a first one, and another or an array of others."""
    return text(first) + "".join(text(one) for one in (rest if is_array(rest) else [rest]))


@returning("length", "stringLength", ("str",))
def string_length(characters: Json) -> Json:
    """Count the characters."""
    return code_units.length(string(characters, "str"))


@returning("splitArray", "split", ("str", "separator", "limit"))
def split(characters: Json, separator: Json, limit: Json) -> Json:
    """Split at a separator into at most `limit` texts; an empty separator splits every character off."""
    whole_text = string(characters, "str")
    if separator is UNDEFINED or separator is None:
        pieces = [whole_text]
    elif separator == "":
        pieces = list(code_units.well_formed(code_units.split_units(whole_text)))
    else:
        pieces = whole_text.split(text(separator))
    most = whole(limit, "limit", default=-1)
    return pieces if most < 0 else pieces[:most]


@returning("substring", "substring", ("str", "indexStart", "indexEnd"))
def substring(characters: Json, start: Json, end: Json) -> Json:
    """Cut out the part between two positions, in either order; without an end, to the end."""
    units = code_units.split_units(string(characters, "str"))
    one = min(max(whole(start, "indexStart", default=0), 0), len(units))
    other = len(units) if unset(end) else min(max(whole(end, "indexEnd"), 0), len(units))
    return code_units.well_formed(code_units.join_units(units[min(one, other) : max(one, other)]))


@returning("replacedString", "replace", ("str", "substr", "newSubstr"))
def replace(characters: Json, wanted: Json, replacement: Json) -> Json:
    """Replace the first occurrence; $& $` $' and $$ mean in the replacement what they mean in JavaScript."""
    whole_text, sought, template = string(characters, "str"), string(wanted, "substr"), string(replacement, "newSubstr")
    at = whole_text.find(sought)
    if at < 0:
        return whole_text
    before, after = whole_text[:at], whole_text[at + len(sought) :]
    meanings = {"$$": "$", "$&": sought, "$`": before, "$'": after}
    specials = sum(len(meanings[special]) for special in _SPECIAL.findall(template))
    if len(whole_text) + len(template) + specials > LONGEST_RESULT:
        raise TaskFailed(f"The text would be longer than {LONGEST_RESULT} characters.")
    return before + _SPECIAL.sub(lambda special: meanings[special[0]], template) + after


@returning("lowercaseString", "toLowerCase", ("str",))
def to_lower_case(characters: Json) -> Json:
    """Write a text in lower case."""
    return string(characters, "str").lower()


@returning("uppercaseString", "toUpperCase", ("str",))
def to_upper_case(characters: Json) -> Json:
    """Write a text in upper case."""
    return string(characters, "str").upper()


TASKS = (string_concat, string_length, split, substring, replace, to_lower_case, to_upper_case)
