"""The schemas of the incoming values of a transformation: defaults, and faults of the values.

Only the kind of a whole value is checked (`type`, `enum`, `const`), which costs nothing however large it is; null,
which stands for what never came about, fits every schema.
"""

from collections.abc import Iterator

from ...json import Json, JsonObject, array_at, is_array, is_number, is_object, object_at
from ..javascript.coercion import UNDEFINED, deeply_equal, to_json
from .budget import Budget
from .value import Members, Value, from_json
from .value import is_array as is_items
from .value import is_object as is_members

DEEPEST_SCHEMA = 50
LONGEST_QUOTED = 200


def with_defaults(value: Value, schema: JsonObject, budget: Budget, depth: int = 0) -> Value:
    """`value` with the defaults of properties that are not there, at any depth; itself where there are none."""
    if depth > DEEPEST_SCHEMA:
        return value
    if is_members(value):
        return _object_with_defaults(value, object_at(schema, "properties"), budget, depth)
    items = schema.get("items")
    if is_items(value) and is_object(items) and _has_defaults(items, budget, depth):
        budget.allow_array(len(value))
        return [with_defaults(item, items, budget, depth + 1) for item in value]
    return value


def _object_with_defaults(value: Members, properties: JsonObject, budget: Budget, depth: int) -> Members:
    filled = value
    for name, schema in properties.items():
        if not is_object(schema):
            continue
        budget.take_step()
        found = value.get(name, UNDEFINED)
        if found is not UNDEFINED:
            made = with_defaults(found, schema, budget, depth + 1)
        else:
            made = from_json(schema["default"]) if "default" in schema else UNDEFINED
        if made is not found:
            filled = budget.made(dict(value)) if filled is value else filled
            filled[name] = made
    return filled


def _has_defaults(schema: JsonObject, budget: Budget, depth: int) -> bool:
    """Whether there is a default in the schema: arrays whose items have none are not copied."""
    budget.take_step()
    if depth > DEEPEST_SCHEMA:
        return False
    inner = [one for one in (*object_at(schema, "properties").values(), schema.get("items")) if is_object(one)]
    return any("default" in one or _has_defaults(one, budget, depth + 1) for one in inner)


def faults_of(name: str, value: Value, schema: JsonObject) -> Iterator[str]:
    """The faults of a value: sentences that begin with its name."""
    if value is None or value is UNDEFINED:
        return
    types = [one for one in _listed(schema.get("type")) if one in _TYPES]
    if types and not any(_TYPES[one](value) for one in types):
        yield f"{name} must be {', '.join(types)}"
    if is_array(schema.get("enum")) and not any(deeply_equal(value, one) for one in array_at(schema, "enum")):
        yield f"{name} must be one of {_quoted(schema['enum'])}"
    if "const" in schema and not deeply_equal(value, schema["const"]):
        yield f"{name} must be {_quoted(schema['const'])}"


def _listed(types: Json) -> list[Json]:
    return types if is_array(types) else [types]


def _quoted(value: Json) -> str:
    return to_json(value)[:LONGEST_QUOTED]


def _is_integer(value: object) -> bool:
    return is_number(value) and value == value // 1


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_boolean(value: object) -> bool:
    return isinstance(value, bool)


def _is_null(value: object) -> bool:
    return value is None


_TYPES = {
    "array": is_array,
    "boolean": _is_boolean,
    "integer": _is_integer,
    "null": _is_null,
    "number": is_number,
    "object": is_object,
    "string": _is_text,
}
