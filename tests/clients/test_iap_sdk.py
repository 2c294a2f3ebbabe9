"""iap-sdk 2023.12a1, as pip installs it: it sends the token as a cookie of its own, and a body with a GET."""

from collections.abc import Generator
from contextlib import closing
from typing import Any

import pytest

from ..documents import chain, greeting, task
from .conftest import PASSWORD, Place
from .programs import Conversation, Installation

pytestmark = pytest.mark.timeout(400)  # with the installation of the package

PROGRAM = __file__.replace("test_iap_sdk", "ask_with_iap_sdk")
ASKS = chain("asks iap-sdk", a1={**task("ViewData"), "type": "manual"})


class IapSdk:
    def __init__(self, conversation: Conversation) -> None:
        self.conversation = conversation

    def call(self, path: str, **options: Any) -> Any:
        self.conversation.say([path, options])
        return self.conversation.hear()

    def start(self, workflow: str, **variables: Any) -> Any:
        body = {"workflow": workflow, "options": {"variables": variables}}
        return self.call("query", endpoint="operations-manager/jobs/start", method="post", jsonbody=body)["data"]

    def job(self, id: str) -> Any:
        return self.call("query", endpoint=f"/operations-manager/jobs/{id}")["data"]


@pytest.fixture(scope="module")
def iap(installations: dict[str, Installation], place: Place) -> Generator[IapSdk]:
    signing_in = {"host": "127.0.0.1", "port": place.port, "protocol": "http", "verify": False}
    with closing(Conversation(installations["iap-sdk"].program("python"), PROGRAM)) as one:
        one.say({**signing_in, "username": "ada", "password": PASSWORD})
        yield IapSdk(one)


def test_a_job_is_started_and_followed_to_its_end(place: Place, iap: IapSdk) -> None:
    place.import_documents(greeting(name="of iap-sdk"))
    started = iap.start("of iap-sdk", name="Ada")
    while (job := iap.job(started["_id"]))["status"] == "running":
        pass
    output = {"name": "Ada", "greeting": "Hello, Ada", "_id": started["_id"], "initiator": "ada"}
    assert (job["status"], job["variables"]) == ("complete", output)


def test_jobs_are_listed_paused_and_resumed(place: Place, iap: IapSdk) -> None:
    place.import_documents(ASKS)
    ids = {iap.start("asks iap-sdk")["_id"] for _ in range(3)}
    running = iap.call("operations_manager.get_jobs", limit=500)
    assert ids <= {job["_id"] for job in running["data"]}
    assert {job["status"] for job in running["data"]} == {"running"}
    paused = iap.call("operations_manager.pause_jobs", job_ids=sorted(ids))
    assert paused["data"] == {id: {"status": "paused"} for id in ids}
    listed = iap.call("operations_manager.get_jobs", limit=500, status=["paused"])
    assert {job["_id"] for job in listed["data"]} == ids
    resumed = iap.call("operations_manager.resume_jobs", job_ids=sorted(ids))
    assert resumed["message"] == "Successfully resumed 3 of 3 jobs"


def test_the_server_tells_of_its_applications(iap: IapSdk) -> None:
    health = iap.call("core.get_applications_health")
    assert "WorkFlowEngine" in [one["id"] for one in health["results"]]
    assert iap.call("core.get_application_health", name="WorkFlowEngine")["state"] == "RUNNING"
    assert iap.call("core.get_application", name="WorkFlowEngine")["data"]["name"] == "WorkFlowEngine"
