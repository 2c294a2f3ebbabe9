"""`jobyard rehearse`: a line a case, and exit code 1 when one differs from what it expects."""

import argparse
import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import orjson

from ...models.json import JsonObject, is_array, is_object, object_at, text_at
from ...resolvers.simulate.recording import repeat
from ...resolvers.simulate.rehearsal import Rehearsal, rehearse, rehearse_transformation
from ...resolvers.simulate.results import Coverage, together
from .client import Client
from .files import Unreadable, read_json

RECORD = "query Record($job: ID!) { recordedCase(jobId: $job) }"

# The case as people call it, what is wrong with it, and how it ran where it did.
Told = tuple[str, list[str], Rehearsal | None]


def rehearse_cases(options: argparse.Namespace) -> int:
    told = [*_workflows(options.cases, options.stub_adapters), *_transformations(options.transformations)]
    coverage = together(one for _, _, run in told if run is not None for one in run.coverage)
    failed = sum(bool(faults) for _, faults, _ in told)
    if options.json:
        print(orjson.dumps(_report(told, coverage), option=orjson.OPT_INDENT_2).decode())
    else:
        _print(told, coverage if options.coverage else [], failed)
    if options.junit is not None:
        try:
            options.junit.write_bytes(_junit(told, failed))
        except OSError as fault:
            sys.exit(f"jobyard: cannot write {options.junit}: {fault.strerror}.")
    return 1 if failed or not told else 0


def record_case(client: Client, job_id: str) -> int:
    """0 when the case passes as it is printed; what keeps it from that is said beside it."""
    case: JsonObject = client.ask(RECORD, job=job_id)["recordedCase"]
    repeated = asyncio.run(repeat(case))
    print(orjson.dumps(repeated.case, option=orjson.OPT_INDENT_2).decode())
    if repeated.vary:
        print(f"jobyard: left out, as they are others each time: {', '.join(repeated.vary)}", file=sys.stderr)
    for fault in repeated.run.differences:
        print(f"jobyard: the case differs from its job: {fault}", file=sys.stderr)
    return 1 if repeated.run.differences else 0


def _print(told: list[Told], coverage: list[Coverage], failed: int) -> None:
    for name, faults, run in told:
        print(f"{'FAIL' if faults else 'pass'} {name}{_spoken(run)}")
        for fault in faults:
            print(f"     {fault}")
    for one in coverage:
        print(f"covered {one}")
    print(f"{len(told) - failed} passed, {failed} failed")


def _spoken(run: Rehearsal | None) -> str:
    if run is None:
        return ""
    stubbed = f", {len(run.stubbed)} of them answered by the stub" if run.stubbed else ""
    return f": {run.status}, {run.tasks} tasks, {run.milliseconds} ms{stubbed}"


def _report(told: list[Told], coverage: list[Coverage]) -> JsonObject:
    return {
        "cases": [
            {"name": name, "passed": not faults, "faults": list(faults), **({} if run is None else _figures(run))}
            for name, faults, run in told
        ],
        "passed": sum(not faults for _, faults, _ in told),
        "failed": sum(bool(faults) for _, faults, _ in told),
        "coverage": [one.told for one in coverage],
    }


def _figures(run: Rehearsal) -> JsonObject:
    return {
        "status": run.status,
        "tasks": run.tasks,
        "milliseconds": run.milliseconds,
        "errors": list(run.errors),
        "stubbed": list(run.stubbed),
    }


def _junit(told: list[Told], failed: int) -> bytes:
    """What build servers read as the result of tests; a case's time is that of its own clock."""
    suite = ElementTree.Element("testsuite", name="jobyard rehearse", tests=str(len(told)), failures=str(failed))
    for name, faults, run in told:
        seconds = 0 if run is None else run.milliseconds / 1000
        case = ElementTree.SubElement(suite, "testcase", classname="rehearse", name=_legal(name), time=f"{seconds:g}")
        if faults:
            failure = ElementTree.SubElement(case, "failure", message=_legal(faults[0]))
            failure.text = _legal("\n".join(faults))
    return ElementTree.tostring(suite, encoding="utf-8", xml_declaration=True)


def _legal(text: str) -> str:
    """XML has no way to write most control characters, nor halves of others."""
    return "".join(
        one if one in "\t\n" or " " <= one < "\ud800" or "\ue000" <= one not in "\ufffe\uffff" else "?" for one in text
    )


def _workflows(paths: list[Path], stub_adapters: bool) -> Iterator[Told]:
    for path in paths:
        try:
            case = read_json(path)
        except Unreadable as fault:
            yield str(path), [str(fault)], None
            continue
        if not is_object(case):
            yield str(path), ["this is neither a case nor a workflow: both are objects"], None
            continue
        run = asyncio.run(rehearse(case, stub_adapters=stub_adapters))
        errors = [f"error of {error['task']}: {error['message']}" for error in run.errors]
        yield run.id or str(path), [*run.differences, *errors] if run.differences else [], run


def _transformations(path: Path | None) -> Iterator[Told]:
    if path is None:
        return
    try:
        cases = read_json(path)
    except Unreadable as fault:
        yield str(path), [str(fault)], None
        return
    if not is_array(cases):
        yield str(path), ["this is no list of cases of transformations"], None
        return
    for index, case in enumerate(cases):
        name = text_at(object_at(case, "document"), "name") if is_object(case) else ""
        yield f"{index} {name}".rstrip(), rehearse_transformation(case), None
