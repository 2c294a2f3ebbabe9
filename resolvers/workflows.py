"""Bringing workflow documents in, and finding them."""

from dataclasses import dataclass, field, replace

from pymongo.errors import DocumentTooLarge

from ..models.access import SYSTEM, Caller, in_groups, may_see
from ..models.documents.containers import Found, Kind, Skipped, open_container
from ..models.documents.stored import NotStorable, to_stored
from ..models.documents.workflow import Template, Transformation, Workflow
from ..models.errors import WorkflowNotFound
from ..models.json import Json, JsonObject, text_at
from .checking import Offers, check_with_stored, known_of, nobody, warnings_of
from .store.replacing import Replaced, replace_by_id, replace_by_name, replace_form


@dataclass(frozen=True)
class Imported:
    kind: Kind
    id: str
    name: str
    where: str
    replaced: bool
    warnings: tuple[str, ...] = ()


@dataclass
class ImportReport:
    """What came in, and what did not with its reason."""

    imported: list[Imported] = field(default_factory=list[Imported])
    skipped: list[Skipped] = field(default_factory=list[Skipped])


async def find(name: str, caller: Caller) -> JsonObject:
    """The workflow of exactly this name, as it was imported, if its groups let the caller in."""
    found = await Workflow.find_one(Workflow.name == name)
    document = None if found is None else found.document
    if document is None or not may_see(caller, document.get("groups")):
        raise WorkflowNotFound(name)
    return document


async def find_all(limit: int, caller: Caller) -> list[JsonObject]:
    """The workflows whose groups let the caller in, in the order of their names."""
    found = Workflow.find(in_groups(caller)).sort("+name").limit(limit)
    return [workflow.document async for workflow in found]


async def import_documents(documents: list[Json], offers: Offers = nobody, caller: Caller = SYSTEM) -> ImportReport:
    """Store every document inside; the same name or id again replaces what was there, if the caller may see that.

    What the check finds in the workflows are warnings of the report: it stops nothing.
    """
    report = ImportReport()
    stored: dict[str, Found] = {}  # by the part of the container
    for index, document in enumerate(documents):
        for part in open_container(document, f"documents[{index}]"):
            if isinstance(part, Skipped):
                report.skipped.append(part)
                continue
            if part.kind == "workflow" and not await _may_replace(caller, text_at(part.document, "name")):
                report.skipped.append(
                    Skipped(part.where, "its name is that of a workflow of groups that you are not in")
                )
                continue
            try:
                report.imported.append(await _store(part))
                stored[part.where] = part
            except NotStorable as refusal:
                report.skipped.append(Skipped(part.where, str(refusal)))
    # Only now: what a workflow names may have come in after it.
    workflows = [part for part in stored.values() if part.kind == "workflow"]
    warnings = {
        part.where: warnings_of(findings) async for part, findings in check_with_stored(workflows, known_of((), offers))
    }
    report.imported = [replace(one, warnings=warnings.get(one.where, one.warnings)) for one in report.imported]
    return report


async def _may_replace(caller: Caller, name: str) -> bool:
    found = None if caller.administrator else await Workflow.find_one(Workflow.name == name)
    return found is None or may_see(caller, found.document.get("groups"))


async def _store(found: Found) -> Imported:
    document = to_stored(found.document, what=f"{found.kind} {text_at(found.document, 'name')!r}")
    try:
        id, replaced = await _replace(found.kind, document)
    except DocumentTooLarge as fault:
        raise NotStorable(f"{found.kind} {text_at(found.document, 'name')!r}", str(fault)) from fault
    return Imported(found.kind, id, text_at(found.document, "name"), found.where, replaced, found.warnings)


async def _replace(kind: Kind, document: JsonObject) -> Replaced:
    match kind:
        case "workflow":
            return await replace_by_name(Workflow, document)
        case "transformation":
            return await replace_by_id(Transformation, document)
        case "template":
            return await replace_by_name(Template, document)
        case "form":
            return await replace_form(document)
