"""The yard: everything that one running server holds."""

from dataclasses import dataclass

from ..models.settings import Settings
from .checking import Offers, nobody
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
    offers: Offers = nobody  # what its providers do
