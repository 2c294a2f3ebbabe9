"""`jobyard` as tests/serve.py runs it, and a line for each turn of its event loop that took long:

TURN moment processor-seconds seconds starved where

Another thread that holds the lock of the interpreter counts as the loop's own: its processor, and where it is.
`starved` is how long of that threads waited for a processor, which other programs had.
"""

import asyncio
import gc
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType

import uvicorn

sys.path.insert(0, str(Path(__file__).parents[1]))

import checkout  # noqa: F401 -- names the checkout jobyard
from jobyard.gql.cli.entry import main

LONG = 0.05  # s of processor in one turn
HELD = 0.3  # s without a turn of the loop, while other threads took a third of that or more
LATE = 0.1  # s without a turn, whoever took them
EVERY = 0.02
DEEPEST = 12  # functions named, the innermost first
_RESTING = ("_worker", "wait", "get", "select", "_recv_into")  # where threads stand that do nothing


class Watch:
    """Its beat is a callback of the loop; a thread looks where the loop is when the beat does not come."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._main = threading.get_ident()
        self._last, self._delayed = _now(), _delayed()
        self._where = ""
        self._collecting, self._collected = 0.0, 0.0
        gc.callbacks.append(self._collect)
        loop.call_soon(self._beat)
        self._looking = threading.Thread(target=self._look, daemon=True)
        self._looking.start()

    def _beat(self) -> None:
        moment, used, of_all = now = _now()
        own, seconds = used - self._last[1], moment - self._last[0]
        others = of_all - self._last[2] - own
        held = others if seconds > HELD and others > seconds / 3 else 0.0
        delayed = _delayed()
        if max(own, held) > LONG or seconds > LATE:
            starved = max(0.0, min(delayed - self._delayed, seconds - max(own, held)))
            cost = f"{max(own, held):.3f} {seconds:.3f} {starved:.3f}"
            where = f"COLLECTING {self._collected:.2f} s, {self._where or '?'}"
            print(f"TURN {moment:.3f} {cost} {where}", flush=True)
        self._last, self._delayed, self._where, self._collected = now, delayed, "", 0.0
        self._loop.call_later(EVERY, self._beat)

    def _collect(self, phase: str, _: dict[str, int]) -> None:
        """Add the time of a garbage collection, in whichever thread: no other thread goes on meanwhile."""
        if phase == "start":
            self._collecting = time.monotonic()
        else:
            self._collected += time.monotonic() - self._collecting

    def _look(self) -> None:
        while True:
            time.sleep(EVERY)
            if time.monotonic() - self._last[0] > LONG and not self._where:
                frames = sys._current_frames()
                own = _where(frames.pop(self._main, None))
                frames.pop(threading.get_ident(), None)
                others = [_where(one, 4) for one in frames.values() if one.f_code.co_name not in _RESTING]
                self._where = " BESIDE ".join([own, *others])


def _now() -> tuple[float, float, float]:
    """The moment, and the processor time of this thread and of all."""
    return time.monotonic(), time.thread_time(), time.process_time()


def _delayed() -> float:
    """How long the threads waited for a processor, all together."""
    total = 0
    for one in Path("/proc/self/task").iterdir():
        with suppress(OSError):  # it is over
            total += int((one / "schedstat").read_text().split()[1])
    return total / 1e9


def _where(frame: FrameType | None, deepest: int = DEEPEST) -> str:
    names = [f"{Path(one.filename).name}:{one.lineno}:{one.name}" for one in traceback.extract_stack(frame)]
    return " < ".join(reversed(names[-deepest:]))


def watched(factory: Callable[[], asyncio.AbstractEventLoop]) -> Callable[[], asyncio.AbstractEventLoop]:
    def made() -> asyncio.AbstractEventLoop:
        loop = factory()
        Watch(loop)
        return loop

    return made


if __name__ == "__main__":
    _usual = uvicorn.Config.get_loop_factory
    setattr(uvicorn.Config, "get_loop_factory", lambda config: watched(_usual(config) or asyncio.new_event_loop))  # noqa: B010
    main()
