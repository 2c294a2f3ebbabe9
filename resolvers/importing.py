"""Bringing one document in: stored, or refused where it would overwrite what is somebody else's."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from pymongo.errors import DocumentTooLarge, DuplicateKeyError

from ..models.access import Caller, may_see
from ..models.documents.containers import Found, Kind, Project
from ..models.documents.stored import NotStorable, from_stored, to_stored
from ..models.json import JsonObject, text_at
from ..models.language.javascript import deeply_equal
from .store import members
from .store.replacing import content_of, free_id, insert_new, replace, replaced_by

_KNOWN_BY: Final = {"workflow": "name", "template": "name", "transformation": "`_id`", "form": "id or name"}


class Refused(Exception):
    """The document does not come in; `reason` says why, and what can be done."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Imported:
    kind: Kind
    id: str
    name: str
    where: str
    replaced: bool
    warnings: tuple[str, ...] = ()


class Bringing:
    """One import. What came in with it, and what is to be kept, is not overwritten by a later part of it."""

    def __init__(self, caller: Caller, keep: Collection[str] = ()) -> None:
        self._caller = caller
        self._came = dict.fromkeys(keep, "which came in before with this import")

    async def bring(self, part: Found) -> Imported:
        """Refused or NotStorable for a document that stays outside."""
        what = f"{part.kind} {text_at(part.document, 'name')!r}"
        document = to_stored(part.document, what=what)
        try:
            imported = await self._store(part, document)
        except DocumentTooLarge as fault:
            raise NotStorable(what, str(fault)) from fault
        self._came[imported.id] = part.where
        return imported

    async def _store(self, part: Found, document: JsonObject) -> Imported:
        name = text_at(part.document, "name")
        while True:
            known = await replaced_by(part.kind, document)
            if known is not None:
                await self._replace(part, document, known)
                return Imported(part.kind, str(known["_id"]), name, part.where, True, part.warnings)
            id = await free_id(part.kind, document)
            await members.put(part.kind, id, part.project)  # before the document, so that it is of its project at once
            try:
                await insert_new(part.kind, document, id)
            except DuplicateKeyError:
                continue  # somebody stored such a document meanwhile
            return Imported(part.kind, id, name, part.where, False, part.warnings)

    async def _replace(self, part: Found, document: JsonObject, known: JsonObject) -> None:
        """What is the same, word for word, is in nobody's way."""
        id, before, after = known["_id"], from_stored(content_of(known)), from_stored(content_of(document))
        if part.kind == "workflow" and not may_see(self._caller, before.get("groups")):
            raise Refused("its name is that of a workflow of groups that you are not in")
        owner = await members.project_of(part.kind, id)
        if deeply_equal(before, after):
            if owner is None and part.project is not None:
                await members.put(part.kind, id, part.project)
            return
        if str(id) in self._came:
            raise Refused(_overwriting(part.kind, f"another {part.kind}, {self._came[str(id)]}"))
        if not (part.project.is_same(owner) if part.project and owner else part.project is owner):
            way_out = ", or delete that workflow first" if part.kind == "workflow" else ""
            raise Refused(_overwriting(part.kind, f"a {part.kind} {_of(owner)}") + way_out)
        await replace(part.kind, id, document)


def _overwriting(kind: Kind, other: str) -> str:
    key = _KNOWN_BY[kind]
    return f"its {key} is that of {other}, which it would overwrite: give one of them another {key}"


def _of(project: Project | None) -> str:
    if project is None:
        return "that is in no project"
    return f"of the project '{project.name}'" + (f" ({project.id})" if project.id else "")
