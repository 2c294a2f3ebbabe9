"""The services that all requests of one server process share."""

import asyncio
from dataclasses import dataclass, field

from ..models.json import JsonObject, text_at
from ..models.settings import Settings
from .accounts.callers import Callers
from .accounts.passwords import Passwords
from .accounts.rate_limit import SignInLimiter
from .builtin_tasks.registry import does_itself
from .clock import Clock
from .jobs.admission import Admission, Closing
from .jobs.shared_checks import SharedChecks
from .providers.egress import OwnAddresses
from .providers.opening import ConfiguredProviders
from .runner.protocol import Runner
from .store.connect import Store
from .store.feed import Feed
from .store.jobs import JobStore
from .store.pulse import Pulse
from .store.rotation import Rotation
from .templating.schema_checks import SchemaChecks
from .workflows.definitions import Definitions


@dataclass
class JobCounts:
    """The numbers of jobs by status at the last count."""

    by_status: dict[str, int] = field(default_factory=dict[str, int])
    at: int = 0  # epoch milliseconds


@dataclass(frozen=True)
class Services:
    settings: Settings
    store: Store
    jobs: JobStore
    definitions: Definitions
    runner: Runner
    feed: Feed
    clock: Clock
    providers: ConfiguredProviders
    callers: Callers
    sign_in_limiter: SignInLimiter
    passwords: Passwords
    schemas: SchemaChecks
    admin_id: str  # the account `admin`
    generated_password: str | None = field(repr=False)  # of `admin`, if this start made it
    opened: int  # epoch milliseconds
    closing: Closing
    admission: Admission
    pulse: Pulse  # of the database
    own_addresses: OwnAddresses  # addresses of this server and its database
    rotation: Rotation  # of the keys that secrets are sealed with
    missing_keys: list[str]  # ids of keys that stored values name and that this server does not have
    job_counts: JobCounts = field(default_factory=JobCounts)  # for monitoring
    shared_checks: SharedChecks = field(default_factory=SharedChecks)
    large_answers: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))  # one at a time

    def provides(self, task: JsonObject) -> bool:
        """Whether this server runs the task of this definition, or a person works it."""
        return does_itself(task) or self.providers.offers(*(text_at(task, key) for key in ("location", "app", "name")))
