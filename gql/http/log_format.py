"""The log of a server: one line an event on the error output, as text for people or as JSON for machines."""

import atexit
import contextlib
import logging
import queue
import re
import sys
import threading
import time
from datetime import UTC, datetime
from typing import Any, Final, TextIO

import orjson

from ...models.json import JsonObject
from ...models.settings import Settings
from ...resolvers.log_facts import EVENT, FACTS
from ...resolvers.metrics import LINES_LEFT_OUT
from ...resolvers.store.errors import trace
from .request_ids import current

MOST_WAITING: Final = 10_000  # lines that are not written yet; what comes beyond them is counted and left out
MOST_AT_ONCE: Final = 500
FLUSH_SECONDS: Final = 1.0  # at the end of the process
PAUSE_SECONDS: Final = 0.05  # between two writes: lines that come meanwhile wake nobody
_ASKED: Final = "asked"  # of a record: the request that it was made in
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def set_up(settings: Settings) -> None:
    """Let all loggers of the process write as the settings say."""
    handler = Lines(sys.stderr)
    handler.setFormatter(JsonLines() if settings.log_format == "json" else TextLines())
    root = logging.getLogger()
    for earlier in root.handlers[:]:
        root.removeHandler(earlier)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("jobyard").setLevel(settings.log_level.upper())
    logging.captureWarnings(True)
    atexit.register(handler.flush)


class Lines(logging.Handler):
    """Makes and writes lines in a thread of its own: whoever does not read the output holds up no job."""

    def __init__(self, output: TextIO) -> None:
        super().__init__()
        self._output = output
        self._waiting: queue.Queue[logging.LogRecord] = queue.Queue(MOST_WAITING)
        self._left_out = 0
        threading.Thread(target=self._write_all, name="log", daemon=True).start()

    def emit(self, record: logging.LogRecord) -> None:
        setattr(record, _ASKED, current())
        try:
            self._waiting.put_nowait(record)
        except queue.Full:
            self._left_out += 1
            LINES_LEFT_OUT.inc()

    def flush(self) -> None:
        """Return once all is written, or after FLUSH_SECONDS."""
        written = threading.Thread(target=self._waiting.join, daemon=True)
        written.start()
        written.join(FLUSH_SECONDS)

    def _write_all(self) -> None:
        while True:
            records = [self._waiting.get()]
            with contextlib.suppress(queue.Empty):
                while len(records) < MOST_AT_ONCE:
                    records.append(self._waiting.get_nowait())
            lines = list(map(self._line, records))
            left_out, self._left_out = self._left_out, 0
            if left_out:
                gap = logging.LogRecord("jobyard", logging.WARNING, __file__, 0, _GAP, (left_out,), None)
                lines.append(self.format(gap))
            with contextlib.suppress(OSError, ValueError):  # nobody reads it any more, or it is closed
                self._output.write("".join(f"{line}\n" for line in lines))
                self._output.flush()
            for _ in records:
                self._waiting.task_done()
            time.sleep(PAUSE_SECONDS)

    def _line(self, record: logging.LogRecord) -> str:
        try:
            return self.format(record)
        except Exception:  # an edge: a line that cannot be made keeps no other from being written
            return f"a line of {record.name} could not be written: {record.pathname}:{record.lineno}"


_GAP: Final = "%d lines are left out: nobody read them in time"


class TextLines(logging.Formatter):
    """Time, level and sentence; then the request and the account, where there are any. What follows is indented."""

    def format(self, record: logging.LogRecord) -> str:
        said, traced = _parts(record)
        asked = " ".join(f"{name}={value}" for name, value in _asked(record).items())
        line = f"{_time(record)} {record.levelname:<7} {_plain(said)}{f' [{asked}]' if asked else ''}"
        return "\n    ".join([line, *map(_plain, traced.splitlines())])


class JsonLines(logging.Formatter):
    """One object a line: `time`, `level`, `event`, `message`, the facts of the event, and `trace` of a fault."""

    def format(self, record: logging.LogRecord) -> str:
        said, traced = _parts(record)
        facts: JsonObject = getattr(record, FACTS, {})
        line: dict[str, Any] = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "event": getattr(record, EVENT, record.name),
            "message": said,
            **_asked(record),
            **facts,
            **({"trace": traced} if traced else {}),
        }
        return orjson.dumps(line, default=str).decode()


def _parts(record: logging.LogRecord) -> tuple[str, str]:
    """The sentence, and the trace of the fault that it is about."""
    said, _, traced = record.getMessage().partition("\n")
    if not traced and record.exc_info and record.exc_info[1] is not None:
        traced = trace(record.exc_info[1])
    return said, traced


def _asked(record: logging.LogRecord) -> dict[str, str]:
    """The request that a record was made in."""
    asked: dict[str, str] | None = getattr(record, _ASKED, None)
    return current() if asked is None else asked


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _plain(text: str) -> str:
    """Nothing that a terminal obeys, or that begins another line."""
    return _CONTROL.sub(lambda found: repr(found[0])[1:-1], text)
