"""The log: one line an event, with its facts, and no value of anybody's in it."""

import ast
import json
import logging
import queue
import re
import threading
from collections.abc import Generator
from io import StringIO
from typing import Any

import httpx
import pytest
from jobyard.gql.http.log_format import JsonLines, LineHandler, TextLines
from jobyard.models.settings import SettingRefused, Settings, shown

from ..documents import chain, task
from ..doors import Doors
from ..log_lines import Collected, collected
from ..parts import ROOT
from ..servers import serving
from .people import people

pytestmark = pytest.mark.anyio

SECRET = "a-marked-value-of-someone"
MARKED = [{"type": "encryption", "pointer": "/pw"}]


@pytest.fixture
def lines() -> Generator[Collected]:
    with collected() as found:
        yield found


def failing(name: str) -> dict[str, Any]:
    return {**chain(name, a1=task("sort", arr="$var.job.pw")), "decorators": MARKED}


async def started(doors: Doors, workflow: str, **variables: Any) -> str:
    answer = await doors.start({"workflow": workflow, "options": {"variables": variables}}, **{"x-request-id": "r-1"})
    job: str = answer.json()["data"]["_id"]
    await doors.over(job)
    return job


async def test_a_job_has_a_line_for_its_start_and_one_for_its_end(doors: Doors, lines: Collected) -> None:
    await doors.import_documents(chain("w", a1=task("delay", time=2)))
    job = await started(doors, "w")
    begun, ended = lines.of("job_started", "job_ended", "task_error")
    account = doors.services.admin_id
    assert begun == {
        "level": "info", "event": "job_started", "message": f"job {job} of 'w' started", "request": "r-1",
        "account": account, "job": job, "workflow": "w",
    }  # fmt: skip
    assert (ended["level"], ended["job"], ended["outcome"], ended["workflow"]) == ("info", job, "complete", "w")
    assert ended["seconds"] >= 2


async def test_a_task_in_error_has_a_line_and_shows_no_secret(doors: Doors, lines: Collected) -> None:
    await doors.import_documents(failing("w"))
    job = await started(doors, "w", pw=SECRET)
    (error,), (ended,) = lines.of("task_error"), lines.of("job_ended")
    assert (error["level"], error["job"], error["task"], error["name"]) == ("warning", job, "a1", "sort")
    assert error["error"].startswith("'arr' must be an array")
    assert (ended["level"], ended["outcome"]) == ("warning", "error")
    assert not [line for line in lines.written if SECRET in line]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"workflow": "no such", "options": {}}, "WORKFLOW_NOT_FOUND"),
        ({"workflow": "w", "options": {"type": "x"}}, None),
    ],
)
async def test_a_start_that_is_refused_has_one_line(
    doors: Doors, lines: Collected, body: dict[str, Any], code: str | None
) -> None:
    await doors.import_documents(chain("w", a1=task("newVariable", name="x", value=1)))
    answer = await doors.start(body)
    assert answer.status_code >= 400
    told = lines.of("start_refused", "command", "unexpected_error", "job_started")
    assert [one["code"] for one in told] == ([code] if code else [])  # what is no request at all is none of a start
    assert "trace" not in "".join(lines.written)


async def test_an_unexpected_fault_has_one_line_with_its_trace(
    doors: Doors, lines: Collected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(doors.services.definitions), "pin", None)
    await doors.import_documents(chain("w", a1=task("newVariable", name="x", value=1)))
    answer = await doors.start({"workflow": "w", "options": {}})
    (line,) = lines.of("unexpected_error")
    assert answer.json()["metadata"]["errorId"] == line["error"]
    assert "TypeError" in line["trace"]
    assert "\n" not in line["message"]


async def test_a_command_has_a_line_with_who_what_and_what_came_of_it(doors: Doors, lines: Collected) -> None:
    await doors.import_documents(chain("w", a1=task("ViewData", app="WorkFlowEngine")))
    other = "f" * 24
    answer = await doors.graphql("mutation($ids: [ID!]!) { cancelJobs(ids: $ids) { done } }", ids=[other])
    assert answer["data"]["cancelJobs"] == [{"done": False}]
    await doors.graphql('mutation { retryTask(jobId: "x", taskId: "a1") { id } }')
    canceled, retried = lines.of("command")
    assert (canceled["command"], canceled["ids"], canceled["outcome"]) == ("cancelJobs", [other], "1 of 1 refused")
    assert (canceled["account"], "by admin" in canceled["message"]) == (doors.services.admin_id, True)
    assert (retried["ids"], retried["outcome"]) == (["x", "a1"], "JOB_NOT_FOUND")


async def test_reading_has_no_line(doors: Doors, lines: Collected) -> None:
    await doors.graphql("{ jobs { totalCount } }")
    await doors.graphql("{ nothing }")
    assert lines.written == []


async def test_an_answer_names_its_request(doors: Doors) -> None:
    given = await doors.http.get("/healthz", headers={"x-request-id": "abc-1"})
    odd = await doors.http.get("/healthz", headers={"x-request-id": "a b\tc"})
    made = await doors.http.get("/healthz")
    assert given.headers["x-request-id"] == "abc-1"
    assert [bool(re.fullmatch("[0-9a-f]{16}", one.headers["x-request-id"])) for one in (odd, made)] == [True, True]


class TestAccess:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(memory=True, open=True, host="jobyard", access_log=True)

    async def test_an_answer_has_a_line_without_its_query(self, doors: Doors, lines: Collected) -> None:
        await doors.http.get("/operations-manager/jobs/x?token=secret-token", headers={"x-request-id": "q"})
        (line,) = lines.of("access")
        assert (line["method"], line["path"], line["status"]) == ("GET", "/operations-manager/jobs/x", 404)
        assert (line["request"], line["account"], line["bytes"] > 20) == ("q", doors.services.admin_id, True)
        assert "secret-token" not in "".join(lines.written)


class TestClosed:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(memory=True, admin_password="right enough")

    @pytest.mark.parametrize("name", ["admin", "what-I-typed"])
    async def test_a_failed_sign_in_has_a_line_without_what_was_typed(
        self, doors: Doors, lines: Collected, name: str
    ) -> None:
        user = {"username": name, "password": "wrong-one"}
        answer = await doors.http.post("/login", json={"user": user})
        assert answer.status_code == 401
        (line,) = lines.of("sign_in_failed")
        assert (line["level"], line["code"], line["address"]) == ("warning", "SIGN_IN_REFUSED", "127.0.0.1")
        assert not [text for text in lines.written if "what-I-typed" in text or "wrong-one" in text]

    async def test_a_sign_in_that_succeeds_has_none(self, doors: Doors, lines: Collected) -> None:
        await doors.http.post("/login", json={"user": {"username": "admin", "password": "right enough"}})
        assert lines.of("sign_in_failed") == []


async def test_a_start_that_the_roles_do_not_allow_has_a_line(lines: Collected) -> None:
    async with people() as there:
        body = {"workflow": "w", "options": {}}
        refused = await there.ask("reader", "POST", "/operations-manager/jobs/start", json=body)
        (line,) = lines.of("command", "start_refused")
    assert refused.status_code == 403
    assert (line["command"], line["outcome"], line["account"]) == ("startJob", "NOT_ALLOWED", there.ids["reader"])


def record(message: str, *arguments: object) -> logging.LogRecord:
    return logging.LogRecord("jobyard", logging.INFO, "here.py", 1, message, arguments, None)


def test_text_has_one_line_and_what_follows_is_indented() -> None:
    written = TextLines().format(
        record("said %s\n%s", "a\x1b[31mb", "Traceback:\n2026-01-01T00:00:00.000Z ERROR forged")
    )
    first, *rest = written.split("\n")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO    said a\\x1b\[31mb", first)
    assert rest == ["    Traceback:", "    2026-01-01T00:00:00.000Z ERROR forged"]


def test_json_is_one_line_whatever_is_said() -> None:
    written = JsonLines().format(record("said %s", "a\u2028b\r\nc"))
    assert "\n" not in written
    assert json.loads(written)["trace"] == "c"


def test_an_output_that_nobody_reads_holds_up_nobody() -> None:
    class Stuck(StringIO):
        def write(self, text: str) -> int:
            may_go_on.wait(30)
            return super().write(text)

    may_go_on, output = threading.Event(), Stuck()
    handler = LineHandler(output)
    handler.setFormatter(TextLines())
    handler._waiting = queue.Queue(10)  # type: ignore[attr-defined]
    handler.emit(record("the first goes to the old queue, or waits"))
    for number in range(50):
        handler.emit(record("line %d", number))
    assert handler._left_out >= 40  # type: ignore[attr-defined]
    may_go_on.set()


def test_what_is_no_format_and_no_level_is_refused() -> None:
    with pytest.raises(SettingRefused, match="--log-format xml: this is one of text, json"):
        Settings(log_format="xml")
    with pytest.raises(SettingRefused, match="--log-level loud: this is one of debug, info, warning, error"):
        Settings(log_level="loud")


def test_settings_are_shown_without_what_nobody_may_know() -> None:
    known = shown(Settings(mongodb_uri="mongodb://u:pass-1@h", admin_password="pass-2 long", secrets_key="pass-3"))
    assert "pass-" not in json.dumps(known)
    assert (known["port"], known["log_format"]) == (8000, "text")


def test_a_server_tells_its_start_a_job_and_its_stop_as_json() -> None:
    with serving("--memory", "--examples", "--log-format", "json", "--access-log") as server:
        asked = {"workflow": "Greet a device", "options": {"variables": {"device": "edge-1"}}}
        answer = httpx.post(
            f"{server.address}/operations-manager/jobs/start?waitSeconds=20", json=asked, headers={"x-request-id": "z"}
        )
        job = answer.json()["data"]["_id"]
        assert answer.headers["x-request-id"] == "z"
        server.process.send_signal(15)
        assert server.process.stdout is not None
        written = server.greeting + server.process.stdout.read()
        assert server.process.wait(30) == 0
    said = [json.loads(line) for line in written.splitlines() if line.startswith("{")]
    by_event = {one["event"]: one for one in said}
    assert by_event["server_started"]["settings"]["log_format"] == "json"
    assert (by_event["job_started"]["job"], by_event["job_started"]["request"]) == (job, "z")
    assert by_event["job_ended"]["outcome"] == "complete"
    assert (by_event["access"]["status"], by_event["access"]["request"]) == (200, "z")
    assert by_event["server_stopping"]["signal"] == "SIGTERM"
    assert by_event["server_stopped"]["code"] == 0
    assert len(said) == len({json.dumps(one) for one in said})


def test_the_page_has_every_event_and_its_facts() -> None:
    """Both ways: what the sources say, and what docs/logs.md says of it."""
    said: dict[str, set[str]] = {}
    for path in (*ROOT.glob("gql/**/*.py"), *ROOT.glob("resolvers/**/*.py")):
        if "node_modules" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "about":
                event = ast.literal_eval(node.args[0])
                said.setdefault(event, set()).update(one.arg for one in node.keywords if one.arg)
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| [^|]+ \|([^|]*)\|$", (ROOT / "docs/logs.md").read_text(), re.MULTILINE)
    assert {event: set(re.findall(r"`(\w+)`", facts)) for event, facts in rows} == said


def test_every_line_of_the_log_names_its_event() -> None:
    """A line without one could not be found by machines."""
    without: list[str] = []
    for path in (*ROOT.glob("gql/**/*.py"), *ROOT.glob("resolvers/**/*.py")):
        if "node_modules" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "log"
                and "extra" not in [one.arg for one in node.keywords]
            ):
                without.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert without == []
