"""The events that one may listen for, as the documented routes tell of them."""

import jsonschema
import pytest
from jobyard.models.documents.event import TOPICS

from ..documents import greeting
from ..doors import Doors

pytestmark = pytest.mark.anyio

EVENTS = "/operations-manager/events"


async def test_every_topic_is_listed_and_found_by_a_pair(doors: Doors) -> None:
    listed = (await doors.http.get(EVENTS)).json()
    assert [one["topic"] for one in listed["data"]] == sorted(TOPICS)
    assert listed["metadata"]["total"] == len(TOPICS)
    found = (await doors.http.get(EVENTS, params={"equalsField": "topic", "equals": "jobStart"})).json()["data"]
    one = await doors.http.get(f"{EVENTS}/@itential%2Fapp-workflow_engine/jobStart")
    assert found == [one.json()["data"]]
    assert (
        one.json()["data"] == (await doors.http.get(f"{EVENTS}/@itential/app-workflow_engine/jobStart")).json()["data"]
    )


async def test_a_job_is_what_the_schema_says(doors: Doors) -> None:
    await doors.import_documents(greeting())
    body = {"workflow": "greet", "options": {"variables": {"name": "Ada"}}}
    job = await doors.over((await doors.start(body)).json()["data"]["_id"])
    event = (await doors.http.get(f"{EVENTS}/@itential/app-workflow_engine/jobComplete")).json()["data"]
    jsonschema.validate({"job": job}, event["schema"])


@pytest.mark.parametrize("path", ["@itential/app-workflow_engine/nope", "other/jobStart"])
async def test_an_unknown_event_is_404(doors: Doors, path: str) -> None:
    answer = await doors.http.get(f"{EVENTS}/{path}")
    assert (answer.status_code, answer.json()["metadata"]["code"]) == (404, "EVENT_NOT_FOUND")
