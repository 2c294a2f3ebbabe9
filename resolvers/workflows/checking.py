"""Checks of workflows against the catalogue of built-in tasks, the providers, and other documents."""

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Set
from dataclasses import replace
from functools import partial
from typing import Any, TypeAlias

from ...models.documents.containers import Found, open_container
from ...models.documents.project import project_in
from ...models.documents.stored import from_stored
from ...models.documents.workflow import Form, Template, Transformation, Workflow
from ...models.errors import Fault, RequestInvalid, WorkflowNotFound
from ...models.json import Json, JsonObject, text_at
from ...models.lint import (
    Finding,
    Known,
    Mentioned,
    TaskNames,
    TransformationNames,
    check_workflow,
    mentioned,
    transformation_names,
)
from ...models.visibility import Caller
from ..builtin_tasks.registry import BUILT_IN, WAITING
from ..projects import names as projects_names
from ..store.collections import collection_of
from ..threads import in_author_threads, in_thread_if_long

# Whether a provider does the tasks of a (location, application, name).
Offers: TypeAlias = Callable[[str, str, str], bool]

NAMES_IN_ONE_QUESTION = 1000
MOST_WARNINGS = 20  # of one workflow, in the report of an import

_TASKS = {kind: TaskNames(task.incoming, task.outgoing, kind in WAITING) for kind, task in BUILT_IN.items()}


def no_provider(location: str, app: str, name: str) -> bool:
    """The answer of a server without providers."""
    return False


async def check(document: Json, beside: list[Json], offers: Offers = no_provider) -> list[Finding]:
    """The findings for the one workflow in `document`; the documents in `beside` will be imported with it."""
    parts = [part for part in open_container(document, "document") if isinstance(part, Found)]
    workflows = [part for part in parts if part.kind == "workflow"]
    if len(workflows) != 1:
        message = f"must be or hold one workflow, not {len(workflows)}"
        raise RequestInvalid([Fault("type", "/document", "#/properties/document", message)])
    found = [*parts, *(part for part in open_container(beside, "beside") if isinstance(part, Found))]
    ((_, findings),) = [pair async for pair in check_with_stored(workflows, known_names(found, offers))]
    return findings


async def check_stored(name: str, caller: Caller, offers: Offers = no_provider) -> list[Finding]:
    """The findings for a stored workflow; WorkflowNotFound where the caller sees none of this name."""
    document = await projects_names.find("workflow", name, caller)
    if document is None:
        raise WorkflowNotFound(name)
    part = Found("workflow", document, "document")
    ((_, findings),) = [pair async for pair in check_with_stored([part], known_names([part], offers))]
    return findings


async def check_with_stored(workflows: Collection[Found], known: Known) -> AsyncIterator[tuple[Found, list[Finding]]]:
    """Check workflows against known and stored documents."""
    documents = [one.document for one in workflows]
    known = await _add_stored(known, await in_thread_if_long(partial(mentioned, *documents), *documents))
    children = await in_thread_if_long(partial(_children_of, documents), *documents)
    known = replace(known, children={**known.children, **children})
    for workflow in workflows:
        # In a thread: a workflow may be large, and other requests go on meanwhile.
        yield workflow, await in_author_threads(check_workflow, workflow.document, known)


def check_together(found: Collection[Found], offers: Offers = no_provider) -> Iterator[tuple[Found, list[Finding]]]:
    """Check the workflows among the documents against these documents only."""
    known = known_names(found, offers)
    for one in found:
        if one.kind == "workflow":
            yield one, check_workflow(one.document, known)


def known_names(found: Collection[Found], offers: Offers = no_provider) -> Known:
    """The names of the catalogue, the providers and these documents."""
    called: dict[str, set[str]] = defaultdict(set)
    transformations: dict[str, TransformationNames] = {}
    for one in found:
        called[one.kind] |= {text_at(one.document, key) for key in ("name", "id", "_id")} - {""}
        if one.project is not None:
            called[one.kind].add(one.project.name_of(text_at(one.document, "name")))
        if one.kind == "transformation":
            transformations[text_at(one.document, "_id")] = transformation_names(one.document)
    workflows = [one.document for one in found if one.kind == "workflow"]
    return Known(
        tasks=_TASKS,
        offers=offers,
        transformations=transformations,
        workflows=called["workflow"],
        templates=called["template"],
        forms=called["form"],
        children=_children_of(workflows),
    )


def _children_of(workflows: Iterable[JsonObject]) -> dict[str, Set[str]]:
    return {text_at(one, "name"): mentioned(one).workflows for one in workflows}


def warnings_of(findings: list[Finding]) -> tuple[str, ...]:
    """The warnings about a workflow in the report of an import: errors first, at most MOST_WARNINGS."""
    told = [f"{finding.place}{finding.message}" for finding in findings[:MOST_WARNINGS]]
    more = len(findings) - MOST_WARNINGS
    return (*told, f"{more} more: see `jobyard check`") if more > 0 else tuple(told)


async def _add_stored(known: Known, wanted: Mentioned) -> Known:
    transformations = dict(known.transformations)
    fields = ("name", "incoming", "outgoing", "steps", "functions")
    async for found in _stored(
        collection_of(Transformation), "_id", wanted.transformations - set(transformations), *fields
    ):
        transformations[str(found["_id"])] = transformation_names(from_stored(found))
    by_name = {name for name in wanted.transformations - set(transformations) if project_in(name)}
    async for found in _stored(collection_of(Transformation), "name", by_name, *fields):
        transformations[str(found["name"])] = transformation_names(from_stored(found))
    workflows = {str(one["name"]) async for one in _stored(collection_of(Workflow), "name", wanted.workflows, "name")}
    workflows |= await projects_names.find_known("workflow", wanted.workflows - workflows - known.workflows)
    templates = {str(one["name"]) async for one in _stored(collection_of(Template), "name", wanted.templates, "name")}
    templates |= await projects_names.find_known("template", wanted.templates - templates - known.templates)
    forms: set[str] = set()
    for key in ("name", "id", "_id"):
        forms |= {str(one[key]) async for one in _stored(collection_of(Form), key, wanted.forms, key)}
    forms |= await projects_names.find_known("form", wanted.forms - forms - known.forms)
    return replace(
        known,
        transformations=transformations,
        workflows=known.workflows | workflows,
        templates=known.templates | templates,
        forms=known.forms | forms,
    )


async def _stored(collection: Any, key: str, names: Iterable[str], *fields: str) -> AsyncIterator[JsonObject]:
    """The stored ones of the named documents, with some of their fields."""
    left = sorted(names)
    while left:
        asked, left = left[:NAMES_IN_ONE_QUESTION], left[NAMES_IN_ONE_QUESTION:]
        async for found in collection.find({key: {"$in": asked}}, dict.fromkeys(fields, 1)):
            yield found
