"""Rehearsing a workflow in process: recorded answers stand in for its devices, and time passes at once.

A case is a JSON object: the documents to import, the body of a start, the recorded answers by task id, what people do,
and what must hold at the end. The engine and the built-in tasks are those of the server.
"""

from dataclasses import dataclass, field

from ...models.engine.rules import RuleRefused, with_rules
from ...models.errors import VariablesInvalid, WorkflowIsDraft
from ...models.json import Json, JsonObject, is_object, object_at, text_at
from ...models.language.errors import LanguageError
from ...models.language.query.query import query
from ...models.language.transformation import bare_output, transform
from ..templating.schema_checks import open_checks
from ..templating.workers import open_workers
from .cases import case_faults, transformation_case_faults
from .player import CasePlayer
from .results import (
    Coverage,
    differences,
    nearly_equal,
    shortened,
    together,
)


@dataclass
class Rehearsal:
    """`differences` says where the run is not what the case expects; none means the case passes."""

    id: str
    status: str
    tasks: int
    milliseconds: int
    differences: list[str] = field(default_factory=list[str])
    errors: list[JsonObject] = field(default_factory=list[JsonObject])
    stubbed: list[str] = field(default_factory=list[str])  # the tasks that a stub answered, as "id app.name"
    coverage: list[Coverage] = field(default_factory=list[Coverage])  # of the workflows that ran
    variables: JsonObject = field(default_factory=dict[str, Json])  # the job's at the end


async def rehearse(document: JsonObject, *, stub_adapters: bool = False) -> Rehearsal:
    """Run the case's start to its end, or to where nothing can happen any more.

    A workflow alone is a case as well, started without variables. A case that expects nothing expects to be complete.
    With `stub_adapters`, here or in the case, tasks that are neither built in nor recorded get a stub's answer, unless
    they are a person's.
    """
    case = _case_of(document)
    start = object_at(case, "start")
    options = object_at(start, "options")
    name = text_at(start, "workflow")
    id = text_at(case, "id") or name or text_at(case, "name")
    faults = case_faults(case)
    if faults:
        return Rehearsal(id, "not started", 0, 0, faults)
    try:
        rules = with_rules(object_at(case, "rules"))
    except RuleRefused as refusal:
        return Rehearsal(id, "not started", 0, 0, [str(refusal)])
    async with open_workers() as workers, open_checks() as schemas:
        stubbed = stub_adapters or case.get("stub_adapters") is True
        player = CasePlayer(case, rules, workers, schemas, stub_adapters=stubbed)
        try:
            state = await player.play(
                name, object_at(options, "variables"), text_at(options, "description") or None, "0" * 24
            )
        except (VariablesInvalid, WorkflowIsDraft) as refusal:
            return Rehearsal(id, "not started", 0, 0, [refusal.message])
    if state is None:
        return Rehearsal(id, "not started", 0, 0, [f"the case holds no workflow '{name}'"])
    expected = object_at(case, "expect") or {"status": "complete"}
    found = [*player.differences, *differences(expected, state, player.elapsed)]
    if expected.get("status", state.status) != state.status:
        found += [
            f"{waiting} waits for a person: say in `manual` how it is finished, or record an answer in `stubs`"
            for waiting in player.waiting(name, state)
        ]
    unreached = [id for id in player.stubs if id not in player.reached]
    if unreached:
        found.append(f"recorded answers that were never asked for: {', '.join(unreached)}")
    found += player.unshown(state)
    if player.manual:
        found.append(f"people were never asked: {', '.join(act.task_id for act in player.manual)}")
    ran = sum(task.iteration > 0 for task in state.tasks.values())
    coverage = together(player.coverage)
    return Rehearsal(
        id, state.status, ran, player.elapsed, found, state.errors, player.stubbed, coverage, state.variables
    )


def _case_of(document: JsonObject) -> JsonObject:
    if "start" in document or "tasks" not in document:
        return document
    return {"workflows": [document], "start": {"workflow": text_at(document, "name")}}


def rehearse_transformation(case: Json) -> list[str]:
    """Run a transformation alone, if the case is one; how what it answers differs from what the case expects."""
    faults = transformation_case_faults(case)
    if faults or not is_object(case):
        return faults
    document = object_at(case, "document")
    try:
        outputs = transform(document, object_at(case, "incoming"), object_at(case, "options"), query=query)
    except LanguageError as refusal:
        return [f"it ends in error: {refusal}"]
    got, expected = bare_output(document, outputs), case.get("expectedOutput")
    return [] if nearly_equal(got, expected) else [f"it answers {shortened(got)}, not {shortened(expected)}"]
