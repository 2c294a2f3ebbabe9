"""The yard: everything that one running server holds."""

from dataclasses import dataclass, field

from ..models.json import JsonObject, text_at
from ..models.settings import Settings
from .access.attempts import Attempts
from .access.callers import Callers
from .access.passwords import Passwords
from .catalogue import BUILT_IN
from .clock import Clock
from .definitions import Definitions
from .providers import Providers
from .runners.runner import Runner
from .store.connect import Store
from .store.feed import Feed
from .store.jobs import JobStore


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
    admin_id: str  # the account `admin`
    drawn_password: str | None = field(repr=False)  # of `admin`, where this start drew it
    opened: int  # epoch milliseconds

    def provides(self, task: JsonObject) -> bool:
        """Whether somebody here does the task of this definition."""
        location, app, name = (text_at(task, key) for key in ("location", "app", "name"))
        return (app, name) in BUILT_IN or self.providers.offers(location, app, name)
