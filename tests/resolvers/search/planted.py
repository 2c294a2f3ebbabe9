"""Jobs and iterations of tasks, stored as they are."""

from typing import Any

from jobyard.models.documents.search_terms import found_by


def job(id: Any, start: Any = 0, **more: Any) -> dict[str, Any]:
    """A header of ours; `start` is epoch milliseconds."""
    document = {
        "_id": id,
        "name": "greet",
        "type": "automation",
        "status": "complete",
        "description": "",
        "groups": ["default"],
        "ancestors": [id],
        "metrics": {"start_time": start},
        "variables": {},
        **more,
    }
    return {**document, "found_by": found_by(document)}


def number(count: int) -> str:
    """An id."""
    return f"{count:024x}"
