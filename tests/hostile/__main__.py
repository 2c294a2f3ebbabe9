"""`make hostile`: what hostile input costs everybody else. Exits with 1 when somebody waited for too long.

python -m tests.hostile [WORD ...] sends the inputs whose names have one of the words; --quick, a few of each kind.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import get_args
from uuid import uuid4

from anyio.from_thread import start_blocking_portal

from .. import checkout  # noqa: F401 -- names the checkout jobyard, for what is imported below
from ..parts import memory_folder
from .catalogue import INPUTS
from .inputs import Input, Who
from .run import HEAD, LONGEST_USUAL, Row, at_once, line, one_after_the_other, usual
from .world import MEMORY, Probe, World, open_world


def main() -> int:
    from jobyard.resolvers.store.local_mongod import local_mongod
    from jobyard.resolvers.store.mongod import find_mongod

    parser = argparse.ArgumentParser(prog="make hostile", description="What hostile input costs everybody else.")
    parser.add_argument("words", nargs="*", help="only inputs whose names have one of these")
    parser.add_argument("--who", choices=get_args(Who), help="only those that this one sends")
    parser.add_argument("--quick", action="store_true", help="only a few of each kind")
    parser.add_argument("--alone", action="store_true", help="only one after the other")
    options = parser.parse_args()
    chosen = [
        one
        for one in INPUTS
        if _is_chosen(one.name, options.words) and (one.quick or not options.quick) and options.who in (None, one.who)
    ]
    binary = find_mongod()
    if binary is None:
        sys.exit("make hostile needs a mongod: pip install jobyard[mongod], or set MONGOD")
    with (
        memory_folder() as memory,
        tempfile.TemporaryDirectory(dir=memory) as folder,
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(local_mongod(str(binary), Path(folder))) as uri,
        open_world(uri, f"hostile_{uuid4().hex}") as world,
    ):
        print(f"{len(chosen)} inputs; the server may have {MEMORY // 2**20} MB, and has {world.memory() // 2**20}")
        print(HEAD)
        return _tried(world, chosen, alone=options.alone)


def _is_chosen(name: str, words: list[str]) -> bool:
    return not words or any(word in name for word in words)


def _tried(world: World, chosen: list[Input], *, alone: bool) -> int:
    ready, probe = world.ready_seconds, Probe(world)
    try:
        rows = one_after_the_other(world, probe, chosen, _print)
        if world.alive and not alone:
            rows.append(at_once(world, probe, chosen, _print))
        found = usual(rows)
        statuses = probe.statuses()
    finally:
        probe.end()
    alive = world.alive
    print(f"99 of 100 waited for {found * 1000:.0f} ms at most; the probe got {sorted(statuses)}")
    failures = [text for text in world.log if "Traceback" in text or "unexpected error" in text]
    print(f"the server {'lives' if alive else 'ENDED'}; {len(failures)} traces in its log")
    sys.stdout.writelines(world.log[-60:] if failures else [])
    world.end()
    world.begin()
    time.sleep(3)
    memory = world.memory() // 2**20
    print(f"after a restart it is ready in {world.ready_seconds:.1f} s ({ready:.1f} s at first), with {memory} MB")
    sound = all(row.sound for row in rows) and alive and statuses == {200} and found <= LONGEST_USUAL
    return 0 if sound else 1


def _print(row: Row) -> None:
    print(line(row), flush=True)


if __name__ == "__main__":
    sys.exit(main())
