"""Reads a file of `jobyard backup` into a database, after the whole file was checked."""

from pathlib import Path
from typing import Any, Final, cast

from beanie import init_beanie  # pyright: ignore[reportUnknownVariableType] -- Beanie leaves types open
from bson.raw_bson import RawBSONDocument

from ...models.documents.state_version import STATE_VERSION
from ...models.json import JsonObject
from ...models.settings import Settings
from ..store.collections import DOCUMENTS
from ..store.connect import Store
from ..store.errors import StoreProblem
from ..store.indexes import make_indexes
from .database import COLLECTIONS, RESTORING, open_durable, raw_collection
from .frames import BackupDamaged, BackupSummary, check_file, name_of, read_frames

MOST_BYTES: Final = 8 * 1024 * 1024  # of one command
MOST_DOCUMENTS: Final = 1000
SILENT_MILLISECONDS: Final = 60_000  # after which a server is gone


async def restore(settings: Settings, path: Path, *, force: bool = False) -> BackupSummary:
    """Write the documents of the file into an empty database, or with `force` in place of what is there.

    StoreProblem before anything is written if the file is damaged or of a newer release, or if a server runs.
    """
    try:
        summary = check_file(path)
    except BackupDamaged as fault:
        raise StoreProblem(f"{fault} Nothing was restored.") from fault
    unknown = sorted(summary.counts.keys() - set(COLLECTIONS))
    if unknown or summary.header["state_version"] > STATE_VERSION:
        raise StoreProblem(f"{path} is of the newer release {summary.header['jobyard']}. Nothing was restored.")
    async with open_durable(settings) as store:
        await _check_servers(store)
        present = [name for name in COLLECTIONS if await store.database[name].find_one({}, {"_id": 1}) is not None]
        if present and not force:
            raise StoreProblem(
                f"The database '{settings.database}' is not empty ({', '.join(present)}): name an empty one by "
                "JOBYARD_DATABASE, or replace all of it by --force. Nothing was restored."
            )
        await store.database["duties"].update_one({"_id": RESTORING}, {"$set": {"owner": str(path)}}, upsert=True)
        for name in COLLECTIONS:
            await store.database[name].drop()
        await _load(store, path)
        await _check_counts(store, summary)  # before the indexes: some let the database delete old documents
        await _make_indexes(store)
        await store.database["duties"].delete_many({})
    return summary


async def _check_servers(store: Store) -> None:
    recent: JsonObject = {"$expr": {"$gte": ["$seen", {"$subtract": ["$$NOW", SILENT_MILLISECONDS]}]}}
    if (server := await store.database["servers"].find_one(recent)) is not None:
        raise StoreProblem(f"The server {server['_id']} runs on this database: stop it first. Nothing was restored.")


async def _load(store: Store, path: Path) -> None:
    collection: Any = None
    batch: list[RawBSONDocument] = []
    size = 0
    for kind, raw in read_frames(path):
        full = size + len(raw) > MOST_BYTES or len(batch) >= MOST_DOCUMENTS
        if batch and (full or kind != b"D"):
            await collection.insert_many(batch, ordered=False)
            batch, size = [], 0
        if kind == b"C":
            collection = raw_collection(store, name_of(raw))
        elif kind == b"D":
            batch.append(RawBSONDocument(raw))
            size += len(raw)


async def _make_indexes(store: Store) -> None:
    """The indexes of a server, and those of GridFS, which makes them in empty collections only."""
    await init_beanie(database=store.database, document_models=DOCUMENTS, skip_indexes=True)
    await make_indexes(DOCUMENTS)
    await store.database["job_data.files"].create_index([("filename", 1), ("uploadDate", 1)])
    await store.database["job_data.chunks"].create_index([("files_id", 1), ("n", 1)], unique=True)


async def _check_counts(store: Store, summary: BackupSummary) -> None:
    for name, count in summary.counts.items():
        stored = cast(int, await store.database[name].count_documents({}))
        if stored != count:
            raise StoreProblem(f"{name} has {stored} documents, and the file {count}: repeat the restore with --force.")


async def check_restored(database: Any) -> None:
    """StoreProblem if a restore of this database was interrupted."""
    unfinished = await database["duties"].find_one({"_id": RESTORING})
    if unfinished is not None:
        raise StoreProblem(
            f"A restore of this database from {unfinished.get('owner')} was interrupted: repeat it with --force."
        )
