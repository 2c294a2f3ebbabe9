"""GraphQL fields whose source is a key of a documented JSON object, and the arguments that project one."""

from collections.abc import Callable, Mapping
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
OWNER: Final = "$owner"  # in the source of a task; keys of stored documents never begin with $
READS: Final = "reads"  # the metadata key of a field's Plain


@dataclass(frozen=True)
class Plain:
    """A field that only reads its source: generated readers read the field without calling the resolver.

    `whole` and `inside` pass the source itself to `convert`, and `inside` counts the objects that `convert` returns.
    """

    kind: Literal["attribute", "value", "list", "inside", "whole"]
    key: str
    convert: Callable[..., Any] | None = None


def value_field(
    key: Key, description: str, convert: Callable[[Json], Json] | None = None, deprecated: str | None = None
) -> Any:
    """The value under `key`, or null. `convert` makes the shape that the GraphQL type has."""

    def read(root: JsonObject):
        value = root.get(key)
        return value if convert is None or value is None else convert(value)

    return _field(read, description, Plain("value", key, convert), deprecated)


def deprecated_for(field: str) -> str:
    """The deprecation reason of a time in milliseconds."""
    return f"`{field}` has the same time as a DateTime."


def list_field(key: Key, description: str, convert: Callable[[Json], Json] | None = None) -> Any:
    """The list under `key`, or an empty list."""

    def read(root: Mapping[str, object]):
        value = root.get(key)
        entries = value if is_array(value) else []
        return entries if convert is None else [convert(entry) for entry in entries]

    return _field(read, description, Plain("list", key, convert))


def map_field(key: Key, description: str, convert: Callable[[JsonObject], list[JsonObject]]) -> Any:
    """The map under `key` as a list; `convert` makes the list from the whole object."""

    def read(root: JsonObject, info: RequestInfo):
        entries = convert(root)
        info.context["loaders"].count_nested(len(entries))
        return entries

    return _field(read, description, Plain("inside", key, convert))


def source(of: object) -> JsonObject:
    """The JSON object behind an instance of a GraphQL type."""
    return cast(JsonObject, of)


def whole_field(description: str) -> Any:
    """The whole object with every key unchanged."""

    def read(root: Mapping[str, object]):
        return root

    return strawberry.field(
        resolver=read, description=description, metadata=reads_all() | {READS: Plain("whole", "", read)}
    )


def _field(read: Callable[..., Any], description: str, plain: Plain, deprecated: str | None = None) -> Any:
    metadata = reads(plain.key) | {READS: plain}
    return strawberry.field(resolver=read, description=description, metadata=metadata, deprecation_reason=deprecated)


def id_or_object(value: Json) -> Json:
    """A stored reference as an object: the id alone, the whole document, or null where the document is deleted."""
    return value if is_object(value) or value is None else {"_id": value}


def entries_of(owner: JsonObject) -> list[JsonObject]:
    """The tasks of a job or a workflow as a list, each task with its key and the owner's id."""
    tasks, owner_id = object_at(owner, "tasks"), owner["_id"]
    return [{**task, KEY: id, OWNER: owner_id} for id, task in tasks.items() if is_object(task)]


def edges_of(owner: Mapping[str, object]) -> list[JsonObject]:
    """A workflow's map of maps of transitions as a list."""
    return [
        {**transition, "source": source, "target": target}
        for source, targets in object_at(owner, "transitions").items()
        if is_object(targets)
        for target, transition in targets.items()
        if is_object(transition)
    ]


@strawberry.type(description="A list in the documented REST form.")
class DocumentedList:
    documented: JSON = strawberry.field(description="The documents.")
    metadata: JSON = strawberry.field(
        description="The position of the page: skip, limit, total (exact), nextPageSkip, previousPageSkip, "
        "currentPageSize and hints."
    )


def as_documented_list(found: lists.DocumentedList) -> DocumentedList:
    return DocumentedList(documented=[*found.documents], metadata=found.metadata)


Include: TypeAlias = Annotated[
    list[str] | None,
    strawberry.argument(
        description="Dotted paths to include, at most 100; without paths, everything. `_id` is always included."
    ),
]
Exclude: TypeAlias = Annotated[
    list[str] | None, strawberry.argument(description="Dotted paths to leave out, at most 100.")
]
Dereference: TypeAlias = Annotated[
    list[str] | None,
    strawberry.argument(
        description="References to replace by the named documents: `tasks` and `parent` of a job, "
        "`job` of an iteration. Other references stay unchanged."
    ),
]
