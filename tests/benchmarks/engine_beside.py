"""The engine of this checkout beside that of another revision, in turns: `make bench REV=main~20`.

A round measures each shape on both, one after the other, so that what else the machine does falls on both. The medians
of the ratios are what counts.
"""

import argparse
import subprocess
import sys
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent.parent))

import engine
import processes

HERE = Path(__file__).parents[2]
SIZE = 1  # of the sizes of a shape: the middle one, where what is done once counts little
WORKER = """
import sys
sys.path.insert(0, "tests/benchmarks")
import engine
shapes = {name: shape(sizes[int(sys.argv[1])]) for name, shape, sizes in engine.SHAPES}
engine.ROUNDS = 3
for line in sys.stdin:
    print(engine.seconds(shapes[line.strip()]), flush=True)
"""


class Engine:
    """A process with the engine of a checkout, which keeps what it has compiled."""

    def __init__(self, checkout: Path) -> None:
        command = [sys.executable, "-c", WORKER, str(SIZE)]
        pipe = subprocess.PIPE
        self._process = processes.start(command, cwd=checkout, stdin=pipe, stdout=pipe)

    def seconds(self, shape: str) -> float:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(shape, file=self._process.stdin, flush=True)
        return float(self._process.stdout.readline())

    def end(self) -> None:
        self._process.communicate()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("against", type=Path, help="a checkout of the other revision")
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument("--shapes", nargs="+", default=[name for name, _, _ in engine.SHAPES])
    chosen = options.parse_args()
    now, then = Engine(HERE), Engine(chosen.against.resolve())
    print(f"{'shape':<8}{'us/task now':>12}{'then':>8}{'now/then':>10}{'least':>7}{'most':>7}  {chosen.rounds} rounds")
    for name, _, sizes in engine.SHAPES:
        if name not in chosen.shapes:
            continue
        pairs = [(now.seconds(name), then.seconds(name)) for _ in range(chosen.rounds)]
        ratios = sorted(mine / other for mine, other in pairs)
        each = [median(side) / sizes[SIZE] * 1e6 for side in zip(*pairs, strict=True)]
        print(f"{name:<8}{each[0]:>12.1f}{each[1]:>8.1f}{median(ratios):>10.3f}{ratios[0]:>7.2f}{ratios[-1]:>7.2f}")
    now.end()
    then.end()


if __name__ == "__main__":
    main()
