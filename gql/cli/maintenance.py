"""`jobyard backup`, `restore` and `upgrade`: commands that talk to the database, as `serve` does."""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Coroutine, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ...models.documents.moments import iso
from ...models.json import JsonObject
from ...models.reading_settings import FILE_NAME, VARIABLE, find_settings_file, settings_of
from ...models.settings import SettingRefused, Settings
from .client import MISUSED, REFUSED, UNREACHABLE
from .output import Result, show

if TYPE_CHECKING:
    from ...resolvers.backup.frames import BackupSummary  # loads the driver: only where a command needs it

Done = TypeVar("Done")


def add_maintenance(add_parser: Callable[..., argparse.ArgumentParser]) -> Iterable[argparse.ArgumentParser]:
    """The parsers of the commands."""
    command = add_parser("backup", help="write the database of $MONGODB_URI to a file, at one moment; servers may run")
    command.set_defaults(command=back_up)
    command.add_argument("file", type=Path, metavar="FILE", help="a file that does not exist")
    command.add_argument(
        "--servers-stopped", action="store_true", help="read a MongoDB that is no replica set: nothing may write to it"
    )
    yield command

    command = add_parser("restore", help="read a backup into the empty database of $MONGODB_URI; servers must not run")
    command.set_defaults(command=restore)
    command.add_argument("file", type=Path, metavar="FILE", help="a file of `jobyard backup`")
    command.add_argument("--force", action="store_true", help="replace everything that is in the database")
    yield command

    command = add_parser("upgrade", help="report whether this release reads what is stored in $MONGODB_URI")
    command.set_defaults(command=check_upgrade)
    command.add_argument(
        "--check", action="store_true", required=True, help="only report: documents are upgraded as servers use them"
    )
    yield command


def add_data(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--config", type=Path, metavar="FILE", help=f"the settings file (${VARIABLE}, else ./{FILE_NAME} if it exists)"
    )
    command.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="the folder of a local mongod that does not run",
    )


def back_up(options: argparse.Namespace) -> int:
    from ...resolvers.backup.backup import write_backup

    settings = _settings(options)
    summary = _run(write_backup(settings, options.file, servers_stopped=options.servers_stopped))
    _print_summary(summary)
    size = options.file.stat().st_size
    print(f"{options.file}: {summary.documents} documents, {size} bytes, read back and compared.", file=sys.stderr)
    return 0


def restore(options: argparse.Namespace) -> int:
    from ...resolvers.backup import restore

    summary = _run(restore.restore(_settings(options), options.file, force=options.force))
    _print_summary(summary)
    at = iso(round(summary.header["at"].timestamp() * 1000))
    print(f"{summary.documents} documents of {at} restored, and the indexes made.", file=sys.stderr)
    return 0


def check_upgrade(options: argparse.Namespace) -> int:
    """1 if a newer release stored something."""
    from ...resolvers.backup import upgrade

    checks = _run(upgrade.check_upgrade(_settings(options)))
    rows = [{**vars(check), "collection": check.name, "missing": ", ".join(check.missing_indexes)} for check in checks]
    show(Result(rows, ("collection", "current", "older", "newer", "missing")), "table")
    newer = sum(check.newer for check in checks)
    older = sum(check.older for check in checks)
    if newer:
        print(
            f"jobyard: {newer} documents are of a newer release: this one shows their jobs and changes none of them.",
            file=sys.stderr,
        )
        return REFUSED
    print(f"This release reads everything; {older} older documents are upgraded as they are used.", file=sys.stderr)
    return 0


def _settings(options: argparse.Namespace) -> Settings:
    try:
        return settings_of({"data": options.data}, os.environ, find_settings_file(options.config, os.environ))
    except SettingRefused as refusal:
        print(f"jobyard: {refusal}", file=sys.stderr)
        sys.exit(MISUSED)


def _run(work: Coroutine[Any, Any, Done]) -> Done:
    from ...resolvers.store.errors import StoreProblem

    try:
        return asyncio.run(work)
    except StoreProblem as problem:
        print(f"jobyard: {problem}", file=sys.stderr)
        sys.exit(UNREACHABLE if "does not answer" in str(problem) else REFUSED)


def _print_summary(summary: "BackupSummary") -> None:
    rows: list[JsonObject] = [
        {"collection": name, "documents": count} for name, count in summary.counts.items() if count
    ]
    show(Result(rows, ("collection", "documents")), "table")
