"""The documented lists of REST: any query, pages by skip and limit, the exact total. jobs/listing.py has the jobs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, cast

from beanie import Document
from bson import ObjectId

from ...models.documents.automation import Automation, Trigger, warnings_of
from ...models.documents.documented import select_paths
from ...models.documents.project import Project
from ...models.documents.project import in_projects as called_after_projects
from ...models.documents.shapes.projects import ProjectDocument
from ...models.documents.stored import from_stored
from ...models.documents.workflow import Form, Template, Transformation, Workflow
from ...models.json import JsonObject
from ...models.secrets.sealing import SEALED
from ...models.visibility import Caller, Filter, closed_projects, in_projects, readable, visible_workflows
from ..projects.components import documented
from ..services import Services
from ..store import long_documents
from ..store.collections import collection_of
from ..store.sealed_documents import mask_document
from ..threads import in_thread_if_long
from . import paired_query, views
from .collections import resolve_conditions, task_finder
from .conditions import Among, Condition, flatten, query_of
from .documented import documented_iterations
from .documented_fields import AUTOMATION_FIELDS, PART_FIELDS, PROJECT_FIELDS, TRIGGER_FIELDS, WORKFLOW_FIELDS
from .documented_query import TASKS, ListDescription, Query, read_page, read_query
from .paging import PATIENCE, Finder, limit_time
from .planner import Order
from .projection import EVERYTHING, Fields
from .tasks import limit_to_visible_jobs


@dataclass(frozen=True)
class DocumentedList:
    documents: list[JsonObject]
    metadata: JsonObject


async def tasks(services: Services, caller: Caller, given: JsonObject) -> DocumentedList:
    """A list of iterations, without variables."""
    query, finder = read_query(given, TASKS), task_finder(caller)
    await services.jobs.outbox.wait_all_delivered()  # a caller who saw a job finds its tasks
    query = replace(query, conditions=await limit_to_visible_jobs(caller, flatten(query.conditions)))
    found, total = await page_of(finder, query, query.view.fields.minus("variables"))
    shown = await views.view_iterations(services, caller, await documented_iterations(services, found), query.view)
    return DocumentedList(shown, metadata(query.skip, query.limit, len(shown), total))


async def page_of(finder: Finder, query: Query, stored: Fields) -> tuple[list[Any], int]:
    """The documents of a page, and the number of all."""
    conditions = await resolve_conditions(finder, query.conditions)
    found = (
        await finder.page_after_skip(conditions, query.order, query.skip, query.limit, stored) if query.limit else []
    )
    if 0 < len(found) < query.limit or (query.limit and not found and not query.skip):
        return found, query.skip + len(found)  # the end of the list: there is nothing to count
    return found, await finder.count(conditions, query.order)


def metadata(skip: int, limit: int, size: int, total: int) -> JsonObject:
    """The documented metadata of a page of `size` documents."""
    after = skip + limit
    return {
        "skip": skip,
        "limit": limit,
        "total": total,
        "nextPageSkip": after if limit and after < total else None,
        "previousPageSkip": max(0, skip - limit) if skip else None,
        "currentPageSize": size,
        "hints": [],
    }


def _order_by(path: str) -> Order:
    """The order by this path, and by id for equal values."""
    paths = ((path, 1),) if path == "_id" else ((path, 1), ("_id", 1))
    return Order(path, path, paths, frozenset())


WORKFLOWS: Final = ListDescription(
    WORKFLOW_FIELDS,
    {path: _order_by(path) for path in ("_id", "name", "type", "created", "last_updated")},
    first=_order_by("name"),
)
PROJECTS: Final = ListDescription(
    PROJECT_FIELDS,
    {path: _order_by(path) for path in ("_id", "iid", "name", "created", "lastUpdated")},
    first=_order_by("name"),
)
_PARTS: Final = ListDescription(
    PART_FIELDS, {path: _order_by(path) for path in ("_id", "name")}, first=_order_by("name")
)
_AUTOMATIONS: Final = ListDescription(
    AUTOMATION_FIELDS,
    {path: _order_by(path) for path in AUTOMATION_FIELDS},
    first=_order_by("_id"),
)
_TRIGGERS: Final = ListDescription(
    TRIGGER_FIELDS,
    {path: _order_by(path) for path in TRIGGER_FIELDS},
    first=_order_by("_id"),
)


@dataclass(frozen=True)
class SearchResult:
    """A page of stored documents; `total` counts all documents that the search finds."""

    documents: list[JsonObject]
    total: int


async def search(
    kind: type[Document],
    conditions: Sequence[Condition],
    order: Order,
    skip: int,
    limit: int,
    fields: Fields = EVERYTHING,
    visible: Filter | None = None,
) -> SearchResult:
    """A page of a collection; `visible` is the visibility filter of the caller."""
    query = query_of(tuple(conditions))
    query = {"$and": [query, visible]} if visible else query
    documents = collection_of(kind)
    async with limit_time():
        total = await documents.count_documents(query, maxTimeMS=PATIENCE)
        if not limit:
            return SearchResult([], total)
        found = long_documents.read(
            documents, query, fields.plus(SEALED).projection, order=order.sort, skip=skip, most=limit, patience=PATIENCE
        )
        name = documents.name
        return SearchResult([await in_thread_if_long(partial(_shown, name, one), one) async for one in found], total)


def _shown(collection: str, stored: Mapping[str, object]) -> JsonObject:
    return from_stored(mask_document(collection, stored))


async def workflows(caller: Caller, given: JsonObject) -> DocumentedList:
    """A list of workflows, by name unless sorted otherwise."""
    visible: Filter = visible_workflows(caller)
    if given.get("exclude-project-members") in (True, "true"):
        outside: Filter = {"$nor": [called_after_projects()]}
        visible = {"$and": [visible, outside]} if visible else outside
    return await _documented_list(Workflow, read_query(given, WORKFLOWS), visible)


async def projects(caller: Caller, given: JsonObject) -> DocumentedList:
    """A list of projects in their documented form, by name unless sorted otherwise."""
    query = read_query(given, PROJECTS)
    fields = query.view.fields
    found = await search(
        Project, query.conditions, query.order, query.skip, query.limit, EVERYTHING, visible_projects(caller)
    )
    whole = [await _with_components(one, caller) if "components" in fields else one for one in found.documents]
    shown = [select_paths(one, query.view.include, query.view.exclude) for one in whole]
    return DocumentedList(shown, metadata(query.skip, query.limit, len(shown), found.total))


async def _with_components(project: Mapping[str, object], caller: Caller) -> JsonObject:
    return cast(JsonObject, await documented(cast(ProjectDocument, project), caller))


def visible_projects(caller: Caller) -> Filter:
    closed = closed_projects(caller)
    return {"_id": {"$nin": [ObjectId(id) for id in closed]}} if closed else {}


async def transformations(caller: Caller, given: JsonObject) -> DocumentedList:
    return await _documented_list(Transformation, read_query(given, _PARTS), in_projects(caller))


async def templates(caller: Caller, given: JsonObject) -> DocumentedList:
    return await _documented_list(Template, read_query(given, _PARTS), in_projects(caller))


async def forms(caller: Caller, given: JsonObject) -> DocumentedList:
    return await _documented_list(Form, read_query(given, _PARTS), in_projects(caller))


async def automations(caller: Caller, given: JsonObject) -> DocumentedList:
    """In the order in which they were stored unless sorted otherwise: new ones come last."""
    conditions = [*paired_query.conditions_of(given, AUTOMATION_FIELDS)]
    return await _documented_list(Automation, read_page(given, _AUTOMATIONS, conditions), readable(caller))


async def triggers(caller: Caller, given: JsonObject) -> DocumentedList:
    """In the order in which they were stored unless sorted otherwise: new ones come last."""
    conditions = [
        *paired_query.conditions_of(given, TRIGGER_FIELDS),
        *paired_query.boolean_condition(given, "enabled"),
    ]
    if (action := given.get("actionId")) is not None:
        conditions.append(Among("actionId", TRIGGER_FIELDS["actionId"].read(action, "/actionId")))
    found = await _documented_list(Trigger, read_page(given, _TRIGGERS, conditions), await _visible_triggers(caller))
    warnings = warnings_of(found.documents)
    return replace(found, metadata={**found.metadata, "warnings": [*warnings]}) if warnings else found


async def _visible_triggers(caller: Caller) -> Filter:
    """The visibility filter of triggers: their automations must be visible."""
    if caller.administrator:
        return {}
    hidden = {"$nor": [readable(caller)]}
    ids = [one["_id"] async for one in collection_of(Automation).find(hidden, {"_id": 1})]
    return {"actionId": {"$nin": ids}} if ids else {}


async def _documented_list(kind: type[Document], query: Query, visible: Filter) -> DocumentedList:
    """The found documents, in the view of the query."""
    fields = query.view.fields
    found = await search(kind, query.conditions, query.order, query.skip, query.limit, fields, visible)
    shown = [select_paths(one, query.view.include, query.view.exclude) for one in found.documents]
    return DocumentedList(shown, metadata(query.skip, query.limit, len(shown), found.total))
