"""What a test sees of the log: every line as machines read it, with its facts."""

import json
import logging
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from jobyard.gql.http.log_format import JsonLines


class Collected(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonLines())
        self.written: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.written.append(self.format(record))

    def of(self, *events: str) -> list[dict[str, Any]]:
        """The lines of these events, without their moments, in order."""
        lines = [json.loads(one) for one in self.written]
        assert all(line.pop("time").endswith("Z") for line in lines)
        return [line for line in lines if line["event"] in events]


@contextmanager
def collected(level: int = logging.DEBUG) -> Generator[Collected]:
    logger, handler = logging.getLogger("jobyard"), Collected()
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(level)
    try:
        yield handler
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)
