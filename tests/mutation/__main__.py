"""`make mutants`: changes the engine, the runner and the store in small ways, one at a time, and looks whether a test
fails. First the named mutants, of which none may survive, then others drawn at random until the minutes are over.
"""

import argparse
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from cosmic_ray.commands.init import init
from cosmic_ray.mutating import mutate_and_test
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import TestOutcome, WorkItem

from .. import processes
from .named import NAMED, NamedMutant

ROOT = Path(__file__).parent.parent.parent
MINUTES = 20
LONGEST = 900  # seconds for the tests of a part
HANGS = 3  # times what they take without a mutant: it is found out, too, then


@dataclass(frozen=True)
class Part:
    modules: str  # a folder
    tests: tuple[str, ...]


PARTS = {
    "engine": Part("models/engine", ("tests/models/engine",)),
    "runner": Part("resolvers/runner", ("tests/resolvers/runner", "tests/resolvers/test_children.py")),
    "store": Part("resolvers/store", ("tests/resolvers/store", "tests/resolvers/test_deleting.py")),
}


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        copy = _copied(Path(folder) / "jobyard")
        os.chdir(copy)  # where the mutants are written, and tested
        survivors = [] if options.only_drawn else [one.name for one in NAMED if not _is_noticed(one)]
        until = time.monotonic() + options.minutes * 60
        for name in options.parts if options.minutes else ():
            share = (until - time.monotonic()) / (len(options.parts) - options.parts.index(name))
            _draw(name, PARTS[name], options.seed, time.monotonic() + share)
    for name in survivors:
        print(f"survived: {name}")
    return 1 if survivors else 0


def _copied(folder: Path) -> Path:
    listed = processes.run(["git", "ls-files", "-z"], cwd=ROOT, check=True)
    for file in filter(None, listed.stdout.split("\0")):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / file, folder / file)
    (folder.parent / "shared").symlink_to(ROOT.parent / "shared")
    return folder


def _command(tests: Sequence[str]) -> str:
    return shlex.join([sys.executable, "-m", "pytest", "--quiet", "--exitfirst", *tests])


def _pass(tests: Sequence[str]) -> bool:
    try:
        return processes.run(shlex.split(_command(tests)), timeout=LONGEST).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def _is_noticed(mutant: NamedMutant) -> bool:
    file = Path(mutant.file)
    source = file.read_text()
    if source.count(mutant.written) != 1:
        sys.exit(f"{mutant.file} has changed: what the mutant '{mutant.name}' changes is not there once.")
    file.write_text(source.replace(mutant.written, mutant.mutated))
    try:
        noticed = not _pass(mutant.tests)
    finally:
        file.write_text(source)
    print(f"{'noticed' if noticed else 'SURVIVED'}: {mutant.name}", flush=True)
    return noticed


def _draw(name: str, part: Part, seed: int, until: float) -> None:
    """Mutants in a random order, until the moment has come."""
    began = time.monotonic()
    if not _pass(part.tests):
        sys.exit(f"The tests of the {name} fail without any mutant: {_command(part.tests)}")
    limit = HANGS * (time.monotonic() - began)
    work = _mutants(part)
    Random(seed).shuffle(work)
    outcomes: Counter[str] = Counter()
    for item in work:
        if time.monotonic() > until:
            break
        result = mutate_and_test(item.mutations, _command(part.tests), limit)
        outcomes["survived" if result.test_outcome is TestOutcome.SURVIVED else "noticed"] += 1
        if result.test_outcome is TestOutcome.SURVIVED:
            print(f"survived:\n{result.diff}", flush=True)
    print(f"{name}: {outcomes['noticed']} noticed, {outcomes['survived']} survived, of {len(work)} mutants", flush=True)


def _mutants(part: Part) -> list[WorkItem]:
    modules = sorted(path for path in Path(part.modules).glob("*.py") if path.stat().st_size)
    with use_db(":memory:", WorkDB.Mode.create) as drawn:
        init(modules, drawn, {})
        return list(drawn.pending_work_items)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--minutes", type=float, default=MINUTES, help=f"for the mutants that are drawn ({MINUTES})")
    parser.add_argument("--seed", type=int, default=1, help="the order in which they are drawn follows from it")
    parser.add_argument("--only-drawn", action="store_true", help="leave the named mutants out")
    options = parser.parse_args()
    options.parts = options.parts or list(PARTS)
    return options


if __name__ == "__main__":
    sys.exit(main())
