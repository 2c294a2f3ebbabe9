"""Ids as the database has them: text, or the database's own kind, which jobs of other programs may have as well."""

from collections.abc import Iterable

from bson import ObjectId


def stored_ids(id: str) -> list[str | ObjectId]:
    """What a document of this id may have as its `_id`."""
    return [id, ObjectId(id)] if len(id) == 24 and ObjectId.is_valid(id) else [id]


def object_id(id: object) -> ObjectId | None:
    """The id of the database's own kind that the value is, or spells; None for any other value."""
    return ObjectId(id) if isinstance(id, str | bytes | ObjectId) and ObjectId.is_valid(id) else None


def object_ids(ids: Iterable[object]) -> list[ObjectId]:
    """Those of the values that are such ids, or spell them."""
    return [found for id in ids if (found := object_id(id)) is not None]
