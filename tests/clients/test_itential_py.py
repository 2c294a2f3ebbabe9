"""itential.py 1.0.0, as pip installs it: it signs in once it is refused, and asks the older API for bare jobs."""

from collections.abc import Generator
from contextlib import closing
from typing import Any

import pytest

from ..documents import chain, greeting, task
from .conftest import PASSWORD, Place
from .programs import Conversation, Installation

pytestmark = pytest.mark.timeout(400)  # with the installation of the package

PROGRAM = __file__.replace("test_itential_py", "ask_with_itential_py")


class ItentialPy:
    def __init__(self, conversation: Conversation) -> None:
        self.conversation = conversation

    def call(self, method: str, **options: Any) -> Any:
        self.conversation.say([method, options])
        status, body = self.conversation.hear()
        assert status == 200, body
        return body

    def refusal(self, method: str, **options: Any) -> Any:
        self.conversation.say([method, options])
        return self.conversation.hear()


@pytest.fixture(scope="module")
def itential(installations: dict[str, Installation], place: Place) -> Generator[ItentialPy]:
    with closing(Conversation(installations["itential.py"].program("python"), PROGRAM)) as one:
        one.say({"url": f"{place.address}/", "username": "ada", "password": PASSWORD})
        yield ItentialPy(one)


def test_a_job_is_started_and_followed_to_its_end(place: Place, itential: ItentialPy) -> None:
    place.import_documents(greeting(name="of itential.py"))
    options = {"description": "d", "variables": {"name": "Ada"}}
    id = itential.call("start_job_with_options", workflow_name="of itential.py", options=options)["_id"]
    while (job := itential.call("get_job", job_id=id))["status"] == "running":
        pass
    assert (job["status"], job["description"]) == ("complete", "d")
    output = {"name": "Ada", "greeting": "Hello, Ada", "_id": id, "initiator": "ada"}
    assert itential.call("get_job_output", job_id=id) == output
    assert itential.call("get_job_shallow", job_id=id)["_id"] == itential.call("get_entire_job", job_id=id)["_id"] == id
    found = itential.call("search_jobs", query={"name": "of itential.py"}, fields={"status": 1})
    assert (found["results"], found["total"]) == ([{"_id": id, "status": "complete"}], 1)


def test_a_job_is_paused_resumed_worked_and_canceled(place: Place, itential: ItentialPy) -> None:
    place.import_documents(chain("asks itential.py", a1={**task("ViewData"), "type": "manual"}))
    id = itential.call("start_job_with_options", workflow_name="asks itential.py", options={})["_id"]
    for method, status in (("pause_job", "paused"), ("resume_job", "running"), ("cancel_job", "canceled")):
        itential.call(method, job_id=id)
        assert itential.call("get_job_details", job_id=id)["status"] == status
    assert itential.call("is_active") is not None
    checked = itential.call("run_validation", workflow_json=chain("w"))
    assert checked["isValid"] is True


def test_what_is_refused_is_json_with_a_message(itential: ItentialPy) -> None:
    status, body = itential.refusal("get_job", job_id="nothing")
    assert (status, "Cannot find job" in body["message"]) == (404, True)
    status, body = itential.refusal("diff_to_html", label1="a", value1="b", label2="c", value2="d")
    assert (status, body["message"].endswith("Not served: pages are drawn by front ends.")) == (404, True)
