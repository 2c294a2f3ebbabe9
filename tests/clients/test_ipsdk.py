"""ipsdk 0.9.0, as pip installs it: both of its clients, in both ways of signing in."""

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import pytest

from ..documents import chain, greeting, task
from .conftest import PASSWORD, Place
from .programs import Conversation, Installation

pytestmark = pytest.mark.timeout(400)  # with the installation of the package

PROGRAM = __file__.replace("test_ipsdk", "ask_with_ipsdk")
JOBS = "/operations-manager/jobs"


@dataclass(frozen=True)
class Ipsdk:
    """`name` is of the account that it signs in with; `kind` is there for names that no other client uses."""

    conversation: Conversation
    name: str
    kind: str

    def ask(self, verb: str, path: str, **more: Any) -> Any:
        self.conversation.say([verb, path, more])
        return self.conversation.hear()

    def body(self, verb: str, path: str, **more: Any) -> Any:
        answer = self.ask(verb, path, **more)
        assert answer["status"] == 200, answer
        return answer["body"]

    def import_workflow(self, document: dict[str, Any]) -> str:
        """Under a name of its own, which it gives."""
        document = {**document, "name": f"{document['name']} {self.kind}"}
        created = self.body("post", "/automation-studio/automations/import", json={"automations": [document]})
        return created["name"]

    def start(self, workflow: str, **options: Any) -> Any:
        return self.body("post", f"{JOBS}/start", json={"workflow": workflow, "options": options})["data"]


def conversation(place: Place, installation: Installation, **how: Any) -> Conversation:
    one = Conversation(installation.program("python"), PROGRAM)
    one.say({"host": "127.0.0.1", "port": place.port, "use_tls": False, **how})
    return one


def ways(place: Place) -> dict[str, dict[str, str]]:
    return {
        "ada": {"user": "ada", "password": PASSWORD},
        "ci": {"client_id": place.client_id, "client_secret": place.client_secret},
    }


@pytest.fixture(scope="module", params=["ada", "ci", "ada, async", "ci, async"])
def ipsdk(installations: dict[str, Installation], place: Place, request: pytest.FixtureRequest) -> Generator[Ipsdk]:
    name, _, asynchronous = request.param.partition(", ")
    way = {**ways(place)[name], "want_async": bool(asynchronous)}
    with closing(conversation(place, installations["ipsdk"], **way)) as one:
        yield Ipsdk(one, name, request.param)


def test_it_signs_in(place: Place, ipsdk: Ipsdk) -> None:
    me = ipsdk.body("get", "/whoami")
    assert (me["id"], me["username"]) == (place.accounts[ipsdk.name], ipsdk.name)


def test_a_job_is_started_and_followed_to_its_end(place: Place, ipsdk: Ipsdk) -> None:
    workflow = ipsdk.import_workflow(greeting())
    answer = ipsdk.body(
        "post",
        f"{JOBS}/start",
        json={
            "workflow": workflow,
            "options": {"description": None, "type": "automation", "variables": {"name": "Ada"}, "groups": []},
        },
    )
    started = answer["data"]
    assert (answer["message"], answer["metadata"]) == ("Successfully started job", {})
    assert (started["name"], started["status"], started["description"]) == (workflow, "running", "")
    assert started["metrics"]["user"] == place.accounts[ipsdk.name]
    job = started
    while job["status"] == "running":
        job = ipsdk.body("get", f"{JOBS}/{started['_id']}")["data"]
    assert job["status"] == "complete"
    assert job["variables"] == {
        "name": "Ada",
        "greeting": "Hello, Ada",
        "_id": started["_id"],
        "initiator": ipsdk.name,
    }
    assert {id: one["status"] for id, one in job["tasks"].items()} == dict.fromkeys(
        ("workflow_start", "a1", "b2", "workflow_end"), "complete"
    )
    assert job["metrics"]["end_time"] >= job["metrics"]["start_time"] + 1000


def test_jobs_are_found_by_filters_a_page_at_a_time(ipsdk: Ipsdk) -> None:
    workflow = ipsdk.import_workflow(chain("plain"))
    other = ipsdk.import_workflow(chain("plainer"))
    ids = [ipsdk.start(workflow, description=f"number {number}")["_id"] for number in range(5)]
    ipsdk.start(other)
    found: list[Any] = []
    skip: int | None = 0
    while skip is not None:
        params = {"equals[name]": workflow, "include": "name,description", "limit": 2, "skip": skip}
        page = ipsdk.body("get", JOBS, params=params)
        found += page["data"]
        skip = page["metadata"]["nextPageSkip"]
    assert found == [{"_id": id, "name": workflow, "description": f"number {number}"} for number, id in enumerate(ids)]
    assert page["metadata"] == {
        "skip": 4, "limit": 2, "total": 5, "nextPageSkip": None, "previousPageSkip": 2, "currentPageSize": 1,
        "hints": [],
    }  # fmt: skip
    for params, count in (
        ({"starts-with[name]": "plain", "ends-with[name]": ipsdk.kind}, 6),
        ({"in[name]": f"{workflow},{other}", "equals[status]": "complete"}, 6),
        ({"equals[name]": workflow, "equals[status]": "error"}, 0),
        ({"equals[name]": workflow, "contains[description]": "3"}, 1),
    ):
        assert ipsdk.body("get", JOBS, params=params)["metadata"]["total"] == count, params
    latest = ipsdk.body("get", JOBS, params={"equals[name]": workflow, "sort": "metrics.start_time", "order": -1})
    assert [job["_id"] for job in latest["data"]] == ids[::-1]


def test_a_job_is_paused_resumed_and_canceled(ipsdk: Ipsdk) -> None:
    workflow = ipsdk.import_workflow(chain("ask", a1={**task("ViewData"), "type": "manual"}))
    id = ipsdk.start(workflow)["_id"]
    for verb, said, status in (
        ("pause", "paused", "paused"),
        ("resume", "resumed", "running"),
        ("cancel", "canceled", "canceled"),
    ):
        answer = ipsdk.body("post", f"{JOBS}/{verb}", json={"jobIds": [id]})
        assert answer == {"message": f"Successfully {said} 1 of 1 jobs", "data": {id: {"status": said}}, "metadata": {}}
        assert ipsdk.body("get", f"{JOBS}/{id}")["data"]["status"] == status
    refused = ipsdk.ask("post", f"{JOBS}/cancel", json={"jobIds": [id]})
    assert (refused["status"], refused["body"]["message"]) == (409, "Failed to cancel all jobs")
    assert refused["body"]["data"] == {
        id: f"Job '{id}' is canceled: only a running, paused or errored job can be canceled."
    }


def test_what_is_refused_is_raised_with_the_reason(ipsdk: Ipsdk) -> None:
    unknown = ipsdk.ask("get", f"{JOBS}/{'f' * 24}")
    assert unknown == {
        "status": 404,
        "body": {
            "message": f"Cannot find job '{'f' * 24}'. It never existed here, or it was deleted.",
            "data": None,
            "metadata": {"code": "JOB_NOT_FOUND", "job": "f" * 24},
        },
        "raised": unknown["raised"],
    }
    assert unknown["raised"].startswith("Client error '404 Not Found'")
    refused = ipsdk.ask("post", f"{JOBS}/start", json={"workflow": "nope", "options": {}})
    assert (refused["status"], refused["body"]["metadata"]["code"]) == (404, "WORKFLOW_NOT_FOUND")
    refused = ipsdk.ask("post", "/authorization/groups", json={"group": {"name": "mine"}})
    assert (refused["status"], refused["body"]["metadata"]["code"]) == (403, "NOT_ALLOWED")


@pytest.mark.parametrize("way", [{"user": "ada", "password": "x"}, {"client_id": "x", "client_secret": "x"}])
def test_a_wrong_password_or_secret_is_told(place: Place, installations: dict[str, Installation], way: Any) -> None:
    with closing(conversation(place, installations["ipsdk"], **way)) as one:
        one.say(["get", "/whoami", {}])
        refused = one.hear()
    assert refused["status"] == 401
    assert (
        refused["body"]["message"] == "Invalid credentials. Ask an administrator for a new password if yours is lost."
    )
