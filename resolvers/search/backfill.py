"""Jobs that came without their tokens get them: those of other programs, and of servers before there were any.

A job without tokens is found by every filter on a documented field meanwhile. What another program changes later in
the variables or the description of a job that has tokens is not seen, unless it replaces the document.
"""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress

from pymongo import UpdateOne
from pymongo.errors import PyMongoError

from ...models.documents.job import Job
from ...models.documents.search_terms import FOUND_BY, found_by
from ...models.documents.state_version import KNOWN
from ...models.documents.stored import from_stored
from ...models.json import Json, JsonObject, object_at
from ..log_facts import about
from ..store.collections import collection_of
from ..store.errors import brief
from ..store.indexes import hint_of
from ..store.large_values import without_references

BATCH = 500
SECONDS = 60

log = logging.getLogger("jobyard")


async def backfill_regularly(stopped: asyncio.Event) -> None:
    """Look for jobs without tokens now and then, until stopped."""
    while not stopped.is_set():
        try:
            while not stopped.is_set() and await backfill_batch():
                pass
        except PyMongoError as fault:  # an edge: the database may be back at the next look
            log.info("jobs without tokens could not be looked for: %s", brief(fault), extra=about("backfill_failed"))
        with suppress(TimeoutError):
            async with asyncio.timeout(SECONDS):
                await stopped.wait()


async def backfill_batch() -> int:
    """Give a batch of jobs their tokens; how many there were. Whatever is left is found at the next call."""
    jobs = collection_of(Job)
    missing: JsonObject = {FOUND_BY: {"$exists": False}, **KNOWN}
    fields: JsonObject = dict.fromkeys(("name", "description", "tags", "variables", "decorators"), 1)
    batch = [job async for job in jobs.find(missing, fields).hint(hint_of(jobs, f"{FOUND_BY}_newest")).limit(BATCH)]
    # A server that runs the job may have stored newer ones meanwhile: those stay.
    writes = [UpdateOne({"_id": job["_id"], **missing}, {"$set": {FOUND_BY: _tokens(job)}}) for job in batch]
    if writes:
        await jobs.bulk_write(writes, ordered=False)
    return len(writes)


def _tokens(job: Mapping[str, Json]) -> list[str]:
    return found_by(from_stored({**job, "variables": without_references(object_at(job, "variables"))}))
