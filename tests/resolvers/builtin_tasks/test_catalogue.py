"""The catalogue as a whole: names as in the published list, and what stands in for other tasks."""

import csv
import os
from pathlib import Path

import pytest
from jobyard.models.engine.outcomes import AskPerson, CallProvider, Outcome, TaskCall
from jobyard.models.json import Json, JsonObject
from jobyard.resolvers.builtin_tasks.registry import BUILT_IN, function_of
from jobyard.resolvers.builtin_tasks.task import built_in, returning

SHARED = Path(os.environ.get("JOBYARD_SHARED") or Path(__file__).parents[3].parent / "shared")


@pytest.fixture(scope="module")
def published() -> dict[tuple[str, str], JsonObject]:
    listed = SHARED / "reference" / "catalogue.tsv"
    if not listed.exists():
        if os.environ.get("JOBYARD_STRICT") == "1":
            pytest.fail(f"{listed} is missing")
        pytest.skip(f"{listed} is not here")
    with listed.open(encoding="utf-8") as rows:
        return {(row["app"], row["task"]): row for row in csv.DictReader(rows, delimiter="\t")}


def test_names_are_those_of_the_published_list(published: dict[tuple[str, str], JsonObject]) -> None:
    differences = [
        (key, row["incoming"], row["outgoing"])
        for key, row in published.items()
        if (task := BUILT_IN.get(key)) is not None and key != ("WorkFlowEngine", "transformation")
        if (",".join(task.incoming), ",".join(task.outgoing)) != (row["incoming"], row["outgoing"] or "")
    ]
    assert differences == []


def test_every_task_is_found_by_its_own_name_and_says_what_it_does() -> None:
    assert {key: (task.app, task.name) for key, task in BUILT_IN.items()} == {key: key for key in BUILT_IN}
    assert [key for key, task in BUILT_IN.items() if not task.description.endswith(".")] == []


# The vendor's method list of 2020.2 and what came later (reference/execution.md#function-tasks).
NAMES = """
addDuration arrayConcat arrayIncludes arrayIndexOf arrayLastIndexOf arrayLength arrayPop arrayPush arrayShift arraySlice
arrayToLocaleString arrayToString asciiToBase64 assign calculateTimeDiff charAt charCodeAt childJob codePointAt
convertEpochToObject convertTimeFormat convertTimeToEpoch convertTimezone copyWithin csvStringToJson decision deepmerge
delay endsWith ErrorHandling evaluation eventListenerJob excelToJson extractField fill FlattenJSONFormInput forEach
getTime isArray join keys localeCompare makeData map match merge modify newVariable normalize numberToString
objectHasOwnProperty objectToString padEnd padStart parse parseInt pop push query repeat replace restCall reverse
runCode search setObjectKey shift sort split startsWith stringConcat stringIncludes stringIndexOf stringLastIndexOf
stringLength stringSlice stringValueOf stub substring toLocaleLowerCase toLocaleUpperCase toLowerCase toUpperCase
transformation trim trimEnd trimStart unshift updateJobDescription validateJsonSchema values ViewData ViewDiff ViewHTML
"""
OUTSIDE = {"runCode"}  # it needs a gateway


def test_every_task_of_the_vendors_lists_is_declared(published: dict[tuple[str, str], JsonObject]) -> None:
    used = {name for app, name in published if app == "WorkFlowEngine"}
    missing = [name for name in sorted({*NAMES.split(), *used}) if ("WorkFlowEngine", name) not in BUILT_IN]
    assert [name for name in missing if name not in OUTSIDE] == []
    assert ("MOP", "reattempt") in BUILT_IN


def test_types_and_locations_are_those_of_the_published_list(published: dict[tuple[str, str], JsonObject]) -> None:
    differences = [
        (key, task.type, task.location)
        for key, task in BUILT_IN.items()
        if (row := published.get(key)) is not None
        if (row["type"].partition(":")[0], row["location"]) != (task.type, task.location)
    ]
    assert differences == []


def test_the_system_does_what_nobody_else_does() -> None:
    others = {name: task.actor for (_, name), task in BUILT_IN.items() if task.actor != "Pronghorn"}
    manual = {task.name for task in BUILT_IN.values() if task.type == "manual"}
    assert others == {"childJob": "job", "forEach": "job", "eventListenerJob": "job", **dict.fromkeys(manual)}


def test_meanings_are_of_incoming_names() -> None:
    assert [(key, name) for key, task in BUILT_IN.items() for name in task.meanings if name not in task.incoming] == []


def test_only_a_transformation_has_other_outgoing_values() -> None:
    assert [task.name for task in BUILT_IN.values() if task.more_outgoing] == ["transformation"]


def test_a_task_may_be_declared_with_names_alone() -> None:
    @returning("length", "count", ("list",), app="Ours")
    def count(items: Json) -> Json:
        """Count."""
        return len(items)

    @built_in("ask", ("question",), (), type="manual", location="Adapter", actor="job")
    def ask(call: TaskCall) -> Outcome:
        """Ask."""
        return AskPerson()

    assert (count.app, count.incoming, count.outgoing, count.type) == ("Ours", ("list",), ("length",), "automatic")
    assert (count.description, dict(count.meanings), count.actor) == ("Count.", {}, "Pronghorn")
    assert (ask.app, ask.type, ask.location, ask.actor) == ("WorkFlowEngine", "manual", "Adapter", None)


def test_the_catalogue_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        BUILT_IN["WorkFlowEngine", "query"] = BUILT_IN["WorkFlowEngine", "merge"]  # type: ignore[index]


def test_any_other_task_asks_its_provider() -> None:
    call_provider = function_of("Servicenow", "createIncident")
    assert call_provider is function_of("WorkFlowEngine", "noSuchTask")
    assert call_provider(None) == CallProvider()  # type: ignore[arg-type]
    assert function_of("OtherApp", "ViewThing", manual=True)(None) == AskPerson()  # type: ignore[arg-type]
    assert function_of("WorkFlowEngine", "query", manual=True) is BUILT_IN["WorkFlowEngine", "query"].function
    assert function_of("WorkFlowEngine", "query") is BUILT_IN["WorkFlowEngine", "query"].function
