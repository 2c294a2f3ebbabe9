"""A job in its documented form.

See reference/rest-api.md#job-document and #task-of-a-job, reference/execution.md#compiled-tasks.
"""

import copy
from datetime import UTC, datetime
from typing import Any

import pytest
from jobyard.models.documents.documented import MOST_ITERATIONS, documented_job, foreign_job, shared_tasks
from jobyard.models.documents.new_job import JobRequest, Parent, job_document
from jobyard.models.documents.progress import task_entry
from jobyard.models.engine.graph import compile_graph
from jobyard.models.engine.state import TaskState, begin
from jobyard.models.secrets.masking import MASK

from ...documents import chain, task

AT = datetime(2025, 1, 1, tzinfo=UTC)
JOB = "5d0c0b7a9c1e4f2ea6b3c41d"


def shown(
    document: dict[str, Any],
    states: dict[str, TaskState] | None = None,
    iterations: dict[str, Any] | None = None,
    **request: Any,
) -> dict[str, Any]:
    graph = compile_graph(document)
    state = begin(graph, job_id=JOB, variables=request.pop("variables", {}), description=None, at=0)
    state.tasks.update(states or {})
    header = job_document(JobRequest("w", "ada", **request), document, "0", state, AT)
    header["tasks"] = {id: task_entry(one) for id, one in state.tasks.items()}
    return documented_job(header, document, graph, iterations or {})


def test_what_is_known_of_the_tasks_of_all_jobs_is_changed_by_none() -> None:
    document = chain("w", a1=task("childJob", workflow="c"), b2={**task("ViewData"), "type": "manual"})
    graph = compile_graph(document)
    drawn = shared_tasks(graph)
    before = copy.deepcopy(drawn)
    state = begin(graph, job_id=JOB, variables={}, description=None, at=0)
    header = job_document(JobRequest("w", "ada"), document, "0", state, AT)
    states = TaskState(status="complete", iteration=2, finish_state="success"), TaskState(status="running", iteration=1)
    for one in states:
        header["tasks"] = {"a1": task_entry(one)}
        assert documented_job(header, document, graph, {}, drawn) == documented_job(header, document, graph, {})
    assert drawn == before


@pytest.mark.parametrize("name", ["childJob", "runAgent", "forEach", "eventListenerJob"])
def test_2_tasks_that_act_for_the_starter_have_the_actor_job(name: str) -> None:
    assert shown(chain("w", a1=task(name)))["tasks"]["a1"]["actor"] == "job"


@pytest.mark.parametrize(
    ("written", "actor"), [({}, "Pronghorn"), ({"actor": "b2"}, "b2"), ({"actor": ""}, "Pronghorn")]
)
def test_2_any_other_task_has_the_actor_of_its_author_or_else_pronghorn(written: Any, actor: str) -> None:
    assert shown(chain("w", a1={**task("query"), **written}))["tasks"]["a1"]["actor"] == actor


def test_2_a_manual_task_has_no_actor_of_its_own() -> None:
    assert "actor" not in shown(chain("w", a1={**task("ViewData"), "type": "manual"}))["tasks"]["a1"]


@pytest.mark.parametrize(
    ("state", "count", "finished"),
    [
        (TaskState(), 0, False),
        (TaskState("running", attempt=3, waits_for="retry"), 2, False),
        (TaskState("complete", "success", attempt=1), 0, False),
        (TaskState("complete", "success", attempt=2), 1, True),
        (TaskState("error", "error", attempt=4), 3, True),
    ],
)
def test_7_retry_settings_say_how_often_it_was_tried_again(state: TaskState, count: int, finished: bool) -> None:
    settings = {"autoRetry": True, "limit": 3, "delay": 3000, "state": ["error"]}
    job = shown(chain("w", a1={**task("query"), "retrySettings": settings}), {"a1": state})
    assert job["tasks"]["a1"]["retrySettings"] == {**settings, "count": count, "finishedRetrying": finished}


def test_7_a_task_without_retry_settings_has_none() -> None:
    assert "retrySettings" not in shown(chain("w", a1=task("query")))["tasks"]["a1"]


def looped(**more: Any) -> dict[str, Any]:
    return {"iteration": 1, "children": {"workflow": "child", "variables": [{}, {}], "looped": True, **more}}


def test_5_a_loop_of_child_jobs_shows_its_children_and_how_far_it_is() -> None:
    document = chain("w", a1=task("childJob"))
    going = TaskState("running", iteration=1, waits_for="children", finished_children=1, child_complete=True)
    found = shown(document, {"a1": going}, {"a1": looped()})["tasks"]["a1"]
    assert found["loop"] == {"atLeastOneComplete": True, "finishedCount": 1, "outgoing": []}
    assert [(child["name"], child["iteration"]) for child in found["childJobs"]] == [("child", 0), ("child", 1)]
    assert len({child["_id"] for child in found["childJobs"]}) == 2


def test_5_a_loop_that_is_over_shows_what_its_children_answered() -> None:
    over = TaskState("complete", "success", iteration=1, finished_children=2, child_complete=True)
    loop = [{"n": 1, "childJobLoopIndex": 0}, {"n": 2, "childJobLoopIndex": 1}]
    iteration = {**looped(), "variables": {"outgoing": {"job_details": {"status": "complete", "loop": loop}}}}
    found = shown(chain("w", a1=task("childJob")), {"a1": over}, {"a1": iteration})["tasks"]["a1"]
    assert found["loop"] == {"atLeastOneComplete": True, "finishedCount": 2, "outgoing": loop}


def test_5_a_single_child_has_no_loop() -> None:
    iteration = looped(looped=False, variables=[{}])
    found = shown(chain("w", a1=task("childJob")), {"a1": TaskState("running", iteration=1)}, {"a1": iteration})
    assert "loop" not in found["tasks"]["a1"]
    assert len(found["tasks"]["a1"]["childJobs"]) == 1


def test_5_a_child_names_its_parent_and_its_ancestors_from_the_root_to_itself() -> None:
    job = shown(chain("w"), parent=Parent("p" * 24, "a1", 3, 1, 7, True, ("r" * 24, "p" * 24)))
    assert job["parent"] == {"job": "p" * 24, "task": "a1", "iteration": 7, "element": 7}
    assert job["ancestors"] == ["r" * 24, "p" * 24, JOB]


def test_a_root_has_itself_as_its_only_ancestor_and_no_parent() -> None:
    job = shown(chain("w"))
    assert (job["ancestors"], "parent" in job) == ([JOB], False)


def branching() -> dict[str, Any]:
    document = chain("w", a1=task("query"), b2=task("query"))
    document["tasks"].update(c3=task("query"), d4=task("query"))
    document["transitions"]["a1"].update(
        c3={"type": "standard", "state": "failure"}, d4={"type": "standard", "state": "success"}
    )
    document["transitions"]["d4"] = {"a1": {"type": "revert", "state": "failure"}}
    return document


def test_1_4_predecessors_stand_in_the_bucket_of_what_became_of_them() -> None:
    document = branching()
    assert shown(document)["tasks"]["b2"]["previous"] == {"incomplete": ["a1"], "complete": [], "error": []}
    over = shown(document, {"a1": TaskState("complete", "success", iteration=1), "c3": TaskState(never_runs=True)})
    assert over["tasks"]["b2"]["previous"] == {"incomplete": [], "complete": ["a1"], "error": []}
    assert over["tasks"]["c3"]["previous"] == {"incomplete": [], "complete": [], "error": ["a1"]}
    assert over["tasks"]["workflow_end"]["previous"] == {"incomplete": ["b2"], "complete": [], "error": []}


def test_1_4_workflow_start_is_nobodys_predecessor() -> None:
    assert shown(branching())["tasks"]["a1"]["previous"] == {"incomplete": [], "complete": [], "error": []}


def test_1_4_dead_ends_stand_in_end_tasks_by_what_became_of_them() -> None:
    document = branching()
    assert shown(document)["tasks"]["workflow_end"]["endTasks"]["incomplete"] == ["c3"]
    over = shown(document, {"c3": TaskState("complete", "success")})
    assert over["tasks"]["workflow_end"]["endTasks"] == {"incomplete": [], "complete": ["c3"], "error": []}
    never = shown(document, {"c3": TaskState(never_runs=True)})
    assert never["tasks"]["workflow_end"]["endTasks"] == {"incomplete": [], "complete": [], "error": ["c3"]}


def test_11_1_the_tasks_that_a_decision_did_not_choose_have_it_in_their_error_bucket() -> None:
    document = branching()
    job = shown(document, {"a1": TaskState("complete", "success", chosen="b2")})
    assert job["tasks"]["b2"]["previous"]["complete"] == ["a1"]
    assert job["tasks"]["d4"]["previous"]["error"] == ["a1"]


def test_1_4_transitions_stand_by_state_reverts_among_them() -> None:
    tasks = shown(branching())["tasks"]
    assert tasks["a1"]["transitions"] == {
        "success": [{"task": "b2", "type": "standard"}, {"task": "d4", "type": "standard"}],
        "failure": [{"task": "c3", "type": "standard"}],
    }
    assert tasks["d4"]["transitions"] == {"failure": [{"task": "a1", "type": "revert"}]}
    assert tasks["workflow_end"]["transitions"] == {}


SECRET = [{"type": "encryption", "pointer": "/password"}]


def test_4_5_secrets_are_masked_among_the_jobs_and_the_tasks_variables() -> None:
    document = {**chain("w", a1=task("query", obj="s3cret", query="")), "decorators": SECRET}
    document["tasks"]["a1"]["variables"]["decorators"] = [{"type": "encryption", "pointer": "/incoming/obj"}]
    job = shown(document, variables={"password": "s3cret", "user": "ada"})
    assert (job["variables"]["password"], job["variables"]["user"]) == (MASK, "ada")
    assert job["tasks"]["a1"]["variables"]["incoming"] == {"obj": MASK, "query": ""}
    assert job["decorators"] == SECRET


def test_4_5_secrets_are_masked_in_jobs_that_another_program_wrote() -> None:
    inner = {"incoming": {"obj": "s3cret"}, "decorators": [{"type": "encryption", "pointer": "/incoming/obj"}]}
    written = {
        "_id": JOB,
        "variables": {"password": "s3cret"},
        "decorators": SECRET,
        "tasks": {"a": {"variables": inner}},
    }
    job = foreign_job(written)
    assert job["variables"] == {"password": MASK}
    assert job["tasks"]["a"]["variables"]["incoming"] == {"obj": MASK}


def test_a_task_that_goes_in_circles_shows_its_latest_iterations() -> None:
    circling = TaskState("running", iteration=MOST_ITERATIONS + 7)
    iterations = shown(chain("w", a1=task("query")), {"a1": circling})["tasks"]["a1"]["iterations"]
    assert len(iterations) == len(set(iterations)) == MOST_ITERATIONS
