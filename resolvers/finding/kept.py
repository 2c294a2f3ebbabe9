"""Lists of what people keep here beside jobs: any query, a page by skip and limit, and how many there are exactly.

These collections are small: what no index serves, the database looks through.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from beanie import Document
from bson import ObjectId

from ...models.access import Caller, closed_projects, in_projects, readable, visible_workflows
from ...models.documents.automation import Automation, Trigger, warnings_of
from ...models.documents.parts import parts_of
from ...models.documents.project import Project
from ...models.documents.project import in_projects as called_after_projects
from ...models.documents.sealing import SEALED
from ...models.documents.stored import from_stored
from ...models.documents.workflow import Form, Template, Transformation, Workflow
from ...models.json import JsonObject
from ..projects.documented import documented
from ..store.collections import collection_of
from ..store.sealed_documents import shown
from . import field_pairs
from .conditions import Among, Condition, query_of
from .documented_fields import PART_FIELDS, PROJECT_FIELDS, WORKFLOW_FIELDS
from .documented_query import Documented, Query, read_page, read_query
from .fields import EVERYTHING, Fields
from .lists import DocumentedList, metadata
from .orders import Order
from .pages import PATIENCE, limited


def _by(path: str) -> Order:
    """The same values in the order of the ids."""
    paths = ((path, 1),) if path == "_id" else ((path, 1), ("_id", 1))
    return Order(path, path, paths, frozenset())


WORKFLOWS: Final = Documented(
    WORKFLOW_FIELDS,
    {path: _by(path) for path in ("_id", "name", "type", "created", "last_updated")},
    first=_by("name"),
)
PROJECTS: Final = Documented(
    PROJECT_FIELDS, {path: _by(path) for path in ("_id", "iid", "name", "created", "lastUpdated")}, first=_by("name")
)
_PARTS: Final = Documented(PART_FIELDS, {path: _by(path) for path in ("_id", "name")}, first=_by("name"))
_AUTOMATIONS: Final = Documented(
    field_pairs.AUTOMATION_FIELDS, {path: _by(path) for path in field_pairs.AUTOMATION_FIELDS}, first=_by("_id")
)
_TRIGGERS: Final = Documented(
    field_pairs.TRIGGER_FIELDS, {path: _by(path) for path in field_pairs.TRIGGER_FIELDS}, first=_by("_id")
)


@dataclass(frozen=True)
class Kept:
    """`total` counts everything that the search finds."""

    documents: list[JsonObject]
    total: int


async def search(
    kind: type[Document],
    conditions: Sequence[Condition],
    order: Order,
    skip: int,
    limit: int,
    fields: Fields = EVERYTHING,
    visible: JsonObject | None = None,
) -> Kept:
    """`visible` is the database's filter for what the caller may see."""
    query = query_of(tuple(conditions))
    query = {"$and": [query, visible]} if visible else query
    documents = collection_of(kind)
    async with limited():
        total = await documents.count_documents(query, maxTimeMS=PATIENCE)
        if not limit:
            return Kept([], total)
        cursor = documents.find(query, fields.plus(SEALED).projection).max_time_ms(PATIENCE).sort(order.sort)
        return Kept([from_stored(shown(documents.name, one)) async for one in cursor.skip(skip).limit(limit)], total)


async def workflows(caller: Caller, given: JsonObject) -> DocumentedList:
    """By their names unless sorted otherwise."""
    visible = visible_workflows(caller)
    if given.get("exclude-project-members") in (True, "true"):
        outside: JsonObject = {"$nor": [called_after_projects()]}
        visible = {"$and": [visible, outside]} if visible else outside
    return await _documented_list(Workflow, read_query(given, WORKFLOWS), visible)


async def projects(caller: Caller, given: JsonObject) -> DocumentedList:
    """By their names unless sorted otherwise; in their documented form, with the names of their components."""
    query = read_query(given, PROJECTS)
    fields = query.view.fields
    found = await search(
        Project, query.conditions, query.order, query.skip, query.limit, EVERYTHING, projects_in_sight(caller)
    )
    whole = [await documented(one, caller) if "components" in fields else one for one in found.documents]
    shown = [parts_of(one, query.view.include, query.view.exclude) for one in whole]
    return DocumentedList(shown, metadata(query.skip, query.limit, len(shown), found.total))


def projects_in_sight(caller: Caller) -> JsonObject:
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
    conditions = [*field_pairs.conditions_of(given, field_pairs.AUTOMATION_FIELDS)]
    return await _documented_list(Automation, read_page(given, _AUTOMATIONS, conditions), readable(caller))


async def triggers(caller: Caller, given: JsonObject) -> DocumentedList:
    """In the order in which they were stored unless sorted otherwise: new ones come last."""
    conditions = [
        *field_pairs.conditions_of(given, field_pairs.TRIGGER_FIELDS),
        *field_pairs.whether(given, "enabled"),
    ]
    if (action := given.get("actionId")) is not None:
        conditions.append(Among("actionId", field_pairs.TRIGGER_FIELDS["actionId"].read(action, "/actionId")))
    found = await _documented_list(Trigger, read_page(given, _TRIGGERS, conditions), await _of_readable(caller))
    warnings = warnings_of(found.documents)
    return replace(found, metadata={**found.metadata, "warnings": warnings}) if warnings else found


async def _of_readable(caller: Caller) -> JsonObject:
    """The filter for the triggers whose automations the caller may see."""
    if caller.administrator:
        return {}
    hidden = {"$nor": [readable(caller)]}
    ids = [one["_id"] async for one in collection_of(Automation).find(hidden, {"_id": 1})]
    return {"actionId": {"$nin": ids}} if ids else {}


async def _documented_list(kind: type[Document], query: Query, visible: JsonObject) -> DocumentedList:
    """As the view of the query shows them."""
    fields = query.view.fields
    found = await search(kind, query.conditions, query.order, query.skip, query.limit, fields, visible)
    shown = [parts_of(one, query.view.include, query.view.exclude) for one in found.documents]
    return DocumentedList(shown, metadata(query.skip, query.limit, len(shown), found.total))
