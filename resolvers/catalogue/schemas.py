"""validateJsonSchema: a value against a JSON Schema, with all that is wrong at once."""

from ...models.documents.json_schema import SchemaBroken, check
from ...models.errors import Fault
from ...models.json import Json, is_array, is_object
from ...models.language.transformation.budget import written_size
from ...models.language.undefined import UNDEFINED
from .arguments import json_object
from .task import TaskFailed, returning

MOST_VALUES = 1_000_000  # a part that occurs many times counts as often


@returning("result", "validateJsonSchema", {"jsonData": "any", "schema": "object: a JSON Schema"}, type="operation")
def validate_json_schema(value: Json, schema: Json) -> Json:
    """Say whether a value fits a JSON Schema, and what is wrong with it: `{valid, errors}`, a success either way.

    Each error is `{keyword, instancePath, schemaPath, message}`; there are at most 100.
    """
    if value is UNDEFINED:
        raise TaskFailed("'jsonData' must be a value, not undefined.")
    for given, name in ((value, "jsonData"), (schema, "schema")):
        if (is_array(given) or is_object(given)) and written_size(given) > MOST_VALUES:
            raise TaskFailed(f"'{name}' holds more than {MOST_VALUES} values.")
    faults: list[Fault] = []
    try:
        check(json_object(schema, "schema"), value, faults)
    except SchemaBroken as broken:
        raise TaskFailed(f"'schema' cannot be applied: {broken.message}") from None
    return {"valid": not faults, "errors": [fault.documented for fault in faults]}


TASKS = (validate_json_schema,)
