"""Tasks on objects, and between values and the texts that spell them. None changes the incoming object."""

from base64 import b64encode

from ....models.json import Json, JsonObject, is_array, is_number, is_object
from ....models.language.javascript.coercion import UNDEFINED, Undefined, text
from ....models.language.javascript.json_text import from_json
from ....models.language.javascript.values import property_of
from ..arguments import json_object, method, number, position, string, unset, whole
from ..task import TaskFailed, returning

LONGEST_GAP = 1000  # elements that one setObjectKey may add to an array


@returning(
    "object",
    "setObjectKey",
    {"obj": "object, or array", "path": "array of keys, or one key", "value": "any: what to set there"},
)
def set_object_key(target: Json, path: Json, value: Json) -> Json:
    """Return a copy of an object with a value set at a path of keys; missing parents are made."""
    keys = path if is_array(path) else [] if unset(path) else [path]
    root: Json = {} if unset(target) else target
    if not is_array(root):
        json_object(root, "obj")
    if not keys:
        return root
    parents: list[JsonObject | list[Json]] = []
    place: Json = root
    for key in keys:
        parent = place if is_object(place) or is_array(place) else {}
        parents.append(parent)
        place = _element(parent, key)
    result: Json = None if value is UNDEFINED else value
    for parent, key in zip(reversed(parents), reversed(keys), strict=True):
        result = _with(parent, key, result)
    return result


@returning("targetObject", "assign", {"target": "object", "sourceN": "object, or array of objects: what to copy"})
def assign(target: Json, source: Json) -> Json:
    """Return a copy of an object with the properties of others set, one level deep; the last one wins.

    A source that is null or undefined has no properties.
    """
    sources = source if is_array(source) else [source]
    others = [json_object(one, "sourceN") for one in sources if one is not None and one is not UNDEFINED]
    return method("Object.assign", json_object(target, "target"), *others)


@returning("keys", "keys", {"obj": "object"})
def keys_of_object(value: Json) -> Json:
    """List the keys: those that are whole numbers first, ascending, then the others as they came."""
    return method("Object.keys", json_object(value, "obj"))


@returning("values", "values", {"obj": "object"})
def values_of_object(value: Json) -> Json:
    """List the values, in the order of the keys."""
    return method("Object.values", json_object(value, "obj"))


@returning("result", "objectHasOwnProperty", {"obj": "object", "prop": "string: the key"})
def object_has_own_property(value: Json, key: Json) -> Json:
    """Return whether an object has a key, whatever its value; null is a value, too."""
    return method("Object.hasOwnProperty", json_object(value, "obj"), string(key, "prop"))


@returning("result", "extractField", {"obj": "object, or array", "field": "string: a key; number: a position"})
def extract_field(value: Json, field: Json) -> object:
    """Return the value under one key; a failure where there is none.

    The vendor's page was not found: the names of its values are ours.
    """
    if not is_array(value):
        json_object(value, "obj")
    if unset(field) or is_array(field) or is_object(field):
        raise TaskFailed("'field' must be a key.")
    return property_of(value, field)


@returning("response", "FlattenJSONFormInput", {"input": "object"})
def flatten_json_form_input(value: Json) -> Json:
    """Return a copy of an object in which every array of one element is that element: {"a": ["b"]} gives {"a": "b"}.

    Arrays of none or several elements, and what is inside of other values, stay as they are.
    """
    fields = json_object(value, "input")
    return {key: one[0] if is_array(one) and len(one) == 1 else one for key, one in fields.items()}


def _element(parent: JsonObject | list[Json], key: Json) -> Json:
    if is_object(parent):
        return parent.get(text(key))
    at = whole(key, "path")
    return parent[at] if 0 <= at < len(parent) else None


def _with(parent: JsonObject | list[Json], key: Json, value: Json) -> Json:
    if is_object(parent):
        return {**parent, text(key): value}
    at = whole(key, "path")
    if not 0 <= at < len(parent) + LONGEST_GAP:
        raise TaskFailed(f"'path' has the index {at}, in an array of {len(parent)} elements.")
    items = [*parent, *[None] * (at + 1 - len(parent))]
    items[at] = value
    return items


@returning(
    "stringified",
    "objectToString",
    {
        "value": "any",
        "replacer": "array: of the keys to keep; anything else keeps all",
        "space": "number: of spaces to indent by; string: the indentation itself",
    },
)
def object_to_string(value: Json, replacer: Json, space: Json) -> Json | Undefined:
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


TASKS = (
    set_object_key, assign, keys_of_object, values_of_object, object_has_own_property, extract_field,
    flatten_json_form_input, object_to_string, parse, number_to_string, parse_int, ascii_to_base64,
)  # fmt: skip
