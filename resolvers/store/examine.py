"""Examines a database for the person who installs a server: reachable, writable, a replica set, its clock."""

import time
from dataclasses import dataclass
from typing import Any, Final

from pymongo import AsyncMongoClient, WriteConcern
from pymongo.errors import PyMongoError

from .connect import describe
from .errors import StoreProblem, brief

PROBE: Final = "jobyard_doctor"  # the collection that the examination writes to, and drops


@dataclass(frozen=True)
class DatabaseFacts:
    """`fault` says why the database cannot be examined; the other facts are empty then.

    `skew` is the clock of the database minus that of this machine, in milliseconds.
    """

    fault: str = ""
    description: str = ""
    version: str = ""
    replica_set: str = ""
    write_fault: str = ""
    skew: int = 0


async def examine_database(uri: str, name: str, seconds: float) -> DatabaseFacts:
    """Ask the database, and write a document as a server writes: acknowledged by a majority and journaled."""
    milliseconds = round(seconds * 1000)
    limits: dict[str, Any] = {"serverSelectionTimeoutMS": milliseconds, "socketTimeoutMS": milliseconds}
    try:
        description = describe(uri, name)
        client = AsyncMongoClient[dict[str, Any]](uri, tz_aware=True, connectTimeoutMS=milliseconds, **limits)
    except (StoreProblem, PyMongoError, ValueError) as fault:
        return DatabaseFacts(str(fault))
    async with client:
        try:
            before = time.time()
            hello = await client.admin.command("hello")
            skew = round((hello["localTime"].timestamp() - (before + time.time()) / 2) * 1000)
            version: str = (await client.admin.command("buildInfo"))["version"]
        except PyMongoError as fault:
            return DatabaseFacts(f"{description} does not answer: {brief(fault)}")
        probe = client[name].get_collection(PROBE, write_concern=WriteConcern("majority", milliseconds, j=True))
        write_fault = ""
        try:
            await probe.insert_one({})
            await probe.drop()
        except PyMongoError as fault:
            write_fault = brief(fault)
    replica_set = hello.get("setName") or ("a sharded cluster" if hello.get("msg") == "isdbgrid" else "")
    return DatabaseFacts("", description, version, replica_set, write_fault, skew)
