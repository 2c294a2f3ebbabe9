"""Who does a task: the first in the order of recorded, configured, native, configured for the app, stub."""

from dataclasses import replace

import pytest
from jobyard.models.engine.events import ProviderCall
from jobyard.models.engine.outcomes import Finish
from jobyard.resolvers.providers import Providers

from .calls import call, saying

pytestmark = pytest.mark.anyio

NATIVE = {("Jira", "getTicket"): saying("native")}
TASK = ("", "Jira", "getTicket")
APP = ("", "Jira", "")


@pytest.mark.parametrize(
    ("providers", "by"),
    [
        (Providers(NATIVE, {TASK: saying("task"), APP: saying("app")}, stub=saying("stub")), "task"),
        (Providers(NATIVE, {APP: saying("app")}, stub=saying("stub")), "native"),
        (Providers({}, {APP: saying("app")}, stub=saying("stub")), "app"),
        (Providers({}, {("", "Jira", "other"): saying("other")}, stub=saying("stub")), "stub"),
        (Providers({}, {("Adapter", "Jira", ""): saying("adapter"), APP: saying("app")}), "adapter"),
        (Providers({}, {("Application", "Jira", ""): saying("application"), APP: saying("app")}), "app"),
    ],
)
async def test_what_names_the_task_more_closely_does_it(providers: Providers, by: str) -> None:
    assert await providers.perform(call()) == Finish("success", {"by": by})


async def test_a_recorded_answer_comes_before_everything() -> None:
    recorded = Finish("success", {"by": "recorded"})
    providers = Providers(NATIVE, {TASK: saying("task")}, lambda call: recorded if call.task_id == "a1" else None)
    assert await providers.perform(call()) == recorded


async def test_a_task_that_nobody_does_ends_in_error_by_name_and_with_the_remedy() -> None:
    assert await Providers().perform(call()) == Finish(
        "error",
        error="No provider for Jira.getTicket: this server has no such task, app or adapter. "
        "Name one in the providers file (`jobyard serve --providers FILE`).",
    )


def test_it_tells_whether_somebody_does_a_task() -> None:
    providers = Providers(NATIVE, {("Adapter", "Netbox", ""): saying("netbox")})
    assert providers.offers("Adapter", "Jira", "getTicket")
    assert not providers.offers("Adapter", "Jira", "other")
    assert providers.offers("Adapter", "Netbox", "anything")
    assert not providers.offers("Application", "Netbox", "anything")
    assert Providers(stub=saying("stub")).offers("Broker", "Any:1", "task")


def manual(name: str = "getTicket") -> ProviderCall:
    asked = call()
    return replace(asked, definition={**asked.definition, "type": "manual", "name": name})


async def test_only_what_names_a_manual_task_answers_in_a_persons_place() -> None:
    named = Providers({}, {TASK: saying("task"), APP: saying("app")}, stub=saying("stub"))
    assert named.answers_for_person("w", "a1", manual().definition)
    assert await named.perform(manual()) == Finish("success", {"by": "task"})
    for loose in (Providers({}, {APP: saying("app")}, stub=saying("stub")), Providers(stub=saying("stub"))):
        for name in ("getTicket", ""):
            assert not loose.answers_for_person("w", "a1", manual(name).definition)
            finish = await loose.perform(manual(name))
            assert finish.state == "error"
            assert "Retry the task, and it waits for a person." in finish.error
    recorded = Providers(recorded_tasks=frozenset({("w", "a1")}))
    assert recorded.answers_for_person("w", "a1", manual().definition)
    assert not recorded.answers_for_person("w", "b2", manual().definition)
    assert not recorded.answers_for_person("other", "a1", manual().definition)


async def test_a_task_that_this_server_does_is_done_whatever_its_document_says_of_people() -> None:
    assert await Providers(NATIVE, stub=saying("stub")).perform(manual()) == Finish("success", {"by": "native"})
