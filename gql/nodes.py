"""`node` and `nodes`: objects by id alone, as Relay's refetching needs."""

import asyncio
from typing import Annotated, Literal, TypeAlias

import strawberry

from ..models.json import JsonObject, object_at
from ..resolvers.search.projection import Fields
from .auth.authorization import SIGNED_IN, RequirePermission
from .context import RequestInfo
from .execution.selection import selected_fields
from .fields import entries_of
from .jobs.inputs import check_count
from .jobs.types import Job
from .node import Node, TaskReference, as_node, decode_task_id
from .projects.types import Project
from .tasks.iterations import Iteration
from .workflows.types import Workflow

MOST_NODES = 100

Kind: TypeAlias = Literal["Job", "Iteration", "Workflow", "Project"]

_OWNERS: dict[str, Kind] = {"Task": "Job", "WorkflowTask": "Workflow"}
_TYPES: dict[Kind, type] = {"Job": Job, "Iteration": Iteration, "Workflow": Workflow, "Project": Project}
_PERMISSIONS: dict[Kind, RequirePermission] = {
    "Job": RequirePermission("getJob"),
    "Iteration": RequirePermission("getTask"),
    "Workflow": RequirePermission("getWorkflowDetailedByName"),
    "Project": RequirePermission("getProject"),
}


@strawberry.type
class NodeQueries:
    @strawberry.field(
        extensions=SIGNED_IN,
        description="An object by id: a job, a task of a job, an iteration, a workflow, a task of a workflow "
        "or a project. The permission is that of the object's own field. An unknown id, and the id of an "
        "object that the caller may not see, is null.",
    )
    async def node(
        self,
        info: RequestInfo,
        id: Annotated[strawberry.ID, strawberry.argument(description="The `id` of the object.")],
    ) -> Node | None:
        return await _find(info, id)

    @strawberry.field(
        extensions=SIGNED_IN, description="Several objects in the order of their ids; null where `node` would be null."
    )
    async def nodes(
        self,
        info: RequestInfo,
        ids: Annotated[
            list[strawberry.ID], strawberry.argument(description=f"The ids of the objects, at most {MOST_NODES}.")
        ],
    ) -> list[Node | None]:
        return list(await asyncio.gather(*(_find(info, id) for id in check_count(ids, MOST_NODES, "ids"))))


async def _find(info: RequestInfo, id: str) -> Node | None:
    """Looks only at the kinds that the caller may read. NotAllowed where no object is found and a kind was left out."""
    reference = decode_task_id(id)
    if reference is not None:
        return await _find_task(info, reference)
    for kind, of in _TYPES.items():
        if (
            _PERMISSIONS[kind].allows(info)
            and (found := await _load(info, kind, id, selected_fields(info, of))) is not None
        ):
            return as_node(kind, found)
    for requires in _PERMISSIONS.values():
        requires.check(info)
    return None


async def _find_task(info: RequestInfo, reference: TaskReference) -> Node | None:
    owner = _OWNERS[reference.kind]
    _PERMISSIONS[owner].check(info)
    found = await _load(info, owner, reference.owner, Fields(frozenset({"tasks"})))
    if found is None or reference.task not in object_at(found, "tasks"):
        return None
    only_task: JsonObject = {**found, "tasks": {reference.task: object_at(found, "tasks")[reference.task]}}
    return next((as_node(reference.kind, task) for task in entries_of(only_task)), None)


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
