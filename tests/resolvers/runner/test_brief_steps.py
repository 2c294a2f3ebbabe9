"""A step of a few tasks about small values is made in the event loop; whatever may take its time gets a thread."""

import threading
from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

import pytest
from jobyard.models.documents.new_job import JobRequest
from jobyard.models.engine.advance import FEW_TASKS, SMALL, is_brief
from jobyard.models.engine.events import Answered, ChildEnded, Event, Resumed, Retried
from jobyard.models.engine.outcomes import Finish, Outcome, TaskCall
from jobyard.models.engine.sizes import is_within
from jobyard.models.settings import Settings
from jobyard.resolvers.builtin_tasks.registry import BRIEF
from jobyard.resolvers.jobs import start as jobs
from jobyard.resolvers.lifespan import open_services
from jobyard.resolvers.runner.first_advance import advance_first
from jobyard.resolvers.services import Services

from ...documents import chain, task

pytestmark = pytest.mark.anyio

SET = task("newVariable", name="x", value=1)
LARGE = "a" * SMALL


@pytest.fixture
async def services() -> AsyncGenerator[Services]:
    async with open_services(Settings(memory=True)) as services:
        yield services


async def begun(services: Services, workflow: dict[str, Any], **variables: Any) -> Any:
    pinned = await services.definitions.pin(workflow)
    job, state = jobs.new_job(services, JobRequest("new", "ada", variables=variables), pinned, "a" * 24)
    return await services.definitions.runnable(pinned, job["_id"]), job, state


def looping() -> dict[str, Any]:
    workflow = chain("new", a1=SET)
    workflow["transitions"]["a1"]["a1"] = {"type": "revert", "state": "failure"}
    return workflow


@pytest.mark.parametrize(
    ("workflow", "brief"),
    [
        (chain("new", a1=SET), True),
        (chain("new", a1=task("command", app="SomeAdapter")), True),
        (chain("new", **{f"a{number}": SET for number in range(FEW_TASKS)}), True),
        (chain("new", **{f"a{number}": SET for number in range(FEW_TASKS + 1)}), False),
        (chain("new", a1=task("query", query="a[*]", obj={})), False),
        (chain("new", a1=task("newVariable", name="x", value=LARGE)), False),
        (looping(), False),
    ],
)
async def test_few_tasks_that_only_copy_are_brief(services: Services, workflow: dict[str, Any], brief: bool) -> None:
    definition, _, state = await begun(services, workflow)
    assert is_brief(definition, state, (Resumed(),)) is brief


@pytest.mark.parametrize(
    "event",
    [
        Answered("a1", 1, 1, Finish("success", {"x": LARGE})),
        Answered("a1", 1, 1, Finish("error", error=LARGE)),
        ChildEnded("a1", 1, 1, 0, "complete", {"x": LARGE}),
        Retried("a1", {"x": [[LARGE]]}),
    ],
)
async def test_a_step_about_a_large_value_is_not(services: Services, event: Event) -> None:
    definition, _, state = await begun(services, chain("new", a1=SET))
    assert not is_brief(definition, state, (event,))
    assert is_brief(definition, state, (Resumed(),))
    state.tasks["a1"].outgoing = {"x": {"y": LARGE}}
    assert not is_brief(definition, state, (Resumed(),))


async def test_neither_is_a_job_with_large_variables(services: Services) -> None:
    definition, _, state = await begun(services, chain("new", a1=SET), x={LARGE: 1})
    assert not is_brief(definition, state, (Resumed(),))


def test_characters_and_values_count() -> None:
    assert is_within([{"a": ["b", 1, None]}], most=98)
    assert not is_within([{"a": ["b", 1, None]}], most=97)
    assert not is_within([["", ""]] * 5, most=200)
    assert not is_within([[0] * 1_000_000], most=1_000_000)
    assert is_within([], most=0)


@pytest.mark.parametrize("brief", [True, False])
async def test_only_a_brief_step_is_made_in_the_event_loop(services: Services, brief: bool) -> None:
    definition, job, state = await begun(services, chain("new", a1=SET))
    made_in: list[threading.Thread] = []

    def note(call: TaskCall) -> Outcome:
        made_in.append(threading.current_thread())
        return Finish("success")

    noted = replace(definition, brief=brief, function=lambda *_: note)
    assert await advance_first(noted, job, state, "here") is not None
    assert [one is threading.current_thread() for one in made_in] == [brief]


def test_what_runs_a_language_or_multiplies_is_not_brief() -> None:
    named = {name for _, name in BRIEF}
    assert named.isdisjoint(
        ("query", "evaluation", "transformation", "repeat", "padEnd", "merge", "sort", "renderJinja")
    )
    assert {"newVariable", "stringConcat", "childJob", "delay", "ViewData"} <= named
