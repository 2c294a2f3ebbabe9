"""The log of a server: one line for each event on the error output, as text or as JSON."""

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
from ...resolvers.traces import trace_facts
from .request_ids import request_facts

MOST_WAITING: Final = 10_000  # lines in the queue; further lines are counted and dropped
MOST_AT_ONCE: Final = 500
FLUSH_SECONDS: Final = 1.0  # at the end of the process
PAUSE_SECONDS: Final = 0.05  # between two writes, so that lines are written in batches
_REQUEST: Final = "asked"  # the attribute of a record with the facts of its request
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def configure_logs(settings: Settings) -> None:
    """Configure all loggers of the process by the settings."""
    handler = LineHandler(sys.stderr)
    handler.setFormatter(JsonLines() if settings.log_format == "json" else TextLines())
    root = logging.getLogger()
    for earlier in root.handlers[:]:
        root.removeHandler(earlier)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("jobyard").setLevel(settings.log_level.upper())
    logging.captureWarnings(True)
    atexit.register(handler.flush)


class LineHandler(logging.Handler):
    """Formats and writes lines in a thread of its own: a blocked output delays no job."""

    def __init__(self, output: TextIO) -> None:
        super().__init__()
        self._output = output
        self._waiting: queue.Queue[logging.LogRecord] = queue.Queue(MOST_WAITING)
        self._left_out = 0
        threading.Thread(target=self._write_all, name="log", daemon=True).start()

    def emit(self, record: logging.LogRecord) -> None:
        setattr(record, _REQUEST, request_facts() | trace_facts())
        try:
            self._waiting.put_nowait(record)
        except queue.Full:
            self._left_out += 1
            LINES_LEFT_OUT.inc()

    def flush(self) -> None:
        """Return after all lines are written, or after FLUSH_SECONDS."""
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
            with contextlib.suppress(OSError, ValueError):  # the reader has gone, or the output is closed
                self._output.write("".join(f"{line}\n" for line in lines))
                self._output.flush()
            for _ in records:
                self._waiting.task_done()
            time.sleep(PAUSE_SECONDS)

    def _line(self, record: logging.LogRecord) -> str:
        try:
            return self.format(record)
        except Exception:  # an invalid record must not stop the other lines
            return f"a line of {record.name} could not be written: {record.pathname}:{record.lineno}"


_GAP: Final = "%d lines are left out: the output was blocked"


class TextLines(logging.Formatter):
    """Time, level and sentence, then the request and the account if known. Further lines are indented."""

    def format(self, record: logging.LogRecord) -> str:
        said, traced = _parts(record)
        request = " ".join(f"{name}={value}" for name, value in _request_of(record).items())
        line = f"{_time(record)} {record.levelname:<7} {_escape_controls(said)}{f' [{request}]' if request else ''}"
        return "\n    ".join([line, *map(_escape_controls, traced.splitlines())])


class JsonLines(logging.Formatter):
    """One JSON object a line: `time`, `level`, `event`, `message`, the event's facts, and the `trace` of an error."""

    def format(self, record: logging.LogRecord) -> str:
        said, traced = _parts(record)
        facts: JsonObject = getattr(record, FACTS, {})
        line: dict[str, Any] = {
            "time": _time(record),
            "level": record.levelname.lower(),
            "event": getattr(record, EVENT, record.name),
            "message": said,
            **_request_of(record),
            **facts,
            **({"trace": traced} if traced else {}),
        }
        return orjson.dumps(line, default=str).decode()


def _parts(record: logging.LogRecord) -> tuple[str, str]:
    """The sentence of a record, and the trace of its error."""
    said, _, traced = record.getMessage().partition("\n")
    if not traced and record.exc_info and record.exc_info[1] is not None:
        traced = trace(record.exc_info[1])
    return said, traced


def _request_of(record: logging.LogRecord) -> dict[str, str]:
    """The facts of the request of a record."""
    facts: dict[str, str] | None = getattr(record, _REQUEST, None)
    return request_facts() if facts is None else facts


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _escape_controls(text: str) -> str:
    """The text with control characters escaped, which a terminal would execute or which would begin a line."""
    return _CONTROL.sub(lambda found: repr(found[0])[1:-1], text)
