"""The data directory of a local mongod: used by one server at a time, and private to its owner."""

import fcntl
import json
import logging
import os
from pathlib import Path
from secrets import token_hex, token_urlsafe
from typing import IO

from ..log_facts import about
from .errors import StoreProblem

log = logging.getLogger("jobyard")


class DirectoryLock:
    """Holds the lock of a data directory. The kernel releases the lock when this process ends, also after a kill."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._file: IO[str] | None = None

    def __enter__(self) -> None:
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            make_private(self._directory)
            self._file = (self._directory / "jobyard.lock").open("a")
        except OSError as fault:
            raise StoreProblem(
                f"No jobs can be kept in {self._directory}: {fault}. Choose another directory with --data."
            ) from fault
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise StoreProblem(
                f"Another jobyard server keeps its jobs in {self._directory}. Stop it, choose another directory with "
                "--data, or let both share a MongoDB with MONGODB_URI."
            ) from None

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()


def password_of(directory: Path) -> str:
    """The password of the directory's mongod; the first use makes it and the key file."""
    path = directory / "jobyard.json"
    if not path.exists():
        _write_private(directory / "key", token_hex(64))
        _write_private(path, json.dumps({"password": token_urlsafe(32)}))
    return json.loads(path.read_text())["password"]


def make_private(path: Path) -> None:
    """Make the path private to its owner. A path of another owner stays as it is, with a warning."""
    try:
        path.chmod(0o700 if path.is_dir() else 0o600)
    except PermissionError:
        log.warning(
            "%s belongs to another user: others may be able to read what is kept there",
            path,
            extra=about("directory_of_others", path=str(path)),
        )


def _write_private(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
