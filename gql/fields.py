"""GraphQL fields whose source is a key of a documented JSON object, and the arguments that project one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, TypeAlias, cast

import strawberry

from ..models.documents.shapes.keys import Key
from ..models.json import Json, JsonObject, is_array, is_object, object_at
from ..resolvers.search import lists
from .context import RequestInfo
from .execution.selection import reads, reads_all
from .scalars import JSON

KEY: Final = "$key"
OWNER: Final = "$owner"  # of a task's source, beside the keys of the document, which never begin like this
READS: Final = "reads"  # in the metadata of a field that is a plain read: which one


@dataclass(frozen=True)
class Plain:
    """A field that only reads its source, as the functions here do, and that a reader may read in their place.

    `whole` and `inside` hand `convert` the source itself, and `inside` counts what it gives.
    """

    kind: Literal["attribute", "value", "list", "inside", "whole"]
    key: str
    convert: Callable[..., Any] | None = None


def documented(
    key: Key, description: str, convert: Callable[[Json], Json] | None = None, deprecated: str | None = None
) -> Any:
    """The value under `key`, null where there is none. `convert` is for shapes that GraphQL has differently."""

    def read(root: JsonObject):
        value = root.get(key)
        return value if convert is None or value is None else convert(value)

    return _field(read, description, Plain("value", key, convert), deprecated)


def now_as(field: str) -> str:
    """Why a moment in milliseconds is deprecated."""
    return f"`{field}` says it as a DateTime, as all moments are said."


def listed(key: Key, description: str, convert: Callable[[Json], Json] | None = None) -> Any:
    """The list under `key`, empty where there is none."""

    def read(root: JsonObject):
        value = root.get(key)
        entries = value if is_array(value) else []
        return entries if convert is None else [convert(entry) for entry in entries]

    return _field(read, description, Plain("list", key, convert))


def mapped(key: Key, description: str, convert: Callable[[JsonObject], list[JsonObject]]) -> Any:
    """The map under `key` as a list, which `convert` makes of the object."""

    def read(root: JsonObject, info: RequestInfo):
        entries = convert(root)
        info.context["loaders"].show(len(entries))
        return entries

    return _field(read, description, Plain("inside", key, convert))


def source(of: object) -> JsonObject:
    """The JSON object that stands for an object of one of our types."""
    return cast(JsonObject, of)


def whole(description: str) -> Any:
    """The whole object, every key as it is."""

    def read(root: JsonObject):
        return root

    return strawberry.field(
        resolver=read, description=description, metadata=reads_all() | {READS: Plain("whole", "", read)}
    )


def _field(read: Callable[..., Any], description: str, plain: Plain, deprecated: str | None = None) -> Any:
    metadata = reads(plain.key) | {READS: plain}
    return strawberry.field(resolver=read, description=description, metadata=metadata, deprecation_reason=deprecated)


def id_or_object(value: Json) -> Json:
    """A reference is an id, or the whole document that it names; null where the document is gone."""
    return value if is_object(value) or value is None else {"_id": value}


def entries_of(owner: JsonObject) -> list[JsonObject]:
    """The tasks of a job or a workflow as a list, each with its own key and the id of whose it is."""
    tasks, whose = object_at(owner, "tasks"), owner["_id"]
    return [{**task, KEY: id, OWNER: whose} for id, task in tasks.items() if is_object(task)]


def edges_of(owner: JsonObject) -> list[JsonObject]:
    """A workflow's map of maps of transitions as a list."""
    return [
        {**transition, "source": source, "target": target}
        for source, targets in object_at(owner, "transitions").items()
        if is_object(targets)
        for target, transition in targets.items()
        if is_object(transition)
    ]


@strawberry.type(description="A list in its documented REST form.")
class DocumentedList:
    documented: JSON = strawberry.field(description="The documents.")
    metadata: JSON = strawberry.field(
        description="Where the page stands: skip, limit, total (exact), nextPageSkip, previousPageSkip, "
        "currentPageSize and hints."
    )


def as_documented_list(found: lists.DocumentedList) -> DocumentedList:
    return DocumentedList(documented=cast(JSON, found.documents), metadata=cast(JSON, found.metadata))


Include: TypeAlias = Annotated[
    list[str] | None,
    strawberry.argument(description="Dotted paths of what is shown; none: everything. `_id` always is. At most 100."),
]
Exclude: TypeAlias = Annotated[
    list[str] | None, strawberry.argument(description="Dotted paths of what is not shown; at most 100.")
]
Dereference: TypeAlias = Annotated[
    list[str] | None,
    strawberry.argument(
        description="References in whose place stands what they name: `tasks` and `parent` of a job, `job` of an "
        "iteration. Others stay as they are."
    ),
]
