"""Tasks between a value and a text that spells it: JSON, numbers, base64."""

from base64 import b64encode

from ...models.json import Json, is_array, is_number
from ...models.language.json_text import from_json
from ...models.language.undefined import UNDEFINED
from .arguments import number, string, whole
from .methods import method, position
from .task import TaskFailed, returning


@returning(
    "stringified",
    "objectToString",
    {
        "value": "any",
        "replacer": "array: of the keys to keep; anything else keeps all",
        "space": "number: of spaces to indent by; string: the indentation itself",
    },
)
def object_to_string(value: Json, replacer: Json, space: Json) -> Json:
    """Write a value as JSON."""
    if value is UNDEFINED:
        return UNDEFINED
    only = replacer if is_array(replacer) else UNDEFINED
    return method("JSON.stringify", value, only, space if is_number(space) or isinstance(space, str) else UNDEFINED)


@returning("textObject", "parse", {"text": "string: JSON"})
def parse(written: Json) -> Json:
    """Read a JSON text."""
    return from_json(string(written, "text"))


@returning("numToString", "numberToString", {"num": "number", "radix": "number: the base, 2 to 36; 10 when left out"})
def number_to_string(value: Json, radix: Json) -> Json:
    """Write a number in base 10, or in a base between 2 and 36."""
    base = whole(radix, "radix", default=10)
    if not 2 <= base <= 36:
        raise TaskFailed(f"'radix' must be between 2 and 36, not {base}.")
    return method("Number.toString", number(value, "num"), base)


@returning("result", "parseInt", {"str": "string", "radix": "number: the base, 2 to 36; 10 when left out, 16 after 0x"})
def parse_int(characters: Json, radix: Json) -> Json:
    """Read the whole number that a text begins with; NaN where it begins with none."""
    return method("Number.parseInt", characters, position(radix, "radix"))


@returning("response", "asciiToBase64", {"input": "string"})
def ascii_to_base64(characters: Json) -> Json:
    """Write a text in base64; characters beyond ASCII as UTF-8.

    The vendor's page was not found: the names of its values are those of csvStringToJson.
    """
    return b64encode(string(characters, "input").encode("utf-8", "replace")).decode("ascii")


TASKS = (object_to_string, parse, number_to_string, parse_int, ascii_to_base64)
