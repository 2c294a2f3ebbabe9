"""Tasks that look for something in a text, or replace it. Positions count UTF-16 code units from 0."""

from ...models.json import Json
from ...models.language.patterns import Pattern
from ...models.language.transformation.regexps import RegExp
from .arguments import string, unset
from .methods import method, position
from .task import returning

_SOUGHT = {"str": "string", "searchString": "string: what to look for, in this case"}
_VALUE = {"str": "string", "searchValue": "string: what to look for, in this case"}
_PATTERN = "string: a regular expression of JavaScript, with or without slashes around it"


@returning("result", "stringIncludes", {**_SOUGHT, "position": "number: where to begin; 0 when left out"})
def string_includes(characters: Json, sought: Json, start: Json) -> Json:
    """Say whether a text occurs in another."""
    return _search("String.includes", characters, sought, "searchString", position(start, "position"))


@returning("result", "startsWith", {**_SOUGHT, "position": "number: where it must begin; 0 when left out"})
def starts_with(characters: Json, sought: Json, start: Json) -> Json:
    """Say whether a text begins with another."""
    return _search("String.startsWith", characters, sought, "searchString", position(start, "position"))


@returning("result", "endsWith", {**_SOUGHT, "length": "number: look at so many characters only; else at all"})
def ends_with(characters: Json, sought: Json, length: Json) -> Json:
    """Say whether a text ends with another."""
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
    """Give what a regular expression matches: with the flag g every match, else the first one with its groups.

    Nothing matched is null, and a success.
    """
    letters = "" if unset(flags) else string(flags, "flags")
    return method("String.match", string(characters, "str"), _regexp(expression, "regExp", letters))


@returning("replacedString", "replace", {"str": "string", "substr": "string: what to replace", "newSubstr": "string"})
def replace(characters: Json, wanted: Json, replacement: Json) -> Json:
    """Replace the first occurrence; $& $` $' and $$ mean in the replacement what they mean in JavaScript."""
    sought, by = string(wanted, "substr"), string(replacement, "newSubstr")
    return method("String.replace", string(characters, "str"), sought, by)


def _search(name: str, characters: Json, sought: Json, incoming: str, where: Json) -> Json:
    return method(name, string(characters, "str"), string(sought, incoming), where)


def _regexp(value: Json, name: str, flags: str) -> RegExp:
    # The vendor's page of match shows /o/ as a value that finds the letter: slashes around are not looked for.
    source = string(value, name)
    if len(source) > 2 and source.startswith("/") and source.endswith("/"):
        source = source[1:-1]
    return RegExp(Pattern(source or "(?:)", flags))


TASKS = (
    string_includes, starts_with, ends_with, string_index_of, string_last_index_of, search, match, replace,
)  # fmt: skip
