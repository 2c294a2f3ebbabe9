"""Ids of jobs as the database has them: text in ours, text or the database's own kind in other programs'."""

from bson import ObjectId


def stored_ids(id: str) -> list[str | ObjectId]:
    """What a document of this id may have as its `_id`."""
    return [id, ObjectId(id)] if len(id) == 24 and ObjectId.is_valid(id) else [id]
