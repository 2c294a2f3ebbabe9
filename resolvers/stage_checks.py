"""What ends a rehearsal before its time: a start that a server would refuse, and a loop that never ends."""

from collections.abc import Mapping

from ..models.documents.concealing import concealed_faults
from ..models.documents.moments import milliseconds
from ..models.documents.started import offered, schema_of
from ..models.engine.graph import Graph
from ..models.engine.rules import Rules
from ..models.engine.state import JobState
from ..models.errors import Fault, VariablesInvalid, WorkflowIsDraft
from ..models.json import Json, JsonObject, array_at, is_number, text_at
from .clock import wall_clock
from .coverage import name_of
from .schema_checks import SchemaChecks

INITIATOR = "rehearsal"
MOST_ROUNDS = 1000  # that a task goes back
MOST_ROUNDS_IN_A_LOOP = 100_000  # the same in the body of a forEach, where each element begins another round


async def check_start(
    schemas: SchemaChecks, rules: Rules, workflow: JsonObject, variables: JsonObject, *, looped: bool = False
) -> None:
    """VariablesInvalid and WorkflowIsDraft, as on a server; the elements of a childJob's loop must always fit."""
    name = text_at(workflow, "name")
    if errors := array_at(workflow, "errors"):
        raise WorkflowIsDraft(name, errors)
    given = offered(workflow, variables, INITIATOR)
    found = await schemas.faults_of(schema_of(workflow), given)
    faults: list[Fault] = concealed_faults(found, given, array_at(workflow, "decorators"))
    if faults and (looped or rules.input_validation == "reject"):
        raise VariablesInvalid(name, faults)


def moment_of(case: Mapping[str, Json]) -> int:
    """When the case begins, in epoch milliseconds: at its `now`, else now."""
    now = case.get("now")
    if isinstance(now, str):
        now = milliseconds(now)
    return int(now) if is_number(now) else wall_clock()


class Rounds:
    """How often the tasks of one job may go back."""

    def __init__(self, graph: Graph) -> None:
        inside = {id for loop in graph.tasks if graph.forward[loop] for id in graph.inside(loop)}
        self._most = {id: MOST_ROUNDS_IN_A_LOOP if id in inside else MOST_ROUNDS for id in graph.reverts}
        self._graph = graph

    def fault(self, state: JobState) -> str | None:
        """What to say of a job that goes in circles for ever, as far as anybody can tell."""
        for id, most in self._most.items():
            if state.tasks[id].iteration > most:
                (target, *_) = self._graph.reverts[id].values()
                polling, back = name_of(self._graph, target), name_of(self._graph, id)
                return (
                    f"task {polling} polls without an end: {back} went back to it {most} times. "
                    "Record an answer in `stubs` of the case that lets the loop end"
                )
        return None
