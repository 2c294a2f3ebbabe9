"""`jobyard rehearse`: prints a line for each case; exit code 1 if a case differs from its expectations."""

import argparse
import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import orjson

from ...models.json import Json, JsonObject, is_array, is_object, object_at, text_at
from ...resolvers.simulate.recording import repeat
from ...resolvers.simulate.rehearsal import Rehearsal, rehearse, rehearse_transformation
from ...resolvers.simulate.results import Coverage, together
from .client import Client
from .files import Unreadable, read_json

RECORD = "query Record($job: ID!) { recordedCase(jobId: $job) }"

# The name of a case, the faults, and the simulation if the case ran.
Outcome = tuple[str, list[str], Rehearsal | None]


def rehearse_cases(options: argparse.Namespace) -> int:
    outcomes = [*_workflows(options.cases, options.stub_adapters), *_transformations(options.transformations)]
    coverage = together(entry for _, _, run in outcomes if run is not None for entry in run.coverage)
    failed = sum(bool(faults) for _, faults, _ in outcomes)
    if options.json:
        print(orjson.dumps(_report(outcomes, coverage), option=orjson.OPT_INDENT_2).decode())
    else:
        _print(outcomes, coverage if options.coverage else [], failed)
    if options.junit is not None:
        try:
            options.junit.write_bytes(_junit(outcomes, failed))
        except OSError as fault:
            sys.exit(f"jobyard: cannot write {options.junit}: {fault.strerror}.")
    return 1 if failed or not outcomes else 0


def record_case(client: Client, job_id: str) -> int:
    """Print a case of a job; 0 if the simulation repeats the job. Differences go to stderr."""
    case: JsonObject = client.ask(RECORD, job=job_id)["recordedCase"]
    repeated = asyncio.run(repeat(case))
    print(orjson.dumps(repeated.case, option=orjson.OPT_INDENT_2).decode())
    if repeated.vary:
        print(f"jobyard: left out, since the values differ each time: {', '.join(repeated.vary)}", file=sys.stderr)
    for fault in repeated.run.differences:
        print(f"jobyard: the case differs from its job: {fault}", file=sys.stderr)
    return 1 if repeated.run.differences else 0


def _print(outcomes: list[Outcome], coverage: list[Coverage], failed: int) -> None:
    for name, faults, run in outcomes:
        print(f"{'FAIL' if faults else 'pass'} {name}{_summary(run)}")
        for fault in faults:
            print(f"     {fault}")
    for entry in coverage:
        print(f"covered {entry}")
    print(f"{len(outcomes) - failed} passed, {failed} failed")


def _summary(run: Rehearsal | None) -> str:
    if run is None:
        return ""
    stubbed = f", {len(run.stubbed)} of them answered by the stub" if run.stubbed else ""
    return f": {run.status}, {run.tasks} tasks, {run.milliseconds} ms{stubbed}"


def _report(outcomes: list[Outcome], coverage: list[Coverage]) -> JsonObject:
    return {
        "cases": [
            {"name": name, "passed": not faults, "faults": list(faults), **({} if run is None else _figures(run))}
            for name, faults, run in outcomes
        ],
        "passed": sum(not faults for _, faults, _ in outcomes),
        "failed": sum(bool(faults) for _, faults, _ in outcomes),
        "coverage": [entry.figures for entry in coverage],
    }


def _figures(run: Rehearsal) -> JsonObject:
    return {
        "status": run.status,
        "tasks": run.tasks,
        "milliseconds": run.milliseconds,
        "errors": list(run.errors),
        "stubbed": list(run.stubbed),
    }


def _junit(outcomes: list[Outcome], failed: int) -> bytes:
    """The results as JUnit XML; the time of a case is the simulated time."""
    suite = ElementTree.Element("testsuite", name="jobyard rehearse", tests=str(len(outcomes)), failures=str(failed))
    for name, faults, run in outcomes:
        seconds = 0 if run is None else run.milliseconds / 1000
        case = ElementTree.SubElement(
            suite, "testcase", classname="rehearse", name=_xml_text(name), time=f"{seconds:g}"
        )
        if faults:
            failure = ElementTree.SubElement(case, "failure", message=_xml_text(faults[0]))
            failure.text = _xml_text("\n".join(faults))
    return ElementTree.tostring(suite, encoding="utf-8", xml_declaration=True)


def _xml_text(text: str) -> str:
    """The text without characters that XML cannot contain: control characters and lone surrogates."""
    return "".join(
        entry if entry in "\t\n" or " " <= entry < "\ud800" or "\ue000" <= entry not in "\ufffe\uffff" else "?"
        for entry in text
    )


def _workflows(paths: list[Path], stub_adapters: bool) -> Iterator[Outcome]:
    for path in paths:
        try:
            case = read_json(path)
        except Unreadable as fault:
            yield str(path), [str(fault)], None
            continue
        if is_array(case):
            yield from _run_transformations(case)
            continue
        if not is_object(case):
            yield str(path), ["this is neither a case nor a workflow, which are objects, nor a list of cases"], None
            continue
        run = asyncio.run(rehearse(case, stub_adapters=stub_adapters))
        errors = [f"error of {error['task']}: {error['message']}" for error in run.errors]
        yield run.id or str(path), [*run.differences, *errors] if run.differences else [], run


def _transformations(path: Path | None) -> Iterator[Outcome]:
    if path is None:
        return
    try:
        cases = read_json(path)
    except Unreadable as fault:
        yield str(path), [str(fault)], None
        return
    if not is_array(cases):
        yield str(path), ["this is not a list of cases of transformations"], None
        return
    yield from _run_transformations(cases)


def _run_transformations(cases: list[Json]) -> Iterator[Outcome]:
    for index, case in enumerate(cases):
        name = text_at(object_at(case, "document"), "name") if is_object(case) else ""
        yield f"{index} {name}".rstrip(), rehearse_transformation(case), None
