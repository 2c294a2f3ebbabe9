"""The shapes of answers that do not have the envelope (rest-api facts, 4.3), and their JSON Schemas."""

from typing import Final

from ...models.json import Json, JsonObject
from .route import Answer

ANY_OBJECT: Final[JsonObject] = {"type": "object"}
_COUNT: Final[JsonObject] = {"type": "integer", "minimum": 0}
OBJECTS: Final[JsonObject] = {"type": "array", "items": ANY_OBJECT}
_OTHER_PAGE: Final[JsonObject] = {"type": ["integer", "null"], "description": "The `skip` of that page."}
ITEMS: Final[JsonObject] = {
    "type": "object",
    "required": ["items", "skip", "limit", "end", "count", "total", "next", "previous"],
    "properties": {
        "items": OBJECTS,
        **dict.fromkeys(("skip", "limit", "end", "count", "total"), _COUNT),
        "next": _OTHER_PAGE,
        "previous": _OTHER_PAGE,
    },
}
RESULTS: Final[JsonObject] = {
    "type": "object",
    "required": ["results", "total"],
    "properties": {"results": OBJECTS, **dict.fromkeys(("skip", "limit", "total"), _COUNT)},
}


def items(found: Json) -> Answer:
    """A list as Automation Studio answers it."""
    documents, metadata = found["documented"], found["metadata"]
    skip, count = metadata["skip"], len(documents)
    return Answer(
        {
            "items": documents,
            "skip": skip,
            "limit": metadata["limit"],
            "end": skip + count,
            "count": count,
            "total": metadata["total"],
            "next": metadata["nextPageSkip"],
            "previous": metadata["previousPageSkip"],
        }
    )


def results(found: Json) -> Answer:
    """A list as the workflow engine answers it."""
    metadata = found["metadata"]
    kept = {key: metadata[key] for key in ("skip", "limit", "total")}
    return Answer({"results": found["documented"], **kept})
