"""What people give against a JSON schema, such as a workflow's inputSchema: all faults at once, as documented."""

from ..errors import Fault
from ..json import Json, JsonObject
from .json_schema import SchemaBroken, check


def faults_of(schema: JsonObject, value: Json, what: str = "the workflow's inputSchema") -> list[Fault]:
    """What is wrong with the value, at most MOST_FAULTS; a schema that is itself broken is one fault, by `what`."""
    found: list[Fault] = []
    try:
        check(schema, value, found)
    except SchemaBroken as broken:
        found.append(Fault("schema", "", "#", f"{what} cannot be applied: {broken.message}"))
    return found
