"""What backup, restore and the check of an upgrade know of a database."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Final

from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo.errors import PyMongoError

from ...models.settings import Settings
from ..store.collections import KINDS
from ..store.connect import Store, open_store
from ..store.errors import StoreProblem, brief

LARGE_VALUES: Final = ("job_data", "job_data.files", "job_data.chunks")
_OF_SERVERS: Final = ("servers", "duties")  # what running servers write of themselves
COLLECTIONS: Final = (*(name for name in KINDS if name not in _OF_SERVERS), *LARGE_VALUES)
RESTORING: Final = "restore"  # the id in `duties` of a restore that is not complete


@asynccontextmanager
async def open_durable(settings: Settings) -> AsyncGenerator[Store]:
    """The database of the settings; StoreProblem for one in memory, and for every failure of the database."""
    try:
        async with open_store(
            settings.mongodb_uri, settings.data, memory=False, database_name=settings.database
        ) as store:
            if not store.durable:
                raise StoreProblem("There is no database: set MONGODB_URI, or --data for a local mongod.")
            yield store
    except PyMongoError as fault:
        raise StoreProblem(f"The database failed: {brief(fault)}") from fault


def raw_collection(store: Store, name: str) -> Any:
    """The collection with documents as their bytes."""
    options: CodecOptions[RawBSONDocument] = CodecOptions(document_class=RawBSONDocument)
    return store.database.get_collection(name, codec_options=options)
