"""The background duty of audit: one server of all copies the acts of people from events of jobs to audit events."""

import asyncio
import logging
from contextlib import suppress
from typing import Final

from pymongo.errors import PyMongoError

from ..log_facts import about
from ..metrics import AUDIT_ACTS
from ..services import Services
from ..store.audit import MOST_COPIED, copy_acts
from ..store.duties import Guard
from ..store.errors import brief

NAME: Final = "audit"
SECONDS: Final = 5.0

log = logging.getLogger("jobyard")


async def copy_regularly(services: Services, closing: asyncio.Event) -> None:
    """Do the duty regularly, until closing."""
    guard = Guard(services.store, NAME, services.jobs.owner)
    while not closing.is_set():
        with suppress(TimeoutError):
            async with asyncio.timeout(SECONDS):
                await closing.wait()
                break
        try:
            while not services.pulse.away and not closing.is_set() and await guard.hold():
                copied = await copy_acts()
                AUDIT_ACTS.inc(copied)
                if copied < MOST_COPIED:
                    break
        except PyMongoError as fault:  # the next round does the rest
            log.info("acts could not be copied to the audit events: %s", brief(fault), extra=about("audit_failed"))
    with suppress(PyMongoError):
        await guard.release()
