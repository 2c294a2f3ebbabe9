"""`jobyard` out of the bare checkout, on a machine whose clock is ahead: serve_ahead.py SECONDS COMMAND ..."""

import runpy
import sys
import time
from pathlib import Path

TESTS = Path(__file__).parent.parent


def shift(seconds: int) -> None:
    """Of this process, for whoever asks the time of day from now on."""
    right, right_ns = time.time, time.time_ns
    time.time = lambda: right() + seconds
    time.time_ns = lambda: right_ns() + seconds * 1_000_000_000


if __name__ == "__main__":
    shift(int(sys.argv.pop(1)))
    sys.path.insert(0, str(TESTS))
    runpy.run_path(str(TESTS / "serve.py"), run_name="__main__")
