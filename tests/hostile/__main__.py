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
from .run import HEAD, LONGEST_USUAL, LONGEST_WAIT, Row, at_once, line, one_after_the_other, usual, usual_fair
from .world import MEMORY, Probe, World, open_world

LINES_OF_TRACE = 60
MOST_TURNS = 4  # named of an input


def main() -> int:
    from jobyard.resolvers.store.local_mongod import local_mongod
    from jobyard.resolvers.store.mongod import find_mongod

    parser = argparse.ArgumentParser(prog="make hostile", description="What hostile input costs everybody else.")
    parser.add_argument("words", nargs="*", help="only inputs whose names have one of these")
    parser.add_argument("--who", choices=get_args(Who), help="only those that this one sends")
    parser.add_argument("--quick", action="store_true", help="only a few of each kind")
    parser.add_argument("--turns", action="store_true", help="say where the event loop was in its longest turns")
    parser.add_argument("--each", action="store_true", help="say when each input begins and ends, eight at a time")
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument("--alone", action="store_true", help="only one after the other")
    ways.add_argument("--together", action="store_true", help="only eight at a time")
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
        return _tried(world, chosen, options)


def _is_chosen(name: str, words: list[str]) -> bool:
    return not words or any(word in name for word in words)


def _tried(world: World, chosen: list[Input], options: argparse.Namespace) -> int:
    ready, probe = world.ready_seconds, Probe(world)

    def tell(row: Row) -> None:
        print(line(row), flush=True)
        for wrong in row.got.split("; ") if row.wrong and not row.who else ():
            print(f"    {wrong:.200}", flush=True)
        for turn in row.turns[:MOST_TURNS] if options.turns else ():
            print(f"    {turn.processor:.2f} s of {turn.seconds:.2f} s: {turn.where}", flush=True)

    try:
        rows = [] if options.together else one_after_the_other(world, probe, chosen, tell)
        if world.alive and not options.alone:
            rows.append(at_once(world, probe, chosen, tell, each=options.each))
        found, fair = usual(rows), usual_fair(rows)
        statuses = probe.statuses()
    finally:
        probe.end()
    alive = world.alive
    print(f"99 of 100 waited for {found * 1000:.0f} ms at most, {fair * 1000:.0f} of them the server's own")
    print(f"the longest waits: {_longest(rows)}; the probe got {sorted(statuses)}")
    failures = [at for at, text in enumerate(world.log) if "Traceback" in text or "unexpected error" in text]
    print(f"the server {'lives' if alive else 'ENDED'}; {len(failures)} traces in its log")
    shown = {line for at in failures for line in range(at - 1, at + LINES_OF_TRACE)}
    shown.update(range(len(world.log) - LINES_OF_TRACE, len(world.log)) if not alive else ())
    sys.stdout.writelines(text for at, text in enumerate(world.log) if at in shown)
    world.end()
    world.begin()
    time.sleep(3)
    memory = world.memory() // 2**20
    print(f"after a restart it is ready in {world.ready_seconds:.1f} s ({ready:.1f} s at first), with {memory} MB")
    sound = all(row.sound for row in rows) and alive and statuses == {200} and found <= LONGEST_USUAL
    return 0 if sound else 1


def _longest(rows: list[Row]) -> str:
    worst = max(rows, key=lambda row: row.longest_fair)
    over = [row for row in rows if row.longest > LONGEST_WAIT]
    own = [row for row in rows if row.longest_fair > LONGEST_WAIT + row.late]
    longest = max(row.longest for row in rows)
    told = f"{longest:.2f} s, {worst.longest_fair:.2f} of the server's own ({worst.name})"
    return f"{told}; {len(over)} rows over {LONGEST_WAIT:.0f} s, {len(own)} by the server itself"


if __name__ == "__main__":
    sys.exit(main())
