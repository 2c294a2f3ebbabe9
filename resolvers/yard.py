"""The yard: everything that one running server holds."""

from collections.abc import Callable
from dataclasses import dataclass

from ..models.json import JsonObject
from ..models.settings import Settings
from .clock import Clock
from .definitions import Definitions
from .runners.runner import Runner
from .store.connect import Store
from .store.jobs import JobStore


@dataclass(frozen=True)
class Yard:
    settings: Settings
    store: Store
    jobs: JobStore
    definitions: Definitions
    runner: Runner
    clock: Clock
    provides: Callable[[JsonObject], bool]  # of a task's definition: whether somebody here does it
