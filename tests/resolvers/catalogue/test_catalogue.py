"""The catalogue as a whole: names as in the published list, and what stands in for other tasks."""

import csv
import os
from pathlib import Path

import pytest
from jobyard.models.engine.outcomes import CallProvider
from jobyard.models.json import JsonObject
from jobyard.resolvers.catalogue import BUILT_IN, function_of

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


def test_the_tasks_that_most_published_workflows_use_are_built_in() -> None:
    wanted = (
        "query evaluation merge deepmerge newVariable childJob stub delay stringConcat arrayPush push pop shift "
        "setObjectKey makeData forEach updateJobDescription ViewData modify arrayLength stringLength arrayConcat "
        "objectToString numberToString arrayToString join parse split substring replace toLowerCase toUpperCase "
        "arrayIncludes arrayIndexOf getTime"
    )
    assert [name for name in wanted.split() if ("WorkFlowEngine", name) not in BUILT_IN] == []
    assert ("MOP", "reattempt") in BUILT_IN


def test_the_catalogue_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        BUILT_IN["WorkFlowEngine", "query"] = BUILT_IN["WorkFlowEngine", "merge"]  # type: ignore[index]


def test_any_other_task_asks_its_provider() -> None:
    call_provider = function_of("Servicenow", "createIncident")
    assert call_provider is function_of("WorkFlowEngine", "noSuchTask")
    assert call_provider(None) == CallProvider()  # type: ignore[arg-type]
    assert function_of("WorkFlowEngine", "query") is BUILT_IN["WorkFlowEngine", "query"].function
