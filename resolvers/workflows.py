"""Bringing workflow documents in, and finding them."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from ..models.access import SYSTEM, Caller, visible_workflows
from ..models.documents.containers import Found, Parts, Skipped, open_container
from ..models.documents.stored import NotStorable
from ..models.documents.workflow import Workflow
from ..models.errors import WorkflowNotFound
from ..models.json import Json, JsonObject
from .checking import Offers, check_with_stored, known_of, nobody, warnings_of
from .importing import Bringing, Imported
from .projects import names
from .projects.bringing import Refused


@dataclass
class ImportReport:
    """What came in, and what did not with its reason."""

    imported: list[Imported] = field(default_factory=list[Imported])
    skipped: list[Skipped] = field(default_factory=list[Skipped])


async def find(name: str, caller: Caller, near: str = "", first: names.First | None = None) -> JsonObject:
    """The workflow of exactly this name, as it was imported, if its groups and its project let the caller in.

    What no workflow is called exactly, the project of the workflow `near` may have under its own name, or one project
    alone. NameAmbiguous where several have. `first` finds what is called exactly so.
    """
    document = await names.find("workflow", name, caller, near, first)
    if document is None:
        raise WorkflowNotFound(name)
    return document


async def find_all(limit: int, caller: Caller) -> list[JsonObject]:
    """The workflows whose groups let the caller in, in the order of their names."""
    found = Workflow.find(visible_workflows(caller)).sort("+name").limit(limit)
    return [workflow.shown async for workflow in found]


async def import_documents(
    documents: list[Json],
    offers: Offers = nobody,
    caller: Caller = SYSTEM,
    keep: Collection[str] = (),
    at: int | None = None,
) -> ImportReport:
    """Store every document inside; the same name or id again replaces what was there, if the caller may see that.

    A document of a project is stored under `@<project id>: Name` and replaces only what came in with this project, and
    one of none only what is in none: anything else is skipped, and so is a second document of one name, or one in the
    place of the ids to `keep`. What the check finds in the workflows are warnings of the report: it stops nothing.
    """
    return await bring_in(Bringing(caller, keep, at), documents, offers)


async def bring_in(bringing: Bringing, documents: list[Json], offers: Offers) -> ImportReport:
    """The documents and what they hold; each is one write, and to repeat all mends what was broken off."""
    report = ImportReport()
    stored: dict[str, Found] = {}  # by the part of the container
    parts = Parts()
    for index, document in enumerate(documents):
        for part in open_container(document, f"documents[{index}]", parts=parts):
            if isinstance(part, Skipped):
                report.skipped.append(part)
                continue
            try:
                report.imported.append(await bringing.bring(part))
                stored[part.where] = replace(part, document={**part.document, "name": report.imported[-1].name})
            except Refused as refusal:
                report.skipped.append(Skipped(part.where, refusal.reason))
            except NotStorable as refusal:
                report.skipped.append(Skipped(part.where, str(refusal)))
    await bringing.finish()
    # Only now: what a workflow names may have come in after it.
    workflows = [part for part in stored.values() if part.kind == "workflow"]
    warnings = {
        part.where: warnings_of(findings) async for part, findings in check_with_stored(workflows, known_of((), offers))
    }
    report.imported = [replace(one, warnings=warnings.get(one.where, one.warnings)) for one in report.imported]
    return report
