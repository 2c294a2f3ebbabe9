"""`jobyard check`: prints a line for each finding; exit code 1 if a finding is an error."""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ...models.documents.containers import Found, Skipped, open_container
from ...models.json import text_at
from ...models.lint import Finding, Mentioned, mentioned
from ...resolvers.workflows.checking import check_together
from .client import Client
from .files import Unreadable, json_files, read_json

CHECK = """
query Check($document: JSON!, $beside: [JSON!]) {
  validateWorkflow(document: $document, beside: $beside) {
    errors { task name message }
    warnings { task name message }
  }
}
"""


@dataclass(frozen=True)
class _File:
    """The documents of a file, or the reason why the file is unreadable."""

    path: Path
    parts: tuple[Found | Skipped, ...] = ()
    fault: str | None = None

    @property
    def found(self) -> list[Found]:
        return [part for part in self.parts if isinstance(part, Found)]


def check_files(options: argparse.Namespace) -> int:
    """Check the files together: documents of one file may refer to documents of another."""
    files = [_read(path) for path in json_files(options.files)]
    found = [part for file in files for part in file.found]
    # Without --server the command uses no network; JOBYARD_SERVER is for commands that need a server.
    checked = (
        _check_on_server(Client(options.server, options.token), found) if options.server else check_together(found)
    )
    findings = {id(workflow): findings for workflow, findings in checked}
    errors = warnings = 0
    for file in files:
        for severity, line in _lines(file, findings):
            print(f"{file.path}: {line}")
            errors, warnings = errors + (severity == "error"), warnings + (severity == "warning")
    print(f"{_count(len(findings), 'workflow')}: {_count(errors, 'error')}, {_count(warnings, 'warning')}")
    return 1 if errors else 0


def _read(path: Path) -> _File:
    try:
        return _File(path, tuple(open_container(read_json(path), "")))
    except (Unreadable, ValueError, RecursionError) as fault:
        return _File(path, fault=str(fault))


def _lines(file: _File, findings: dict[int, list[Finding]]) -> Iterator[tuple[str, str]]:
    if file.fault is not None:
        yield "error", f"error: {file.fault}"
    elif not any(isinstance(part, Found) or part.is_known for part in file.parts):
        yield "error", "error: there is no document in it that can be checked."
    for part in file.parts:
        if isinstance(part, Skipped):
            where = f"{part.where.removeprefix('.')}: " if part.where else ""
            yield "warning", f"{where}warning: not checked: {part.reason}"
            continue
        for finding in findings.get(id(part), ()):
            place = f"workflow {text_at(part.document, 'name')!r}: {finding.place}"
            yield finding.severity, f"{place}{finding.severity}: {finding.message}"


def _check_on_server(client: Client, found: list[Found]) -> Iterator[tuple[Found, list[Finding]]]:
    """The findings of a server, which gets each workflow with the documents that the workflow refers to."""
    for part in found:
        if part.kind != "workflow":
            continue
        mentions = mentioned(part.document)
        others = [other.document for other in found if other is not part and _is_mentioned(other, mentions)]
        answer = client.ask(CHECK, document=part.document, beside=others)["validateWorkflow"]
        yield (
            part,
            [
                Finding(severity, entry["task"], entry["name"], entry["message"])
                for severity in ("error", "warning")
                for entry in answer[f"{severity}s"]
            ],
        )


def _is_mentioned(other: Found, mentions: Mentioned) -> bool:
    names = {text_at(other.document, key) for key in ("name", "id", "_id")}
    if other.project is not None:
        names.add(other.project.name_of(text_at(other.document, "name")))
    return bool(names & (mentions.transformations | mentions.workflows | mentions.templates | mentions.forms))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
