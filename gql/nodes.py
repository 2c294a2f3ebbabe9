"""`node` and `nodes`: objects by their ids alone, as Relay fetches them again."""

import asyncio
from typing import Annotated, Literal, TypeAlias

import strawberry

from ..models.json import JsonObject, object_at
from ..resolvers.search.projection import Fields
from .auth.permissions import SIGNED_IN, RequirePermission
from .context import RequestInfo
from .execution.selection import wanted
from .fields import entries_of
from .jobs.inputs import within
from .jobs.types import Job
from .node import Node, TaskOf, as_node, task_of
from .projects.types import Project
from .tasks.iterations import Iteration
from .workflows.types import Workflow

MOST_NODES = 100

Kind: TypeAlias = Literal["Job", "Iteration", "Workflow", "Project"]

_OWNERS: dict[str, Kind] = {"Task": "Job", "WorkflowTask": "Workflow"}
_TYPES: dict[Kind, type] = {"Job": Job, "Iteration": Iteration, "Workflow": Workflow, "Project": Project}
_NEEDS: dict[Kind, RequirePermission] = {
    "Job": RequirePermission("getJob"),
    "Iteration": RequirePermission("getTask"),
    "Workflow": RequirePermission("getWorkflowDetailedByName"),
    "Project": RequirePermission("getProject"),
}


@strawberry.type
class NodeQueries:
    @strawberry.field(
        extensions=SIGNED_IN,
        description="An object by its id: a job, a task of a job, an iteration, a workflow, a task of a workflow or a "
        "project. It needs what the object's own field needs. An id that names nothing that you may see is null.",
    )
    async def node(
        self, info: RequestInfo, id: Annotated[strawberry.ID, strawberry.argument(description="Its `id`.")]
    ) -> Node | None:
        return await _find(info, id)

    @strawberry.field(
        extensions=SIGNED_IN, description="Several objects by their ids, in the order of these; null as `node` has it."
    )
    async def nodes(
        self,
        info: RequestInfo,
        ids: Annotated[list[strawberry.ID], strawberry.argument(description=f"Their ids, at most {MOST_NODES}.")],
    ) -> list[Node | None]:
        return list(await asyncio.gather(*(_find(info, id) for id in within(ids, MOST_NODES, "ids"))))


async def _find(info: RequestInfo, id: str) -> Node | None:
    """A kind that the caller may not ask for is not looked at; where no other has the id, that is what is answered."""
    named = task_of(id)
    if named is not None:
        return await _find_task(info, named)
    for kind, of in _TYPES.items():
        if _NEEDS[kind].lets(info) and (found := await _load(info, kind, id, wanted(info, of))) is not None:
            return as_node(kind, found)
    for requires in _NEEDS.values():
        requires.check(info)
    return None


async def _find_task(info: RequestInfo, named: TaskOf) -> Node | None:
    owner = _OWNERS[named.kind]
    _NEEDS[owner].check(info)
    found = await _load(info, owner, named.owner, Fields(frozenset({"tasks"})))
    if found is None or named.task not in object_at(found, "tasks"):
        return None
    its = {**found, "tasks": {named.task: found["tasks"][named.task]}}
    return next((as_node(named.kind, task) for task in entries_of(its)), None)


async def _load(info: RequestInfo, kind: Kind, id: str, keys: Fields) -> JsonObject | None:
    loaders = info.context["loaders"]
    match kind:
        case "Job":
            return await loaders.jobs.load((id, keys))
        case "Iteration":
            return await loaders.iterations.load((id, keys))
        case "Workflow":
            return await loaders.workflows_by_id.load((id, keys))
        case "Project":
            return await loaders.projects.load((id, keys))
