"""`jobyard import`: imports documents from files, folders and the standard input."""

import argparse
import sys
from pathlib import Path

from ...models.json import Json
from .client import Client, Reply
from .files import FILES_HELP, Unreadable, json_files, read_json

IMPORT = """
mutation Import($documents: [JSON!]!, $keep: [ID!]!) {
  importWorkflows(documents: $documents, keep: $keep) {
    imported { kind id name replaced warnings }
    skipped { where reason }
  }
}
"""
MOST_KEEP_IDS = 10_000  # ids that a request may name
BAR = 30  # characters of the progress bar


def add_import(command: argparse.ArgumentParser) -> None:
    command.set_defaults(command=import_files)
    command.add_argument("files", nargs="+", type=Path, metavar="FILE", help=FILES_HELP)


def import_files(options: argparse.Namespace) -> int:
    """1 if a document was skipped: also an empty file, and one that would overwrite a document of another file."""
    client = Client(options.server, options.token)
    skipped = 0
    imported_ids: list[Json] = []
    unsure: list[tuple[Json, list[Reply]]] = []  # documents with their imported parts
    paths = json_files(options.files)
    progress = Progress(len(paths))
    for number, path in enumerate(paths):
        progress.show(number, path.name)
        try:
            document = read_json(path)
        except Unreadable as fault:
            progress.clear()
            print(f"skipped {path}: {fault}")
            skipped += 1
            continue
        report: Reply = client.ask(IMPORT, documents=[document], keep=imported_ids[-MOST_KEEP_IDS:])["importWorkflows"]
        progress.clear()
        imported_ids += [entry["id"] for entry in report["imported"]]
        if any(entry["warnings"] for entry in report["imported"]) and len(paths) > 1:
            unsure.append((document, report["imported"]))
        else:
            _print_imported(report["imported"])
        for entry in report["skipped"]:
            print(f"skipped {path} {entry['where']}: {entry['reason']}")
        if not report["imported"] and not report["skipped"]:
            print(f"skipped {path}: there is no document in it.")
            skipped += 1
        skipped += len(report["skipped"])
    for document, imported in unsure:
        # A later file may have the documents that this file refers to. The import leaves equal documents unchanged.
        again: Reply = client.ask(IMPORT, documents=[document], keep=imported_ids[-MOST_KEEP_IDS:])["importWorkflows"]
        warnings = {entry["id"]: entry["warnings"] for entry in again["imported"]}
        _print_imported([{**entry, "warnings": warnings.get(entry["id"], entry["warnings"])} for entry in imported])
    return 1 if skipped else 0


def _print_imported(imported: list[Reply]) -> None:
    for entry in imported:
        print(f"{'replaced' if entry['replaced'] else 'imported'} {entry['kind'].lower()} {entry['name']!r}")
        for warning in entry["warnings"]:
            print(f"  warning: {warning}")


class Progress:
    """A bar on the last line of a terminal; elsewhere nothing."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._visible = total > 1 and sys.stderr.isatty() and sys.stdout.isatty()

    def show(self, done: int, name: str) -> None:
        if self._visible:
            bar = "#" * (BAR * done // self._total)
            print(f"\r\x1b[K[{bar:<{BAR}}] {done}/{self._total} {name}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        if self._visible:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
