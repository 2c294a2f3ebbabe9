"""A GraphQL field whose source is a key of the documented JSON: a type is then a list of its keys.

The source of an object is the JSON object itself, never a copy: what was not selected costs nothing, and what another
program wrote reads as it is.
"""

from collections.abc import Callable
from typing import Any, cast

import strawberry

from ...models.json import Json, JsonObject, is_array, is_object
from ..context import Asked
from ..selection import reads, reads_all


def documented(key: str, description: str, convert: Callable[[Json], Json] | None = None) -> Any:
    """The value under `key`, null where there is none. `convert` is for shapes that GraphQL has differently."""

    def read(root: JsonObject):
        value = root.get(key)
        return value if convert is None or value is None else convert(value)

    return _field(read, description, key)


def listed(key: str, description: str, convert: Callable[[Json], Json] | None = None) -> Any:
    """The list under `key`, empty where there is none."""

    def read(root: JsonObject):
        value = root.get(key)
        entries = value if is_array(value) else []
        return entries if convert is None else [convert(entry) for entry in entries]

    return _field(read, description, key)


def mapped(key: str, description: str, convert: Callable[[Json], list[JsonObject]]) -> Any:
    """The map under `key` as a list."""

    def read(root: JsonObject, info: Asked):
        entries = convert(root.get(key))
        info.context["loaders"].show(len(entries))
        return entries

    return _field(read, description, key)


def source(of: object) -> JsonObject:
    """The JSON object that stands for an object of one of our types."""
    return cast(JsonObject, of)


def whole(description: str) -> Any:
    """The whole object, every key as it is."""

    def read(root: JsonObject):
        return root

    return strawberry.field(resolver=read, description=description, metadata=reads_all())


def _field(read: Callable[..., Any], description: str, key: str) -> Any:
    return strawberry.field(resolver=read, description=description, metadata=reads(key))


def id_or_object(value: Json) -> Json:
    """A reference is an id, or the whole document that it names; null where the document is gone."""
    return value if is_object(value) or value is None else {"_id": value}


def entries_of(value: Json) -> list[JsonObject]:
    """A map as a list: each entry's own key is its `id`."""
    return [{**entry, "id": id} for id, entry in value.items() if is_object(entry)] if is_object(value) else []


def edges_of(value: Json) -> list[JsonObject]:
    """A workflow's map of maps of transitions as a list."""
    return [
        {**transition, "source": source, "target": target}
        for source, targets in (value.items() if is_object(value) else ())
        if is_object(targets)
        for target, transition in targets.items()
        if is_object(transition)
    ]
