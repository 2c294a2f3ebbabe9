"""The provider of the load: it records by which keys it is asked, and answers each time with another value."""

import json
import threading
from collections import Counter, defaultdict
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from ..endpoints import Asked, Reply, Server, answering
from .workflows import PROVIDER

TIMEOUT = 600  # seconds: no task of a run may end in error because the machine is slow


class Recorder:
    """An answer takes up to `slowest` seconds. That it is another each time shows which one a job went on with."""

    def __init__(self, chance: Random, slowest: float) -> None:
        self._chance = chance
        self._slowest = slowest
        self._keys: Counter[str] = Counter()
        self._lock = threading.Lock()
        self.closing = threading.Event()

    def answer(self, asked: Asked) -> Reply:
        key: str = asked.json["key"]
        with self._lock:
            self._keys[key] += 1
            value = f"{key}, time {self._keys[key]}"
            takes = self._chance.uniform(0, self._slowest)
        self.closing.wait(takes)
        return Reply(json.dumps({"state": "success", "outgoing": {"result": value}}).encode())

    @property
    def asked_again(self) -> int:
        """How often a key came again, which `at least once` allows."""
        with self._lock:
            return sum(times - 1 for times in self._keys.values())

    def done_twice(self) -> list[str]:
        """The iterations (job/task/iteration) that were asked for under two keys, though no task here has a retry."""
        keys: dict[str, set[str]] = defaultdict(set)
        with self._lock:
            for key in self._keys:
                keys[key.rpartition("/")[0]].add(key)
        return [iteration for iteration, several in keys.items() if len(several) > 1]


def told_of(provider: Server, folder: Path) -> str:
    """A providers file that says where the provider is."""
    file = folder / "providers.json"  # JSON is YAML
    entry = {"app": PROVIDER, "url": provider.address, "timeout": TIMEOUT}
    file.write_text(json.dumps({"providers": [entry]}))
    return str(file)


@contextmanager
def recording(chance: Random, slowest: float) -> Generator[tuple[Recorder, Server]]:
    recorder = Recorder(chance, slowest)
    with answering(recorder.answer) as server:
        try:
            yield recorder, server
        finally:
            recorder.closing.set()
