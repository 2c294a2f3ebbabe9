"""Mutants of the commit path that nobody may write unnoticed: each broke a promise once, and no test said so."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NamedMutant:
    """`written` stands once in the file; `mutated` takes its place, and one of `tests` fails then."""

    name: str
    file: str
    written: str
    mutated: str
    tests: tuple[str, ...]


NAMED = (
    NamedMutant(
        "a lease is released while a command is in the inbox",
        "resolvers/store/advances.py",
        ', "inbox.0": {"$exists": False}}',
        "}",
        ("tests/resolvers/store",),
    ),
    NamedMutant(
        "the next write does not wait for the last event",
        "resolvers/runner/saving.py",
        "        if self._publication is not None:\n            await self._publication\n",
        "        if self._publication is not None:\n",
        ("tests/resolvers/runner",),
    ),
    NamedMutant(
        "a job that broke off is not tried again",
        "resolvers/runner/interruptions.py",
        "        if broken is None or broken.again_at <= asyncio.get_running_loop().time():\n            return True\n",
        "",
        ("tests/resolvers/runner",),
    ),
    NamedMutant(
        "to re-open tasks costs nothing of a step's budget",
        "models/engine/step.py",
        "        self.budget -= len(ids) // REOPENED_FOR_ONE\n",
        "",
        ("tests/models/engine",),
    ),
    NamedMutant(
        "a job is deleted while a child job runs",
        "resolvers/store/deleting.py",
        "    if any(one.get(\"status\") not in FINAL for one in below):\n        return None\n",
        "",
        ("tests/resolvers/test_deleting.py",),
    ),
    NamedMutant(
        "an advance is written whoever has the lease",
        "resolvers/store/advances.py",
        ', "lease.epoch": self.epoch}\n\n\n@dataclass(frozen=True)\nclass _Release',
        "}\n\n\n@dataclass(frozen=True)\nclass _Release",
        ("tests/resolvers/store", "tests/resolvers/runner"),
    ),
    NamedMutant(
        "an iteration of an older advance replaces a newer one",
        "resolvers/store/outbox.py",
        ', "seq": {"$not": {"$gt": iteration.get("seq")}}}',
        "}",
        ("tests/resolvers/store",),
    ),
)  # fmt: skip
