"""Writes the whole database of a server to one file, at one moment of the database, and reads the file back."""

import os
from pathlib import Path
from typing import Any, Final

from pymongo.errors import OperationFailure

from ...models.documents.state_version import STATE_VERSION
from ...models.settings import Settings
from ...models.version import own_version
from ..store.connect import Store
from ..store.errors import StoreProblem
from .database import COLLECTIONS, open_durable, raw_collection
from .frames import FORMAT, BackupDamaged, BackupHeader, BackupSummary, BackupWriter, check_file

BATCH: Final = 1000  # documents of one answer, of 16 MiB at most
_TOO_OLD: Final = (239, 246)  # MongoDB's codes: the snapshot is older than what the database remembers


async def write_backup(settings: Settings, path: Path, *, servers_stopped: bool = False) -> BackupSummary:
    """Write the file and check it; StoreProblem if it exists, or if the database cannot read at one moment.

    `servers_stopped`: nothing writes meanwhile, so that no snapshot is needed.
    """
    if path.exists():  # noqa: ASYNC240 -- nothing else runs in the process of the command
        raise StoreProblem(f"{path} exists: name another file, or remove it.")
    partial = path.with_name(f"{path.name}.partial")
    try:
        async with open_durable(settings) as store:
            if not store.transactions and not servers_stopped:
                raise StoreProblem(
                    "This MongoDB is no replica set, and cannot be read at one moment: stop all servers, and say "
                    "--servers-stopped."
                )
            try:
                descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
                with open(descriptor, "wb") as file:  # noqa: ASYNC230 -- as above
                    written = await _write(store, settings, file, snapshot=store.transactions)
                    file.flush()
                    os.fsync(file.fileno())
                if check_file(partial).counts != written.counts:
                    raise StoreProblem(f"{path} was not written as the database is.")
            except (OSError, BackupDamaged) as fault:
                raise StoreProblem(f"The backup cannot be written: {fault}") from fault
        partial.rename(path)
        return written
    finally:
        partial.unlink(missing_ok=True)


async def _write(store: Store, settings: Settings, file: Any, *, snapshot: bool) -> BackupSummary:
    hello = await store.database.client.admin.command("hello")
    header: BackupHeader = {
        "format": FORMAT,
        "jobyard": own_version(),
        "state_version": STATE_VERSION,
        "database": settings.database,
        "at": hello["localTime"],
    }
    writer = BackupWriter(file, header)
    if not snapshot:
        await _write_collections(store, writer, None)
    else:
        async with store.database.client.start_session(snapshot=True) as session:
            try:
                await _write_collections(store, writer, session)
            except OperationFailure as fault:
                if fault.code not in _TOO_OLD:
                    raise
                raise StoreProblem(
                    "The backup took longer than the database remembers a moment: increase its parameter "
                    "minSnapshotHistoryWindowInSeconds (300), or use mongodump --oplog."
                ) from fault
    writer.close()
    return writer.summary


async def _write_collections(store: Store, writer: BackupWriter, session: Any) -> None:
    for name in COLLECTIONS:
        writer.begin_collection(name)
        async for document in raw_collection(store, name).find({}, batch_size=BATCH, session=session):
            writer.add_document(document.raw)
