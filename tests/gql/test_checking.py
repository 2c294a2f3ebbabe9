"""validateWorkflow, and `jobyard check` with and without a server."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from ..documents import chain, greeting, task
from ..doors import Doors
from ..servers import Server, serving
from .test_cli import jobyard, write

VALIDATE = """
query($document: JSON!, $beside: [JSON!]) {
  validateWorkflow(document: $document, beside: $beside) {
    valid errors { task name message } warnings { task name message }
  }
}
"""
TRANSFORMATION = {"_id": "0123456789abcdef01234567", "name": "t", "incoming": [], "outgoing": [], "steps": []}


def broken() -> dict[str, Any]:
    return chain(
        "broken",
        a1=task("transformation", tr_id=TRANSFORMATION["_id"]),
        b2=task("getTicket", app="Jira"),
        c3=task("childJob", workflow="greet", variables={"name": {"task": "ff", "value": "x"}}),
    )


@pytest.fixture(scope="module")
def server() -> Generator[Server]:
    with serving("--memory") as server:
        yield server


@pytest.mark.anyio
async def test_a_workflow_that_can_run_is_valid(doors: Doors) -> None:
    answer = await doors.graphql(VALIDATE, document=greeting())
    assert answer == {"data": {"validateWorkflow": {"valid": True, "errors": [], "warnings": []}}}


@pytest.mark.anyio
async def test_a_stored_workflow_is_checked_by_its_name(doors: Doors) -> None:
    await doors.import_documents(broken())
    query = "query($name: String!) { checkWorkflow(name: $name) { valid errors { task } warnings { task } } }"
    found = (await doors.graphql(query, name="broken"))["data"]["checkWorkflow"]
    assert found["valid"] is False
    assert {one["task"] for one in found["errors"]} == {"a1", "c3"}
    assert {one["task"] for one in found["warnings"]} == {"b2", "c3"}
    missing = await doors.graphql(query, name="none")
    assert missing["data"] == {"checkWorkflow": None}
    assert missing["errors"][0]["extensions"]["code"] == "WORKFLOW_NOT_FOUND"


@pytest.mark.anyio
async def test_errors_and_warnings_are_apart_and_in_the_documented_shape(doors: Doors) -> None:
    answer = await doors.graphql(VALIDATE, document=broken(), beside=[greeting()])
    missing = f"There is no transformation '{TRANSFORMATION['_id']}' here"
    nothing = "It reads 'x' of task ff, and there is no such task"
    stranger = "No provider here for Jira: getTicket (b2) will end in error"
    assert answer["data"]["validateWorkflow"] == {
        "valid": False,
        "errors": [
            {"task": "a1", "name": "transformation", "message": missing},
            {"task": "c3", "name": "childJob", "message": nothing},
        ],
        "warnings": [{"task": "b2", "name": "getTicket", "message": stranger}],
    }
    assert await doors.graphql("{ workflows { name } }") == {"data": {"workflows": []}}


@pytest.mark.anyio
@pytest.mark.parametrize("asked", [{"document": "text"}, {"document": {}, "beside": []}])
async def test_what_is_no_workflow_is_refused(doors: Doors, asked: Any) -> None:
    answer = await doors.graphql(VALIDATE, **asked)
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "REQUEST_INVALID"
    assert error["message"] == ("The request is not as documented: /document must be or hold one workflow, not 0.")


@pytest.mark.anyio
async def test_more_documents_beside_it_than_fit_are_refused(doors: Doors) -> None:
    answer = await doors.graphql(VALIDATE, document=greeting(), beside=[{}] * 1001)
    assert answer["errors"][0]["message"].startswith("The request is not as documented: /beside must NOT have more")


def test_check_needs_no_server_and_knows_all_the_files_together(tmp_path: Path) -> None:
    files = [
        write(tmp_path / "p.json", {"bundles": [{"type": "workflow", "data": broken()}]}),
        write(tmp_path / "g.json", greeting()),
        write(tmp_path / "t.json", TRANSFORMATION),
    ]
    done = jobyard("check", *files)
    assert done.returncode == 1
    assert done.stdout == (
        f"{files[0]}: workflow 'broken': task c3 (childJob): error: "
        "It reads 'x' of task ff, and there is no such task\n"
        f"{files[0]}: workflow 'broken': task b2 (getTicket): warning: "
        "No provider here for Jira: getTicket (b2) will end in error\n"
        "2 workflows: 1 error, 1 warning\n"
    )


def test_check_exits_0_where_there_are_no_errors(tmp_path: Path) -> None:
    stray = {"components": [{"type": "workflow", "document": greeting()}, {"type": "x", "document": {"a": 1}}]}
    path = write(tmp_path / "p.json", stray)
    done = jobyard("check", path)
    assert (done.returncode, done.stdout) == (
        0,
        f"{path}: components[1] (x): warning: not checked: neither a workflow (no `tasks`) nor a transformation "
        "(no `steps`), nor a template (no `template`) nor a form (no `struct`), nor a known container\n"
        "1 workflow: 0 errors, 1 warning\n",
    )


def test_check_goes_on_after_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    bad, deep, none = tmp_path / "bad.json", tmp_path / "deep.json", tmp_path / "none.json"
    bad.write_text("{")
    deep.write_text("[" * 100_000)
    done = jobyard("check", str(bad), str(deep), str(none), write(tmp_path / "g.json", greeting()))
    assert done.returncode == 1
    assert done.stdout.endswith("1 workflow: 3 errors, 0 warnings\n")
    assert done.stderr == ""


def test_check_with_a_server_knows_what_it_has(server: Server, tmp_path: Path) -> None:
    path = write(tmp_path / "w.json", broken())
    beside = write(tmp_path / "t.json", TRANSFORMATION)
    lines = jobyard("check", "--server", server.address, path, beside).stdout.splitlines()
    assert [line.partition(": task ")[2] for line in lines[:-1]] == [
        "c3 (childJob): error: It reads 'x' of task ff, and there is no such task",
        "c3 (childJob): warning: Cannot find workflow greet here",
        "b2 (getTicket): warning: No provider here for Jira: getTicket (b2) will end in error",
    ]
    imported = jobyard("import", write(tmp_path / "g.json", greeting()), server=server)
    assert imported.returncode == 0
    done = jobyard("check", "--server", server.address, path, beside)
    assert done.stdout.splitlines()[-1] == "1 workflow: 1 error, 1 warning"
