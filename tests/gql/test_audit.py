"""Audit events: every act has one, with who, what, when and how it ended, and none has a secret."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from jobyard.gql.execution.mutation_audit import AUDITED, OF_JOBS, PERSONAL
from jobyard.gql.schema import schema
from jobyard.models.settings import Settings
from jobyard.resolvers.lifespan import open_services
from jobyard.resolvers.store import audit
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from ..documents import chain, task
from ..mongo_proxy import mongo_proxy
from ..servers import Server, graphql, import_documents, serving
from .test_cli import jobyard
from .world import FIELDS, World, code_of, data_of

pytestmark = pytest.mark.anyio

EVENTS = """
query Audit($filter: AuditFilter, $first: Int) {
  auditEvents(filter: $filter, first: $first) {
    totalCount
    nodes { at account username action kind targets name task outcome details }
  }
}
"""


async def events(world: World, **filter: Any) -> list[dict[str, Any]]:
    return (await data_of(world, "admin", EVENTS, filter=filter, first=1000))["nodes"]


def test_every_mutation_has_its_place() -> None:
    definition: Any = schema.get_type_by_name("Mutation")
    names = {schema.config.name_converter.get_graphql_name(field) for field in definition.fields}
    assert names == {*AUDITED, *OF_JOBS, *PERSONAL}
    assert len(names) == len(AUDITED) + len(OF_JOBS) + len(PERSONAL)
    still = [field.python_name for field in definition.fields if not field.is_async and field.name != "login"]
    assert still == [], "an audit event is stored before the resolver runs: declare the mutation with async"


@pytest.mark.parametrize("name", list(AUDITED))
async def test_every_other_mutation_has_one_event_with_its_outcome(world: World, name: str) -> None:
    answer = (await world.graphql("admin", FIELDS[name])).json()
    collection = world.people.doors.services.store.database["audit_events"]
    found = [one async for one in collection.find({"action": name, "username": "admin"}).sort([("at", 1)])]
    event = found[-1]
    expected = answer["errors"][0]["extensions"]["code"] if "errors" in answer else None
    assert event["kind"] == AUDITED[name]
    assert event["account"] == world.people.ids["admin"]
    if expected is not None:
        assert event["outcome"] == expected
    else:
        assert event["outcome"] == "done" or "refused" in event["outcome"]


async def test_acts_on_jobs_are_found_by_account_action_target_and_time(world: World) -> None:
    job = world.variables["job"]
    await data_of(world, "member", "mutation($job: ID!) { pauseJobs(ids: [$job]) { done } }")
    await data_of(world, "admin", "mutation($job: ID!) { cancelJobs(ids: [$job]) { done } }")
    found = await events(world, targets=[job])
    assert [(one["username"], one["action"], one["outcome"]) for one in found] == [
        ("admin", "cancelJobs", "done"), ("member", "pauseJobs", "done"), ("member", "startJob", "done"),
    ]  # fmt: skip
    assert {one["kind"] for one in found} == {"job"}
    assert [one["action"] for one in await events(world, accounts=[world.people.ids["member"]], targets=[job])] == [
        "pauseJobs", "startJob",
    ]  # fmt: skip
    assert [one["action"] for one in await events(world, actions=["startJob"], kinds=["job"])] == ["startJob"]
    assert await events(world, targets=[job], at={"before": found[-1]["at"]}) == []
    assert len(await events(world, targets=[job], at={"since": found[-1]["at"]})) == 3


async def test_a_job_that_is_deleted_at_once_leaves_its_acts(world: World) -> None:
    job = world.variables["job"]
    await data_of(world, "admin", "mutation($job: ID!) { cancelJobs(ids: [$job]) { done } }")
    await world.people.doors.services.runner.wait_stopped(job)
    await data_of(world, "admin", "mutation($job: ID!) { deleteJobs(ids: [$job]) { done message } }")
    assert {one["action"] for one in await events(world, targets=[job])} == {"deleteJobs", "cancelJobs", "startJob"}


async def test_changes_of_people_say_what_was_changed_and_no_password(world: World) -> None:
    made = await data_of(
        world, "admin", 'mutation { createAccount(username: "eve", password: "a very secret one") { id } }'
    )
    await data_of(world, "admin", FIELDS["updateRole"].replace('description: "x"', 'methods: ["getJobs"]'))
    (created,) = await events(world, actions=["createAccount"], usernames=["admin"])
    assert (created["targets"], created["details"]) == ([made["id"]], {"username": "eve"})
    (changed,) = await events(world, actions=["updateRole"])
    assert (changed["targets"], changed["details"]) == ([world.variables["role"]], {"methods": ["getJobs"]})
    stored = [one async for one in world.people.doors.services.store.database["audit_events"].find({})]
    assert "a very secret one" not in str(stored)
    assert "the password of" not in str(stored)


async def test_the_start_of_a_server_has_its_settings_and_no_secret(world: World) -> None:
    (started,) = await events(world, actions=["serve"])
    assert (started["account"], started["kind"], started["details"]["keep_events"]) == (None, "server", 30 * 86_400_000)
    assert not {"admin_password", "mongodb_uri", "secrets_key"} & started["details"].keys()


async def test_pages_follow_one_another(world: World) -> None:
    for number in range(5):
        await data_of(world, "admin", f'mutation {{ createGroup(name: "g{number}") {{ id }} }}')
    query = """query($after: String) { auditEvents(filter: {actions: ["createGroup"], usernames: ["admin"]}, first: 2,
        direction: ASC, after: $after) { totalCount nodes { details } pageInfo { hasNextPage endCursor } } }"""
    names, after = list[str](), None
    while True:
        page = await data_of(world, "admin", query, after=after)
        assert page["totalCount"] == 5
        names += [one["details"]["name"] for one in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert names == ["g0", "g1", "g2", "g3", "g4"]


async def test_only_administrators_read_it(world: World) -> None:
    assert await code_of(world, "member", EVENTS) == "NOT_ALLOWED"


def is_command(wanted: str, collection: str, name: str, command: dict[str, Any]) -> bool:
    return name == wanted and command.get(name) == collection


@pytest.mark.parametrize("before", [True, False], ids=["lost", "answer-lost"])
async def test_acts_are_copied_once_whatever_the_database_does_in_the_middle(
    mongodb_uri: str, mongodb: MongoClient[dict[str, Any]], new_database: str, before: bool
) -> None:
    database = mongodb[new_database]
    acts = [{"act": "start", "user": "a" * 24, "task": None}, {"act": "pause", "user": None, "task": None}]
    steps = (("find", "job_events"), ("find", "accounts"), ("update", "audit_events"), ("update", "job_events"))
    settings = Settings(database=new_database, open=True)
    async with mongo_proxy(mongodb_uri) as proxy, open_services(replace(settings, mongodb_uri=proxy.uri)):
        for number, (command, collection) in enumerate(steps):
            event = {"_id": f"{number}/0", "job": str(number), "seq": 0, "name": "w", "status": "complete"}
            at = datetime(2026, 1, 1, tzinfo=UTC)
            database["job_events"].insert_one({**event, "acts": acts, "to_audit": True, "stored": at})
            fault = proxy.lose(partial(is_command, command, collection), before=before, times=2)
            failed = 0
            while database["job_events"].find_one({"to_audit": True}) is not None:
                try:
                    await audit.copy_acts()
                except PyMongoError:
                    failed += 1
                    assert failed < 5
            assert fault.times < 2
    copies = list(database["audit_events"].find({"action": "startJob"}))
    assert sorted(one["_id"] for one in copies) == [f"{number}/0/0" for number in range(4)]
    assert database["job_events"].count_documents({"to_audit": True}) == 0


def test_the_command_lists_and_exports(mongodb_uri: str, new_database: str) -> None:
    with serving(MONGODB_URI=mongodb_uri, JOBYARD_DATABASE=new_database) as server:
        import_documents(server, chain("w", a1=task("newVariable", name="x", value=1)))
        start(server)
        lines = exported(server)
        assert [(one["action"], one["username"]) for one in lines] == [
            ("serve", None), ("importWorkflows", "admin"), ("startJob", "admin"),
        ]  # fmt: skip
        assert lines[2]["name"] == "w"
        assert [one["action"] for one in exported(server, "--user", "admin", "--kind", "job")] == ["startJob"]
        assert exported(server, "--until", lines[0]["at"]) == []
        table = jobyard("audit", "--first", "1", server=server)
        assert table.stdout.split()[:5] == ["AT", "USER", "ACTION", "OUTCOME", "TARGETS"]
        assert table.stdout.splitlines()[1].split()[1:4] == ["admin", "startJob", "done"]
        refused = jobyard("audit", "--since", "yesterday", server=server)
        assert (refused.returncode, "must be a moment" in refused.stderr) == (1, True)


def start(server: Server) -> None:
    graphql(server, 'mutation { startJob(workflow: "w", options: {}, waitSeconds: 10) { id } }')


def exported(server: Server, *arguments: str) -> list[dict[str, Any]]:
    done = jobyard("audit", "--output", "jsonl", *arguments, server=server)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]
