"""Triggers that are kept and start nothing: the answers, the lists, the check and the log say so."""

import logging
from pathlib import Path
from typing import Any

import pytest

from ..doors import Doors
from .test_automations import AUTOMATIONS, TRIGGERS, automation
from .test_cli import jobyard, write

pytestmark = pytest.mark.anyio

SCHEDULE = {
    "name": "nightly",
    "type": "schedule",
    "enabled": True,
    "firstRunAt": 1_733_400_000_000,
    "repeatUnit": "day",
    "repeatFrequency": 1,
    "repeatInterval": 86_400_000,
    "processMissedRuns": "none",
}
EVENTS = {"name": "on error", "type": "eventSystem", "source": "@itential/app-workflow_engine", "topic": "jobError"}
NOTHING = "The trigger '{}' is kept and starts nothing: this server does not run {} yet."
KINDS = [(SCHEDULE, NOTHING.format("nightly", "schedules")), (EVENTS, NOTHING.format("on error", "triggers of events"))]
CREATE = "mutation($d: JSON!) { createTrigger(document: $d) { id enabled warnings documented } }"


async def asked(doors: Doors, verb: str, path: str, body: Any = None) -> tuple[str, Any, list[str]]:
    answer = (await doors.http.request(verb, path, json=body)).json()
    return answer["message"], answer["data"], answer["metadata"].get("warnings", [])


@pytest.mark.parametrize(("document", "nothing"), KINDS)
async def test_every_answer_over_rest_says_so_and_the_document_stays_as_it_was_sent(
    doors: Doors, document: dict[str, Any], nothing: str, caplog: pytest.LogCaptureFixture
) -> None:
    sent = {**document, "actionId": (await automation(doors))["_id"]}
    with caplog.at_level(logging.WARNING, "jobyard"):
        message, made, (warning,) = await asked(doors, "POST", TRIGGERS, sent)
    assert message == f"Successfully created trigger. {warning}"
    assert warning.startswith(nothing)
    assert caplog.messages == [warning]
    assert sent.items() <= made.items()
    assert "nextRunAt" not in made
    path = f"{TRIGGERS}/{made['_id']}"
    assert await asked(doors, "GET", path) == (f"Successfully retrieved trigger. {warning}", made, [warning])
    _, (listed,), said = await asked(doors, "GET", TRIGGERS)
    assert (listed, said) == (made, [warning])
    _, _, said = await asked(doors, "GET", f"{AUTOMATIONS}/{sent['actionId']}")
    assert said == [warning]
    message, off, said = await asked(doors, "PATCH", path, {"enabled": False})
    assert (message, off["enabled"], said) == ("Successfully updated trigger", False, [])
    assert (await asked(doors, "GET", TRIGGERS))[2] == []
    message, on, said = await asked(doors, "PATCH", path, {"enabled": True})
    assert (on["enabled"], said) == (True, [warning])
    assert message.endswith(warning)


@pytest.mark.parametrize(("document", "nothing"), KINDS)
async def test_graphql_says_so(doors: Doors, document: dict[str, Any], nothing: str) -> None:
    made = await automation(doors)
    answer = (await doors.graphql(CREATE, d={**document, "actionId": made["_id"]}))["data"]["createTrigger"]
    (warning,) = answer["warnings"]
    assert (answer["enabled"], warning.startswith(nothing)) == (answer["documented"].get("enabled"), True)
    query = "query($t: ID!, $a: ID!) { trigger(id: $t) { warnings } automation(id: $a) { warnings } }"
    assert (await doors.graphql(query, t=answer["id"], a=made["_id"]))["data"] == {
        "trigger": {"warnings": [warning]},
        "automation": {"warnings": [warning]},
    }


async def test_imports_and_copies_say_so(doors: Doors) -> None:
    made = await automation(doors)
    export = {**made, "name": "imported", "triggers": [SCHEDULE, EVENTS, {"name": "by hand", "type": "manual"}]}
    message, (outcome,), (first, second) = await asked(doors, "PUT", AUTOMATIONS, {"automations": [export]})
    assert message == f"Successfully imported 1 of 1 documents. {first} {second}"
    assert (outcome["success"], outcome["message"]) == (True, f"{first} {second}")
    copy = {"_id": outcome["data"]["_id"], "name": "copy"}
    assert (await asked(doors, "POST", f"{AUTOMATIONS}/clone", copy))[2] == [first, second]
    trigger = {**SCHEDULE, "actionId": made["_id"]}
    assert (await asked(doors, "PUT", TRIGGERS, {"triggers": [trigger]}))[2] == [first]


async def test_triggers_that_run_have_no_warnings(doors: Doors) -> None:
    document = {"name": "by hand", "type": "manual", "actionId": (await automation(doors))["_id"]}
    answer = (await doors.http.post(TRIGGERS, json=document)).json()
    assert (answer["message"], answer["metadata"]) == ("Successfully created trigger", {})
    assert "warnings" not in (await doors.http.get(TRIGGERS)).json()["metadata"]


def test_the_check_of_an_automation_says_so(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", {"name": "a", "componentType": "workflows", "triggers": [SCHEDULE]})
    done = jobyard("check", path)
    assert done.returncode == 0
    assert NOTHING.format("nightly", "schedules") in done.stdout
