"""Bringing one document in: stored, or refused where it would overwrite what is somebody else's."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from typing import Final

from pymongo.errors import DocumentTooLarge, DuplicateKeyError

from ..models.access import Caller, may_see
from ..models.documents.containers import Found, Kind
from ..models.documents.project import name_in, plain_name, project_in
from ..models.documents.stored import NotStorable, from_stored, to_stored
from ..models.json import JsonObject, text_at
from ..models.language.javascript import deeply_equal
from .beside import beside_if_long
from .projects.bringing import ProjectsBrought, Refused
from .projects.headers import holding
from .store.replacing import content_of, free_id, insert_new, replace, replaced_by

_OF_OWNERS: Final = ("name", "groups")
_KNOWN_BY: Final = {"workflow": "name", "template": "name", "transformation": "`_id`", "form": "id or name"}


@dataclass(frozen=True)
class Imported:
    kind: Kind
    id: str
    name: str
    where: str
    replaced: bool
    warnings: tuple[str, ...] = ()
    project: str | None = None


class Bringing:
    """One import. What came in with it, and what is to be kept, is not overwritten by a later part of it."""

    def __init__(
        self, caller: Caller, keep: Collection[str] = (), at: int | None = None, *, fresh: bool = False
    ) -> None:
        """`fresh`: what is there already stays as it is."""
        self._caller = caller
        self._came = dict.fromkeys(keep, "which came in before with this import")
        self.projects = ProjectsBrought(caller, at)
        self._fresh = fresh

    async def bring(self, part: Found) -> Imported:
        """Refused or NotStorable for a document that stays outside."""
        what = f"{part.kind} {text_at(part.document, 'name')!r}"
        document = await beside_if_long(partial(to_stored, part.document, what=what), part.document)
        try:
            project = await self.projects.of(part)
            if project is not None and text_at(document, "name"):
                document = {**document, "name": name_in(project, text_at(document, "name"))}
            imported = await self._store(part, document, project)
        except DocumentTooLarge as fault:
            raise NotStorable(what, str(fault)) from fault
        self._came[imported.id] = part.where
        if project is not None:
            self.projects.note(project, part, imported.id)
        return imported

    async def finish(self) -> None:
        """Let each project say what came in with it. Until then an import that was broken off is to be repeated."""
        await self.projects.finish()

    async def _store(self, part: Found, document: JsonObject, project: str | None) -> Imported:
        name = text_at(document, "name")
        reference = text_at(part.component or {}, "reference")
        while True:
            known = await replaced_by(part.kind, document)
            if known is not None:
                await self._replace(part, document, known, project)
                return Imported(part.kind, str(known["_id"]), name, part.where, True, part.warnings, project)
            id = await free_id(part.kind, document, reference, project or "")
            try:
                await insert_new(part.kind, document, id)
            except DuplicateKeyError:
                continue  # somebody stored such a document meanwhile
            return Imported(part.kind, id, name, part.where, False, part.warnings, project)

    async def _replace(self, part: Found, document: JsonObject, known: JsonObject, project: str | None) -> None:
        """What is the same, word for word, is in nobody's way: a project may have it beside another."""
        id, before = known["_id"], from_stored({key: known[key] for key in _OF_OWNERS if key in known})
        if part.kind == "workflow" and not may_see(self._caller, before.get("groups")):
            raise Refused("its name is that of a workflow of groups that you are not in")
        owners = await _owners_of(before, str(id))
        if await beside_if_long(partial(_are_the_same, known, document), known, document):
            if not owners and project is not None:
                await replace(part.kind, id, document)
            return
        if str(id) in self._came:
            raise Refused(_overwriting(part.kind, f"another {part.kind}, {self._came[str(id)]}"))
        if owners != ([project] if project else []):
            way_out = ", or delete that workflow first" if part.kind == "workflow" else ""
            raise Refused(
                _overwriting(part.kind, f"a {part.kind} {await self.projects.whose(owners, project)}") + way_out
            )
        if self._fresh:
            raise Refused(f"there is such a {part.kind} already, which was to stay as it is")
        await replace(part.kind, id, document)


async def _owners_of(document: JsonObject, id: str) -> list[str]:
    """The projects that have the document: by its name, and as one of their components."""
    by_name = project_in(text_at(document, "name"))
    return sorted({*([by_name] if by_name else []), *(text_at(one, "_id") for one in await holding(id))})


def _are_the_same(known: JsonObject, document: JsonObject) -> bool:
    return deeply_equal(_plainly(from_stored(content_of(known))), _plainly(from_stored(content_of(document))))


def _plainly(document: JsonObject) -> JsonObject:
    name = text_at(document, "name")
    return {**document, "name": plain_name(name)} if name else document


def _overwriting(kind: Kind, other: str) -> str:
    key = _KNOWN_BY[kind]
    return f"its {key} is that of {other}, which it would overwrite: give one of them another {key}"
