"""Workflows that mean no good: an error on the task within a bound, and the other jobs run on meanwhile."""

from typing import Any

import pytest

from ..documents import chain, task
from ..doors import Doors

pytestmark = pytest.mark.anyio

ID = "0123456789abcdef01234567"


def transformation(*steps: Any, functions: Any = ()) -> dict[str, Any]:
    return {
        "_id": ID,
        "name": "t",
        "incoming": [{"$id": "list"}],
        "outgoing": [{"$id": "out"}],
        "steps": list(steps),
        "functions": list(functions),
    }


def assign(
    location: str, name: Any, pointer: str, to: str, to_name: Any, to_pointer: str, id: int = 9
) -> dict[str, Any]:
    return {
        "id": id,
        "type": "assign",
        "from": {"location": location, "name": name, "ptr": pointer},
        "to": {"location": to, "name": to_name, "ptr": to_pointer},
    }


def transforming() -> dict[str, Any]:
    return task("transformation", tr_id=ID, variableMap={"list": "$var.job.list"}, options={})


RETURN = assign("function", 1, "/return/out", "outgoing", "out", "")
FOREVER = transformation(
    {"id": 1, "type": "function", "function": "f", "args": []},
    RETURN,
    functions=[
        {
            "id": "f",
            "name": "f",
            "incoming": [],
            "outgoing": [{"$id": "out"}],
            "steps": [{"id": 1, "type": "function", "function": "f", "args": []}, RETURN],
            "functions": [],
        }
    ],
)
LONG = transformation(
    {"id": 1, "type": "method", "library": "Array", "method": "map", "args": [None, "f"]},
    assign("incoming", "list", "", "method", 1, "/args/0/value", 2),
    assign("method", 1, "/return", "outgoing", "out", ""),
    functions=[
        {
            "id": "f",
            "name": "f",
            "incoming": [{"$id": "currentValue"}],
            "outgoing": [{"$id": "out"}],
            "steps": [
                {"id": 1, "type": "method", "library": "Math", "method": "add", "args": [None, 1]},
                assign("incoming", "currentValue", "", "method", 1, "/args/0/value", 2),
                assign("method", 1, "/return", "outgoing", "out", ""),
            ],
            "functions": [],
        }
    ],
)


async def start(doors: Doors, workflow: str, **variables: Any) -> str:
    answer = await doors.start({"workflow": workflow, "options": {"variables": variables}})
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]["_id"]


async def test_a_transformation_that_calls_itself_for_ever_is_an_error_of_its_task(doors: Doors) -> None:
    await doors.import_documents(FOREVER, chain("w", a1=transforming()))
    over = await doors.over(await start(doors, "w", list=[]))
    assert over["status"] == "error"
    assert over["error"][0]["task"] == "a1"


async def test_a_pattern_that_explodes_is_an_error_of_its_task(doors: Doors) -> None:
    pattern = task("query", query="[*name~/^(x|x)*$/]", obj="$var.job.list", pass_on_null=False)
    await doors.import_documents(chain("w", a1=pattern))
    over = await doors.over(await start(doors, "w", list=[{"name": "x" * 60 + "!"}]))
    assert "took longer than" in over["error"][0]["message"]


async def test_a_template_that_eats_memory_is_an_error_of_its_task_and_the_next_one_renders(doors: Doors) -> None:
    bomb = {"name": "bomb", "type": "jinja2", "template": "{{ 'x'.center(10 ** 9) }}"}
    hello = {"name": "hello", "type": "jinja2", "template": "Hello, {{ name }}"}

    def rendering(name: str) -> dict[str, Any]:
        mapped = {"renderedTemplate": "$var.job.text"}
        return task("renderJinjaTemplate", app="TemplateBuilder", outgoing=mapped, name=name, context={"name": "Ada"})

    await doors.import_documents(bomb, hello, chain("w", a1=rendering("bomb")), chain("v", a1=rendering("hello")))
    over = await doors.over(await start(doors, "w"))
    message = "The template needs more than 512 MB of memory: make less text at once."
    assert (over["status"], over["error"][0]["task"], over["error"][0]["message"]) == ("error", "a1", message)
    over = await doors.over(await start(doors, "v"))
    assert (over["status"], over["variables"]["text"]) == ("complete", "Hello, Ada")


async def test_other_jobs_run_on_while_one_computes(doors: Doors) -> None:
    await doors.import_documents(LONG, chain("long", a1=transforming()), chain("short", a1=task("delay", time=1)))
    long = await start(doors, "long", list=list(range(60_000)))
    short = await start(doors, "short")
    assert (await doors.over(short))["status"] == "complete"
    still = await doors.http.get(f"/operations-manager/jobs/{long}")
    assert still.json()["data"]["status"] == "running"
    over = await doors.over(long)
    assert over["status"] == "complete"


async def test_circles_without_a_wait_do_not_hold_up_others(doors: Doors) -> None:
    circle = chain("circle", a1=task("newVariable", name="x", value=1))
    circle["transitions"]["a1"] = {"a1": {"type": "revert", "state": "success"}}
    await doors.import_documents(circle, chain("short", a1=task("delay", time=1)))
    endless = await start(doors, "circle")
    short = await start(doors, "short")
    assert (await doors.over(short))["status"] == "complete"
    still = await doors.http.get(f"/operations-manager/jobs/{endless}")
    assert still.json()["data"]["status"] == "running"


async def test_a_standard_cycle_ends_in_error(doors: Doors) -> None:
    cycle = chain("cycle", a1=task("newVariable", name="x", value=1), b2=task("newVariable", name="y", value=1))
    cycle["transitions"]["b2"] = {"a1": {"type": "standard", "state": "success"}}
    await doors.import_documents(cycle)
    over = await doors.over(await start(doors, "cycle"))
    assert over["status"] == "error"
    assert over["error"][0]["message"].startswith("Job has no available transitions.")
