"""itential-mcp 0.14.1, as pip installs it: its MCP server over stdio, and its command line."""

import json
import os
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest

from .. import processes
from ..documents import chain, greeting
from ..projects import SITE, site
from .conftest import PASSWORD, Place
from .programs import Conversation, Installation

pytestmark = pytest.mark.timeout(400)  # with the installation of the package


@dataclass(frozen=True)
class Mcp:
    """An MCP client: JSON-RPC, a message a line."""

    conversation: Conversation
    _ids: Iterator[int] = field(default_factory=count)

    def request(self, method: str, **params: Any) -> Any:
        id = next(self._ids)
        self.conversation.say({"jsonrpc": "2.0", "id": id, "method": method, "params": params})
        while (message := self.conversation.hear()).get("id") != id:
            assert "method" in message  # a notification of its own
        return message["result"]

    def call(self, tool: str, **arguments: Any) -> Any:
        result = self.request("tools/call", name=tool, arguments=arguments)
        assert not result["isError"], result
        told = result["structuredContent"]
        return told["result"] if list(told) == ["result"] else told

    def refusal(self, tool: str, **arguments: Any) -> str:
        result = self.request("tools/call", name=tool, arguments=arguments)
        assert result["isError"], result
        return result["content"][0]["text"]

    def over(self, id: str) -> Any:
        while (job := self.call("describe_job", object_id=id))["status"] == "running":
            pass
        return job


def found(listed: list[Any], **fields: Any) -> Any:
    """The only one of the list that has them."""
    (one,) = [one for one in listed if fields.items() <= one.items()]
    return one


def settings(place: Place, **signing_in: str) -> dict[str, str]:
    own = {"HOST": "127.0.0.1", "PORT": str(place.port), "DISABLE_TLS": "true", **signing_in}
    return {**os.environ, **{f"ITENTIAL_MCP_PLATFORM_{name}": value for name, value in own.items()}}


@pytest.fixture(scope="module")
def mcp(installations: dict[str, Installation], place: Place) -> Generator[Mcp]:
    program = installations["itential-mcp"].program("itential-mcp")
    place.import_documents(greeting(name="bound"))
    place.expose("bound", type="endpoint", routeName="bound", schema=greeting()["inputSchema"])
    tool = {"TYPE": "endpoint", "NAME": "bound", "AUTOMATION": "bound"}
    environment = {
        **settings(place, USER="ada", PASSWORD=PASSWORD),
        **{f"ITENTIAL_MCP_TOOL_greet_{key}": value for key, value in tool.items()},
    }
    with closing(Conversation(program, "run", environment=environment)) as conversation:
        one = Mcp(conversation)
        client = {"name": "tests", "version": "1"}
        one.request("initialize", protocolVersion="2025-06-18", capabilities={}, clientInfo=client)
        conversation.say({"jsonrpc": "2.0", "method": "notifications/initialized"})
        yield one


def test_a_workflow_is_exposed_found_started_and_followed(place: Place, mcp: Mcp) -> None:
    place.import_documents(greeting(name="greet by mcp"))
    said = mcp.call("expose_workflow", name="greet by mcp", route_name="greet")
    assert said == {"message": "Successfully exposed workflow `greet by mcp` with route `greet`"}
    schema = greeting()["inputSchema"]
    endpoint = {"description": "auto-created by itential-mcp", "input_schema": schema, "route_name": "greet"}
    assert found(mcp.call("get_workflows"), name="API Route for greet by mcp") == {
        "name": "API Route for greet by mcp",
        **endpoint,
        "last_executed": None,
    }
    automation = found(mcp.call("get_automations"), name="greet by mcp")
    workflow = place.graphql('{ workflow(name: "greet by mcp") { id } }')["workflow"]["id"]
    assert automation == {
        "name": "greet by mcp", "component_type": "workflows", "component_id": workflow, **endpoint,
        "last_executed": None,
    }  # fmt: skip

    started = mcp.call("start_workflow", route_name="greet", data={"name": "Ada"})
    assert (started["name"], started["description"], started["status"]) == ("greet by mcp", "", "running")
    assert started["metrics"]["user"] == "ada"
    assert (started["metrics"]["end_time"], len(started["metrics"]["start_time"])) == (None, 20)
    job = mcp.over(started["object_id"])
    id = started["object_id"]
    assert (job["_id"], job["name"], job["type"], job["status"]) == (id, "greet by mcp", "automation", "complete")
    assert job["variables"] == {"name": "Ada", "greeting": "Hello, Ada", "_id": id, "initiator": "ada"}
    assert job["metrics"]["user"] == place.accounts["ada"]
    assert job["tasks"].keys() == {"workflow_start", "a1", "b2", "workflow_end"}
    assert mcp.call("get_jobs", name="greet by mcp") == [
        {"_id": id, "name": "greet by mcp", "description": "", "status": "complete"}
    ]
    after = found(mcp.call("get_workflows"), name="API Route for greet by mcp")
    assert after["last_executed"] == started["metrics"]["start_time"]

    row = found(mcp.call("get_job_metrics"), workflow={"name": "greet by mcp"})
    assert (row["_id"], row["jobsComplete"], len(row["metrics"])) == (workflow, 1, 1)
    assert row in mcp.call("get_job_metrics_for_workflow", name="greet by mcp")
    delay = found(mcp.call("get_task_metrics_for_workflow", name="greet by mcp"), name="delay")
    assert (delay["app"], delay["taskType"], delay["taskId"]) == ("WorkFlowEngine", "automatic", "b2")
    assert delay["workflow"] == {"name": "greet by mcp"}
    assert delay in mcp.call("get_task_metrics")
    assert delay["metrics"][0]["totalSuccesses"] >= 1
    assert delay in mcp.call("get_task_metrics_for_task", name="delay")
    assert delay in mcp.call("get_task_metrics_for_app", name="WorkFlowEngine")


def test_projects_are_listed_described_and_worked_with(place: Place, mcp: Mcp) -> None:
    place.graphql("mutation($d: JSON!) { importProject(document: $d) { skipped { reason } } }", d=site())
    assert found(mcp.call("get_projects"), name="Sites")["id"] == SITE
    described = mcp.call("describe_project", name="Sites")
    assert "Welcome a site" in [one["name"] for one in described["components"]]
    said = mcp.call("expose_workflow", name="Write the letter", route_name="letter", project="Sites")
    assert "letter" in said["message"]
    started = mcp.call("start_workflow", route_name="letter", data={"heading": "Ulm"})
    assert mcp.over(started["object_id"])["variables"]["letter"] == "Welcome, Ulm!"
    # It looks for a project of the name of the workflow that it is asked for, whatever project it is given.
    listed = mcp.call("get_jobs", name="Sites", project="Sites")
    assert listed == []


def test_templates_are_made_and_changed(mcp: Mcp) -> None:
    made = mcp.call("create_template", name="of mcp", template_type="jinja2", group="g", template="Hi")
    changed = mcp.call("update_template", name="of mcp", template="Hi, {{ name }}")
    assert (changed["template"], changed["group"]) == ("Hi, {{ name }}", "g"), made
    assert "of mcp" in [one["name"] for one in mcp.call("get_templates")]
    described = mcp.call("describe_template", name="of mcp")
    assert (described["name"], described["type"], described["template"]) == ("of mcp", "jinja2", "Hi, {{ name }}")
    assert "nope" in mcp.refusal("describe_template", name="nope")


def test_an_automation_is_triggered(place: Place, mcp: Mcp) -> None:
    place.import_documents(greeting(name="triggered by mcp"))
    mcp.call("expose_workflow", name="triggered by mcp", route_name="triggered")
    started = mcp.call("trigger_automation", route_name="triggered", data={"name": "Cy"})
    assert mcp.over(started["object_id"])["variables"]["greeting"] == "Hello, Cy"


def test_applications_run_with_the_server(mcp: Mcp) -> None:
    running = {"name": "WorkFlowEngine", "state": "RUNNING"}
    assert mcp.call("start_application", name="WorkFlowEngine") == running
    for tool in ("stop_application", "restart_application"):  # for administrators, and `ada` is none
        assert "NOT_ALLOWED" in mcp.refusal(tool, name="WorkFlowEngine")
    assert "unable to find application nope" in mcp.refusal("start_application", name="nope")
    assert mcp.refusal("start_adapter", name="nope")


def test_an_endpoint_is_a_tool_of_its_own(mcp: Mcp) -> None:
    tool = found(mcp.request("tools/list")["tools"], name="greet")
    assert tool["description"].strip() == (
        "Args:\ndata (dict): Object that provides input\n        to the tool using the following input schema:\n"
        f"{greeting()['inputSchema']}"
    )
    started = mcp.call("greet", data={"name": "Bo"})
    assert mcp.over(started["object_id"])["variables"]["greeting"] == "Hello, Bo"


def test_jobs_are_listed_to_the_last_page(place: Place, mcp: Mcp) -> None:
    place.import_documents(chain("many"))
    start = 'startJob(workflow: "many", options: {}) { id }'
    aliases = " ".join(f"job{number}: {start}" for number in range(17))
    for _ in range(6):
        place.graphql(f"mutation {{ {aliases} }}")
    listed = mcp.call("get_jobs", name="many")
    assert len(listed) == len({job["_id"] for job in listed}) == 102  # it asks for 100 at a time
    assert {(job["name"], job["description"], job["status"]) for job in listed} == {("many", "", "complete")}


def test_what_does_not_fit_or_is_not_there_is_told_in_our_words(place: Place, mcp: Mcp) -> None:
    place.import_documents(greeting(name="greet whom"))
    mcp.call("expose_workflow", name="greet whom", route_name="whom")
    assert '{"message":"The input does not fit trigger' in mcp.refusal("start_workflow", route_name="whom", data={})
    assert "must have required property 'name'" in mcp.refusal("trigger_automation", route_name="whom")
    assert "There is an enabled trigger of the route 'whom' already." in mcp.refusal(
        "expose_workflow", name="greet whom", route_name="whom"
    )
    assert "whom_too" in mcp.call("expose_workflow", name="greet whom", route_name="whom_too")["message"]
    assert "Cannot find trigger 'nobody'." in mcp.refusal("start_workflow", route_name="nobody")
    assert "Cannot find job 'nothing'." in mcp.refusal("describe_job", object_id="nothing")
    assert "workflow nope not found" in mcp.refusal("expose_workflow", name="nope")
    assert mcp.call("get_jobs", name="nope") == []


def test_the_health_is_what_it_requires_of_a_server(mcp: Mcp) -> None:
    health = mcp.call("get_health")
    assert health["status"]["services"] == [{"service": "mongo", "status": "running"}]
    assert (health["status"]["apps"], health["status"]["adapters"]) == ("running", "running")
    assert (health["server"]["release"], health["adapters"]) == ("2023.2.0", [])
    applications = {one["name"]: one["state"] for one in mcp.call("get_applications")}
    assert applications == {one["id"]: one["state"] for one in health["applications"]}
    assert applications["WorkFlowEngine"] == "RUNNING"
    assert mcp.call("get_adapters") == []


def test_its_command_line_takes_an_id_and_a_secret(place: Place, installations: dict[str, Installation]) -> None:
    place.import_documents(chain("called"))
    id = place.graphql('mutation { startJob(workflow: "called", options: {}) { id } }')["startJob"]["id"]
    done = processes.run(
        [installations["itential-mcp"].program("itential-mcp"), "call", "get_jobs", "--params", '{"name": "called"}'],
        env=settings(place, CLIENT_ID=place.client_id, CLIENT_SECRET=place.client_secret),
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [{"_id": id, "name": "called", "description": "", "status": "complete"}]
