"""`jobyard rehearse`: a line a case, and exit code 1 when one differs from what it expects."""

import argparse
import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

from ..models.json import Json, array_at, is_object, object_at, text_at
from ..resolvers.rehearsal import rehearse, rehearse_transformation

Told = tuple[str, list[str]]  # the case as people call it, and what is wrong with it


def rehearse_cases(options: argparse.Namespace) -> int:
    passed = failed = 0
    for name, faults in [*_workflows(options.cases, options.stub_adapters), *_transformations(options.transformations)]:
        print(f"{'FAIL' if faults else 'pass'} {name}")
        for fault in faults:
            print(f"     {fault}")
        passed, failed = passed + (not faults), failed + bool(faults)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def _workflows(paths: list[Path], stub_adapters: bool) -> Iterator[Told]:
    for path in paths:
        try:
            case: Json = json.loads(path.read_bytes())
        except (OSError, ValueError) as fault:
            yield str(path), [str(fault)]
            continue
        if not is_object(case):
            yield str(path), ["this is neither a case nor a workflow: both are objects"]
            continue
        result = asyncio.run(rehearse(case, stub_adapters=stub_adapters))
        errors = [f"error of {error['task']}: {error['message']}" for error in result.errors]
        stubbed = f", {len(result.stubbed)} of them answered by the stub" if result.stubbed else ""
        name = f"{result.id}: {result.status}, {result.tasks} tasks, {result.milliseconds} ms{stubbed}"
        yield name, [*result.differences, *errors] if result.differences else []


def _transformations(path: Path | None) -> Iterator[Told]:
    if path is None:
        return
    try:
        cases: Json = json.loads(path.read_bytes())
    except (OSError, ValueError) as fault:
        yield str(path), [str(fault)]
        return
    for index, case in enumerate(array_at({"cases": cases}, "cases")):
        yield f"{index} {text_at(object_at(case, 'document'), 'name')}", rehearse_transformation(case)
