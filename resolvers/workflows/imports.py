"""Imports of workflow documents, and the lookup of stored workflows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from dataclasses import replace as dataclasses_replace
from functools import partial
from typing import Final

from pymongo.errors import DocumentTooLarge, DuplicateKeyError

from ...models.documents.containers import Found, Kind, Parts, Skipped, open_container
from ...models.documents.project import name_in, plain_name, project_in
from ...models.documents.stored import NotStorable, from_stored, to_stored
from ...models.documents.workflow import Workflow
from ...models.errors import WorkflowNotFound
from ...models.json import Json, JsonObject, text_at
from ...models.language.javascript.coercion import deeply_equal
from ...models.visibility import SYSTEM, Caller, may_see, visible_workflows
from ..projects import names
from ..projects.headers import find_with_component
from ..projects.imports import ImportedProjects, Refused
from ..store.replacing import find_replaced, free_id, insert_new, replace, without_id
from ..threads import in_thread_if_long
from .checking import Offers, check_with_stored, known_names, no_provider, warnings_of

_OF_OWNERS: Final = ("name", "groups")


@dataclass(frozen=True)
class Imported:
    kind: Kind
    id: str
    name: str
    where: str
    replaced: bool
    warnings: tuple[str, ...] = ()
    project: str | None = None


class Import:
    """One import. A later part of it does not overwrite what it imported, nor the documents in `keep`."""

    def __init__(
        self, caller: Caller, keep: Collection[str] = (), at: int | None = None, *, fresh: bool = False
    ) -> None:
        """`fresh`: documents that exist already stay as they are."""
        self._caller = caller
        self._imported = dict.fromkeys(keep, "which came in before with this import")
        self.projects = ImportedProjects(caller, at)
        self._fresh = fresh

    async def import_part(self, part: Found) -> Imported:
        """Store a document; Refused or NotStorable if it is not imported."""
        what = f"{part.kind} {text_at(part.document, 'name')!r}"
        document = await in_thread_if_long(partial(to_stored, part.document, what=what), part.document)
        try:
            project = await self.projects.project_of(part)
            if project is not None and text_at(document, "name"):
                document = {**document, "name": name_in(project, text_at(document, "name"))}
            imported = await self._store(part, document, project)
        except DocumentTooLarge as fault:
            raise NotStorable(what, str(fault)) from fault
        self._imported[imported.id] = part.where
        if project is not None:
            self.projects.add_component(project, part, imported.id)
        return imported

    async def finish(self) -> None:
        """Add the imported documents to their projects. An import that was interrupted before has to be repeated."""
        await self.projects.finish()

    async def _store(self, part: Found, document: JsonObject, project: str | None) -> Imported:
        name = text_at(document, "name")
        reference = text_at(part.component or {}, "reference")
        while True:
            known = await find_replaced(part.kind, document)
            if known is not None:
                await self._replace(part, document, known, project)
                return Imported(part.kind, str(known["_id"]), name, part.where, True, part.warnings, project)
            id = await free_id(part.kind, document, reference, project or "")
            try:
                await insert_new(part.kind, document, id)
            except DuplicateKeyError:
                continue  # a concurrent request stored the same document
            return Imported(part.kind, id, name, part.where, False, part.warnings, project)

    async def _replace(self, part: Found, document: JsonObject, known: JsonObject, project: str | None) -> None:
        """Replace a stored document. An equal one needs no permission: several projects may have the same document."""
        id, before = known["_id"], from_stored({key: known[key] for key in _OF_OWNERS if key in known})
        if part.kind == "workflow" and not may_see(self._caller, before.get("groups")):
            raise Refused("its name is that of a workflow of groups that you are not in")
        owners = await _owners_of(before, str(id))
        if await in_thread_if_long(partial(_are_the_same, known, document), known, document):
            if not owners and project is not None:
                await replace(part.kind, id, document)
            return
        if str(id) in self._imported:
            raise Refused(_overwrite_reason(part.kind, f"another {part.kind}, {self._imported[str(id)]}"))
        if owners != ([project] if project else []):
            way_out = ", or delete that workflow first" if part.kind == "workflow" else ""
            raise Refused(
                _overwrite_reason(part.kind, f"a {part.kind} {await self.projects.describe_owner(owners, project)}")
                + way_out
            )
        if self._fresh:
            raise Refused(f"there is such a {part.kind} already, which was to stay as it is")
        await replace(part.kind, id, document)


async def _owners_of(document: Mapping[str, object], id: str) -> list[str]:
    """The ids of the projects that have the document: by its name, or as a component."""
    by_name = project_in(text_at(document, "name"))
    return sorted({*([by_name] if by_name else []), *(text_at(one, "_id") for one in await find_with_component(id))})


def _are_the_same(known: JsonObject, document: JsonObject) -> bool:
    return deeply_equal(_plainly(from_stored(without_id(known))), _plainly(from_stored(without_id(document))))


def _plainly(document: JsonObject) -> JsonObject:
    name = text_at(document, "name")
    return {**document, "name": plain_name(name)} if name else document


def _overwrite_reason(kind: Kind, other: str) -> str:
    key = {"transformation": "`_id`", "form": "id or name"}.get(kind, "name")
    return f"its {key} is that of {other}, which it would overwrite: give one of them another {key}"


@dataclass
class ImportReport:
    """The imported documents, and the skipped ones with their reasons."""

    imported: list[Imported] = field(default_factory=list[Imported])
    skipped: list[Skipped] = field(default_factory=list[Skipped])


async def find(name: str, caller: Caller, near: str = "", first: names.First | None = None) -> JsonObject:
    """The workflow of exactly this name, if the caller may see it.

    Otherwise the workflow of this name in the project of the workflow `near`, or in the only project that has one.
    NameAmbiguous if several projects have one. `first` replaces the lookup by the exact name.
    """
    document = await names.find("workflow", name, caller, near, first)
    if document is None:
        raise WorkflowNotFound(name)
    return document


async def find_all(limit: int, caller: Caller) -> list[JsonObject]:
    """The workflows that the caller may see, by name."""
    found = Workflow.find(visible_workflows(caller)).sort("+name").limit(limit)
    return [workflow.shown async for workflow in found]


async def import_documents(
    documents: list[Json],
    offers: Offers = no_provider,
    caller: Caller = SYSTEM,
    keep: Collection[str] = (),
    at: int | None = None,
) -> ImportReport:
    """Store every document inside. It replaces a document of the same name or id, if the caller may see that.

    A document of a project is stored as `@<project id>: Name` and replaces only documents of this project; a document
    of no project replaces only documents of no project. Anything else is skipped, also a second document of one name,
    and a document that would replace one of the ids in `keep`. Findings about workflows are warnings of the report.
    """
    return await import_all(Import(caller, keep, at), documents, offers)


async def import_all(bringing: Import, documents: list[Json], offers: Offers) -> ImportReport:
    """Import the documents and those inside of them, one write each. A repetition completes an interrupted import."""
    report = ImportReport()
    stored: dict[str, Found] = {}  # by the part of the container
    parts = Parts()
    for index, document in enumerate(documents):
        for part in open_container(document, f"documents[{index}]", parts=parts):
            if isinstance(part, Skipped):
                report.skipped.append(part)
                continue
            try:
                report.imported.append(await bringing.import_part(part))
                stored[part.where] = dataclasses_replace(
                    part, document={**part.document, "name": report.imported[-1].name}
                )
            except Refused as refusal:
                report.skipped.append(Skipped(part.where, refusal.reason))
            except NotStorable as refusal:
                report.skipped.append(Skipped(part.where, str(refusal)))
    await bringing.finish()
    # Only now: a workflow may name documents that were imported after it.
    workflows = [part for part in stored.values() if part.kind == "workflow"]
    warnings = {
        part.where: warnings_of(findings)
        async for part, findings in check_with_stored(workflows, known_names((), offers))
    }
    report.imported = [
        dataclasses_replace(one, warnings=warnings.get(one.where, one.warnings)) for one in report.imported
    ]
    return report
