"""validateJsonSchema: a value against a JSON Schema, with all that is wrong at once.

What is not surely quick resolvers/providers/schemas.py does in a process with limits.
"""

from collections.abc import Iterable

from ...models.documents.json_schema import SchemaBroken, check_at_once
from ...models.engine.outcomes import CallProvider, Finish, Outcome, TaskCall
from ...models.errors import Fault
from ...models.json import Json, JsonObject, is_array, is_object
from ...models.language.transformation.budget import written_size
from ...models.language.undefined import UNDEFINED
from .arguments import json_object
from .task import TaskFailed, built_in

MOST_VALUES = 1_000_000  # a part that occurs many times counts as often
NAME = "validateJsonSchema"


@built_in(NAME, {"jsonData": "any", "schema": "object: a JSON Schema"}, ("result",), type="operation")
def validate_json_schema(call: TaskCall) -> Outcome:
    """Say whether a value fits a JSON Schema, and what is wrong with it: `{valid, errors}`, a success either way.

    Each error is `{keyword, instancePath, schemaPath, message}`; there are at most 100. A check that takes more than
    about 2 s of the processor, or 512 MB of memory, ends in error.
    """
    value, schema = call.incoming.get("jsonData", UNDEFINED), call.incoming.get("schema", UNDEFINED)
    if value is UNDEFINED:
        raise TaskFailed("'jsonData' must be a value, not undefined.")
    for given, name in ((value, "jsonData"), (schema, "schema")):
        if (is_array(given) or is_object(given)) and written_size(given) > MOST_VALUES:
            raise TaskFailed(f"'{name}' holds more than {MOST_VALUES} values.")
    try:
        faults = check_at_once(json_object(schema, "schema"), value)
    except SchemaBroken as broken:
        raise TaskFailed(f"'schema' cannot be applied: {broken.message}") from None
    return CallProvider() if faults is None else validated(faults)


def validated(faults: Iterable[Fault]) -> Finish:
    """The task's end with these faults."""
    errors: list[Json] = [fault.documented for fault in faults]
    result: JsonObject = {"valid": not errors, "errors": errors}
    return Finish("success", {"result": result})


TASKS = (validate_json_schema,)
