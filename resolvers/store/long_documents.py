"""Reads of documents that may be long. To decode one in one go would stop the event loop: 50 ms for each megabyte.

A long document is decoded part by part in the server's thread, which gives way to the event loop between two parts.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from functools import partial
from typing import Any

from bson import decode  # pyright: ignore[reportUnknownVariableType] -- its overloads are partial
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo.asynchronous.collection import AsyncCollection

from ..threads import in_thread
from .collections import Collection, Filter, Stored

AT_ONCE = 128 * 1024  # bytes of BSON that are decoded before others have a turn


async def read(
    collection: Collection[Stored],
    query: Filter,
    fields: Mapping[str, object] | None = None,
    *,
    hint: Any = None,
    order: Sequence[tuple[str, int]] = (),
    skip: int = 0,
    most: int = 0,
    patience: int | None = None,
) -> AsyncGenerator[Stored]:
    """At most so many documents (0: all), of which each may be long, and all together, too.

    `patience` is the time in milliseconds that the database may take.
    """
    documents: Any = collection

    def find(collection: Any) -> Any:
        cursor = collection.find(query, fields)
        cursor = cursor if patience is None else cursor.max_time_ms(patience)
        return (cursor.sort(list(order)) if order else cursor).skip(skip).limit(most)

    if not has_raw_documents(documents):
        async for one in find(documents):
            yield one
        return
    options: Any = documents.codec_options
    cursor = find(documents.with_options(raw_options(options)))
    left = AT_ONCE
    async for one in cursor if hint is None else cursor.hint(hint):
        raw: bytes = one.raw
        if len(raw) > AT_ONCE:
            yield await in_thread(partial(decode_in_parts, raw, options))
            continue
        left -= len(raw)
        if left < 0:
            await asyncio.sleep(0)
            left = AT_ONCE
        found: Any = decode(raw, options)
        yield found


def has_raw_documents(collection: object) -> bool:
    """False for a collection of the in-memory store."""
    return isinstance(collection, AsyncCollection)


def raw_options(options: Any) -> Any:
    """The options of a collection whose documents are not decoded when they arrive."""
    return options.with_options(document_class=RawBSONDocument)


def decode_in_parts(raw: bytes, options: CodecOptions[Any]) -> Any:
    """The document. The interpreter's lock is free between any two objects in it that are long."""
    if len(raw) <= AT_ONCE:
        return decode(raw, options)
    inside = RawBSONDocument(raw, raw_options(options))
    return {key: _decoded(value, options) for key, value in inside.items()}


def _decoded(value: Any, options: CodecOptions[Any]) -> Any:
    if isinstance(value, RawBSONDocument):
        return decode_in_parts(bytes(value.raw), options)
    if isinstance(value, list):
        return [_decoded(item, options) for item in value]  # pyright: ignore[reportUnknownVariableType] -- of BSON
    return value
