"""PyMongo's own collection behind a Beanie document: for writes that are plain dicts."""

from typing import Any, cast

from beanie import Document


def collection_of(document: type[Document]) -> Any:
    """Any on purpose: it is PyMongo's collection, or the in-memory store's that is used like it."""
    return cast(Any, document.get_pymongo_collection())  # pyright: ignore[reportUnknownMemberType] -- left open by Beanie
