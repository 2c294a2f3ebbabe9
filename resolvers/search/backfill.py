"""Backfill: jobs of other programs and of older servers get their search terms.

Filters on documented fields find a job without search terms, too. If another program later changes the variables or
the description of a job with search terms, the terms stay as they are, unless the program replaces the document.
"""

import asyncio
import logging
from contextlib import suppress

from pymongo import UpdateOne
from pymongo.errors import PyMongoError

from ...models.documents.job import Job
from ...models.documents.search_terms import FOUND_BY, found_by
from ...models.documents.shapes.jobs import JobHeader
from ...models.documents.state_version import KNOWN
from ...models.documents.stored import from_stored
from ...models.json import object_at
from ..log_facts import about
from ..store.collections import collection_of
from ..store.errors import brief
from ..store.indexes import hint_of
from ..store.large_values import without_references

BATCH = 500
SECONDS = 60

log = logging.getLogger("jobyard")


async def backfill_regularly(stopped: asyncio.Event) -> None:
    """Backfill jobs regularly, until stopped."""
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
    """Add the search terms to a batch of jobs; the number of jobs. The next call finds the rest."""
    jobs = collection_of(Job)
    missing: dict[str, object] = {FOUND_BY: {"$exists": False}, **KNOWN}
    fields: dict[str, int] = dict.fromkeys(("name", "description", "tags", "variables", "decorators"), 1)
    batch = [job async for job in jobs.find(missing, fields).hint(hint_of(jobs, f"{FOUND_BY}_newest")).limit(BATCH)]
    # The server that runs a job may have stored newer terms meanwhile: those stay.
    writes = [UpdateOne({"_id": job["_id"], **missing}, {"$set": {FOUND_BY: _tokens(job)}}) for job in batch]
    if writes:
        await jobs.bulk_write(writes, ordered=False)
    return len(writes)


def _tokens(job: JobHeader) -> list[str]:
    return found_by(from_stored({**job, "variables": without_references(object_at(job, "variables"))}))
