"""Tasks that read characters of a text or cut parts out of it. Positions count UTF-16 code units from 0."""

from ...models.json import Json
from .arguments import string, whole
from .methods import method, optional, position
from .task import returning

_AT = "number: a position; 0 when it is left out"


@returning("character", "charAt", {"str": "string", "index": _AT})
def char_at(characters: Json, index: Json) -> Json:
    """Give the character at a position; the empty text where there is none."""
    return method("String.charAt", string(characters, "str"), whole(index, "index", default=0))


@returning("code", "charCodeAt", {"str": "string", "index": _AT})
def char_code_at(characters: Json, index: Json) -> Json:
    """Give the code of the character at a position, 0 to 65535; NaN where there is none."""
    return method("String.charCodeAt", string(characters, "str"), whole(index, "index", default=0))


@returning("codePointValue", "codePointAt", {"str": "string", "pos": _AT})
def code_point_at(characters: Json, at: Json) -> Json:
    """Give the Unicode code point that begins at a position; a failure where there is none."""
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


TASKS = (char_at, char_code_at, code_point_at, substring, string_slice, split)
