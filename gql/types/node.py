"""What has an id of its own, that `node` finds it by again."""

from typing import Any, cast

import strawberry

from ...models.json import Json, JsonObject


class Named(dict[str, Json]):
    """A source that says of which type it is, where the schema does not."""

    type = ""


@strawberry.interface(
    description="What has an id that no other object has, whatever its type: caches may keep it by that."
)
class Node:
    id: strawberry.ID = strawberry.field(description="What `node(id)` finds it by.")

    @classmethod
    def resolve_type(cls, obj: Named, *_: Any) -> str:
        return obj.type

    @classmethod
    def is_type_of(cls, obj: Any, *_: Any) -> bool:
        """The sources are JSON objects, of no class: what a field answers is what it says."""
        return True


def as_node(type: str, document: JsonObject) -> Node:
    named = Named(document)
    named.type = type
    return cast(Node, named)
