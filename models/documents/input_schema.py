"""Start variables against a workflow's inputSchema: all faults at once, in the documented form."""

from ..errors import Fault
from ..json import JsonObject
from .json_schema import SchemaBroken, check


def faults_of(schema: JsonObject, variables: JsonObject) -> list[Fault]:
    """What is wrong with the variables, at most MOST_FAULTS; a schema that is itself broken is one fault."""
    found: list[Fault] = []
    try:
        check(schema, variables, found)
    except SchemaBroken as broken:
        found.append(Fault("schema", "", "#", f"the workflow's inputSchema cannot be applied: {broken.message}"))
    return found
