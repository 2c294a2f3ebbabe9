"""The yard: everything that one running server holds."""

import asyncio
from dataclasses import dataclass, field

from ..models.documents.progress import is_manual
from ..models.json import JsonObject, text_at
from ..models.settings import Settings
from .access.attempts import Attempts
from .access.callers import Callers
from .access.passwords import Passwords
from .admission import Admission
from .catalogue import BUILT_IN
from .clock import Clock
from .closing import Closing
from .definitions import Definitions
from .providers import Providers
from .providers.own import Own
from .runners.runner import Runner
from .schema_checks import SchemaChecks
from .shared_checks import SharedChecks
from .store.connect import Store
from .store.feed import Feed
from .store.jobs import JobStore
from .store.pulse import Pulse
from .store.rotation import Rotation


@dataclass
class JobCounts:
    """Jobs by status, as they were counted last."""

    by_status: dict[str, int] = field(default_factory=dict[str, int])
    at: int = 0  # epoch milliseconds


@dataclass(frozen=True)
class Yard:
    settings: Settings
    store: Store
    jobs: JobStore
    definitions: Definitions
    runner: Runner
    feed: Feed
    clock: Clock
    providers: Providers
    callers: Callers
    attempts: Attempts
    passwords: Passwords
    schemas: SchemaChecks
    admin_id: str  # the account `admin`
    drawn_password: str | None = field(repr=False)  # of `admin`, where this start drew it
    opened: int  # epoch milliseconds
    closing: Closing
    admission: Admission
    pulse: Pulse  # of the database
    own: Own  # where this server and its database are
    rotation: Rotation  # of the keys that secrets are sealed with
    missing_keys: list[str]  # ids of those that the database named at the start, and that are not here
    counted_jobs: JobCounts = field(default_factory=JobCounts)  # for monitoring
    shared_checks: SharedChecks = field(default_factory=SharedChecks)
    large_answers: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))  # that are being made

    def provides(self, task: JsonObject) -> bool:
        """Whether somebody here does the task of this definition; a manual task is for people."""
        location, app, name = (text_at(task, key) for key in ("location", "app", "name"))
        return (app, name) in BUILT_IN or is_manual(task) or self.providers.offers(location, app, name)
