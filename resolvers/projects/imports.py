"""The projects of the documents of one import."""

from bson import ObjectId

from ...models.documents.containers import Found, ProjectExport
from ...models.documents.project import MOST_COMPONENTS, Project, component_of, header_of, iid_of, project_in
from ...models.documents.shapes.projects import Component, ProjectDocument
from ...models.documents.stored import to_stored
from ...models.errors import ProjectRoleForbids
from ...models.json import text_at
from ...models.visibility import Caller
from ..store import collections as documents
from ..store.collections import collection_of
from . import headers


class Refused(Exception):
    """The document is not imported; `reason` says why, and what can be done."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ImportedProjects:
    """The projects of one import, by one caller, at one moment."""

    def __init__(self, caller: Caller, at: int | None) -> None:
        self._caller = caller
        self._at = at
        self._ids: dict[int, str] = {}  # by the identity of the export
        self._exports: list[ProjectExport] = []  # which keeps that identity theirs
        self._came: dict[str, list[Component]] = {}

    async def project_of(self, part: Found) -> str | None:
        """The id of the document's project, which is stored then; Refused if the caller may not write in it."""
        if part.project is not None:
            return await self.import_project(part.project)
        named = project_in(text_at(part.document, "name"))
        if not named or (found := await documents.find(collection_of(Project), named)) is None:
            return None
        self._check(found)
        return named

    async def import_project(self, export: ProjectExport) -> str:
        """Store the project of an export, once in an import."""
        if id(export.document) not in self._ids:
            project = await self._find_or_insert(export)
            self._exports.append(export)
            self._ids[id(export.document)] = text_at(project, "_id")
        return self._ids[id(export.document)]

    async def _find_or_insert(self, export: ProjectExport) -> ProjectDocument:
        header = to_stored({**header_of(export.document), "name": export.name}, what=f"project '{export.name}'")
        found = (
            await documents.find(collection_of(Project), export.id)
            if export.id
            else await self._find_by_name(export.name)
        )
        if found is None:
            return await headers.insert(export.id or str(ObjectId()), header, self._caller.account_id, self._at)
        self._check(found)
        changed: dict[str, object] = {key: value for key, value in header.items() if found.get(key) != value}
        return await headers.change(text_at(found, "_id"), changed) if changed else found

    async def _find_by_name(self, name: str) -> ProjectDocument | None:
        """The only project of this name: the name identifies an export without an id."""
        found = await headers.find_by_name(name)
        if len(found) > 1:
            ids = ", ".join(text_at(one, "_id") for one in found)
            raise Refused(f"it is of a project '{name}' without an `_id`, and there are several of that name: {ids}")
        return found[0] if found else None

    def _check(self, project: ProjectDocument) -> None:
        if not self._caller.role_in(text_at(project, "_id")):
            raise Refused("it is of a project whose members you are not among")
        try:
            headers.check_right(self._caller, project, "write")
        except ProjectRoleForbids as refusal:
            raise Refused(refusal.message) from refusal

    def add_component(self, project: str, part: Found, reference: str) -> None:
        """Note an imported or existing document as a component of the project."""
        of_part = part.component or {}
        iid = iid_of(of_part)
        came = self._came.setdefault(project, [])
        came.append(component_of(of_part, part.kind, reference, len(came) if iid is None else iid))

    async def finish(self) -> None:
        for project, came in self._came.items():
            await headers.add_components(project, came[:MOST_COMPONENTS])

    async def describe_owner(self, owners: list[str], project: str | None) -> str:
        """A phrase that names the project of a document, unless the caller may not see that project."""
        others = [one for one in owners if one != project] or owners
        if not others:
            return "that is in no project"
        if not self._caller.role_in(others[0]):
            return "of a project whose members you are not among"
        found = await documents.find(collection_of(Project), others[0])
        name = text_at(found or {}, "name")
        return f"of the project '{name}' ({others[0]})" if name else f"of a project ({others[0]})"
