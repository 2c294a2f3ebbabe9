"""GET /operations-manager/jobs and /tasks as today's clients send them."""

import json
from typing import Any

import httpx
import pytest
from bson import ObjectId
from jobyard.models.settings import Settings

from ..documents import chain, greeting, task
from ..doors import Doors
from ..resolvers.search.planted import job, number

pytestmark = pytest.mark.anyio

JOBS = "/operations-manager/jobs"
TASKS = "/operations-manager/tasks"
MINUTE = 60_000


@pytest.fixture
def settings(each_store: Settings) -> Settings:
    return each_store


async def plant(doors: Doors, *jobs: dict[str, Any]) -> None:
    await doors.services.store.database["jobs"].insert_many(list(jobs))
    await doors.tokens_given()


async def get(doors: Doors, path: str, body: Any = None, **query: Any) -> httpx.Response:
    content = None if body is None else json.dumps(body)
    return await doors.http.request("GET", path, params=query, content=content)


def numbers(answer: httpx.Response) -> list[int]:
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["metadata"]["total"] == len(body["data"])
    return [int(one["_id"], 16) for one in body["data"]]


def several() -> list[dict[str, Any]]:
    """Four of ours, and one of another program with its ids of the database's own kind."""
    return [
        job(number(1), 1 * MINUTE, name="Upgrade routers", description="Ticket 7, tonight", tags=["core"]),
        job(number(2), 2 * MINUTE, status="running", variables={"device": "edge-1", "count": 5}, sla=10),
        job(number(3), 3 * MINUTE, name="Check (all)", metrics={"start_time": 3 * MINUTE, "user": "ada"}),
        {
            **job(number(4), status="error", parent={"job": number(1), "task": "a"}, type="resource:action"),
            "metrics": {"start_time": 4 * MINUTE, "owner": "grace"},
        },
        {
            "_id": ObjectId(number(5)),
            "name": "Restore routers",
            "status": "complete",
            "description": "ticket",
            "tasks": {"a": {"name": "merge", "variables": {"incoming": {}}}},
            "variables": {"device": "edge-1"},
            "metrics": {"start_time": 5 * MINUTE},
        },
    ]


QUERIES: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [1, 2, 3, 4, 5]),
    ({"equals[name]": "Upgrade routers"}, [1]),
    ({"equals[_id]": number(5)}, [5]),
    ({"equals": "Upgrade routers", "equalsField": "name"}, [1]),
    ({"in": "running,error", "inField": "status", "contains": "E", "containsField": "name"}, [2, 4]),
    ({"starts-with": "check (", "starts-withField": "name"}, [3]),
    ({"startsWith": "check (", "startsWithField": "name"}, [3]),
    ({"greaterThanEqualsField": "metrics.start_time", "greaterThanEquals": str(5 * MINUTE)}, [5]),
    ({"equals": "edge-1", "equalsField": "variables.device"}, [2, 5]),
    ({"in[_id]": f"{number(1)},{number(5)}"}, [1, 5]),
    ({"contains[name]": "ROUTERS"}, [1, 5]),
    ({"contains[name]": "(all)"}, [3]),
    ({"starts-with[name]": "check ("}, [3]),
    ({"ends-with[name]": "routers"}, [1, 5]),
    ({"contains[metrics.owner]": "GRACE"}, [4]),
    ({"not-in[metrics.owner]": "grace"}, [1, 2, 3, 5]),
    ({"ends-with[description]": "tonight\n"}, []),
    ({"in[status]": "running,error"}, [2, 4]),
    ({"in[status][]": ["running", "error"]}, [2, 4]),
    ({"not-in[status]": "complete,error"}, [2]),
    ({"equals[type]": "resource:action"}, [4]),
    ({"equals[metrics.user]": "ada"}, [3]),
    ({"equals[parent.job]": number(1)}, [4]),
    ({"equals[ancestors.0]": number(2)}, [2]),
    ({"gt[metrics.start_time]": "1970-01-01T00:02:00", "lte[metrics.start_time]": str(4 * MINUTE)}, [3, 4]),
    ({"gte[metrics.start_time]": "1970-01-01T01:05:00+01:00"}, [5]),
    ({"exists[parent]": "true"}, [4]),
    ({"exists[sla]": "false"}, [1, 3, 4, 5]),
    ({"equals[sla]": "10.0"}, [2]),
    ({"contains[description]": "ticket"}, [1, 5]),
    ({"contains[description]": "routers"}, []),
    ({"equals[tags]": "core"}, [1]),
    ({"equals[variables.device]": "edge-1"}, [2, 5]),
    ({"equals[variables.count]": "5"}, [2]),
    ({"q": json.dumps({"or": [{"equals": {"status": "error"}}, {"contains": {"name": "check"}}]})}, [3, 4]),
    ({"q": json.dumps({"not": {"in": {"status": ["complete", "error"]}}})}, [2]),
    (
        {"q": json.dumps({"and": [{"equals": {"status": "complete"}}, {"not": [{"equals": {"name": "greet"}}]}]})},
        [1, 3, 5],
    ),
    ({"q": json.dumps({"contains": {"name": "routers"}}), "equals[status]": "complete"}, [1, 5]),
    ({"sort": "metrics.start_time", "order": "-1"}, [5, 4, 3, 2, 1]),
    ({"order": "-1"}, [5, 4, 3, 2, 1]),
    ({"sort": "name"}, [3, 5, 1, 4, 2]),
    ({"sort": "_id", "order": -1}, [5, 4, 3, 2, 1]),
]


async def test_each_operator_finds_ours_and_other_peoples(doors: Doors) -> None:
    await plant(doors, *several())
    found = [(query, numbers(await get(doors, JOBS, **query))) for query, _ in QUERIES]
    assert found == QUERIES


IGNORED: list[dict[str, Any]] = [
    {"status": "running"},
    {"equals": "running"},
    {"equalsField": "status"},
    {"equalsField": "unheard.of", "equals": "running"},
    {"equals[unheard.of]": "x"},
    {"equals[$where]": "sleep(1000)"},
    {"like[name]": "x"},
    {"sort": "unheard-of"},
    {"q": "{}"},
    {"q": json.dumps({"or": [{"equals": {"$expr": "x"}}], "unheard-of": 1})},
]


async def test_what_is_not_documented_is_left_aside(doors: Doors) -> None:
    await plant(doors, *several())
    for query in IGNORED:
        assert numbers(await get(doors, JOBS, **query)) == [1, 2, 3, 4, 5], query


BODIES: list[tuple[Any, list[int]]] = [
    ({"queryParameters": {"in": {"status": "running,error"}}}, [2, 4]),
    ({"queryParameters": {"in": {"status": ["running", "error"]}}}, [2, 4]),
    ({"equals": {"variables.count": 5}}, [2]),
    ({"equals": "complete", "equalsField": "status", "contains": {"name": "routers"}}, [1, 5]),
    ({"equals": {"variables.count": "5"}}, [2]),
    ({"equals": {"name": ["Check (all)", "Upgrade routers"]}}, [1, 3]),
    ({"q": {"not": {"exists": {"parent": False}}}}, [4]),
    ({"order": -1}, [5, 4, 3, 2, 1]),
]


async def test_a_json_body_of_a_get_means_the_same(doors: Doors) -> None:
    await plant(doors, *several())
    for body, found in BODIES:
        assert numbers(await get(doors, JOBS, body)) == found, body


async def test_a_body_and_a_query_string_hold_together(doors: Doors) -> None:
    await plant(doors, *several())
    answer = await get(doors, JOBS, {"in": {"status": "complete,error"}}, **{"equals[metrics.user]": "ada"})
    assert numbers(answer) == [3]


async def test_pages_have_exact_totals_and_say_where_the_next_begins(doors: Doors) -> None:
    await plant(doors, *(job(number(count), count) for count in range(7)))
    seen: list[str] = []
    metadata: list[Any] = []
    skip: int | None = 0
    while skip is not None:
        body = (await get(doors, JOBS, limit=3, skip=skip)).json()
        seen += [one["_id"] for one in body["data"]]
        metadata.append(body["metadata"])
        skip = body["metadata"]["nextPageSkip"]
    assert seen == [number(count) for count in range(7)]
    always = {"limit": 3, "total": 7, "hints": []}
    assert metadata == [
        {"skip": 0, "nextPageSkip": 3, "previousPageSkip": None, "currentPageSize": 3, **always},
        {"skip": 3, "nextPageSkip": 6, "previousPageSkip": 0, "currentPageSize": 3, **always},
        {"skip": 6, "nextPageSkip": None, "previousPageSkip": 3, "currentPageSize": 1, **always},
    ]
    beyond = (await get(doors, JOBS, skip=10, limit=3)).json()
    assert (beyond["data"], beyond["metadata"]["total"]) == ([], 7)
    none = (await get(doors, JOBS, limit=0)).json()
    assert (none["data"], none["metadata"]["total"]) == ([], 7)
    one = (await get(doors, JOBS, **{"equals[name]": "greet", "limit": 3, "skip": 5})).json()
    assert ([document["_id"] for document in one["data"]], one["metadata"]["total"]) == ([number(5), number(6)], 7)


async def test_what_is_stored_meanwhile_lands_at_the_end_of_the_default_order(doors: Doors) -> None:
    await plant(doors, *(job(number(count), count) for count in range(4)))
    first = (await get(doors, JOBS, limit=2)).json()["data"]
    await plant(doors, job(number(9), 100))
    rest = (await get(doors, JOBS, limit=2, skip=2)).json()
    assert [one["_id"] for one in (*first, *rest["data"])] == [number(count) for count in range(4)]
    assert rest["metadata"]["nextPageSkip"] == 4


async def test_lists_never_hold_variables_and_a_job_does(doors: Doors) -> None:
    await doors.import_documents(greeting())
    started = (await doors.start({"workflow": "greet", "options": {"variables": {"name": "Ada"}}})).json()["data"]
    whole = await doors.over(started["_id"])
    await plant(doors, several()[-1])
    theirs, ours = (await get(doors, JOBS, dereference="tasks")).json()["data"]
    assert ours["tasks"]["a1"]["metrics"]["finish_state"] == "success"
    assert "variables" not in str(ours) + str(theirs)
    assert theirs["tasks"] == {"a": {"name": "merge"}}
    listed = (await get(doors, JOBS, **{"equals[name]": "greet"})).json()["data"][0]
    assert {**listed, "variables": whole["variables"], "tasks": whole["tasks"]} == whole


async def test_include_and_exclude_say_what_is_shown(doors: Doors) -> None:
    await plant(doors, several()[1])
    shown = (await get(doors, JOBS, include="name,metrics.start_time,variables")).json()["data"]
    assert shown == [{"_id": number(2), "name": "greet", "metrics": {"start_time": 2 * MINUTE}}]
    shown = (await get(doors, JOBS, include="name", exclude="_id")).json()["data"]
    assert shown == [{"name": "greet"}]
    shown = (await get(doors, JOBS, exclude="metrics,tasks")).json()["data"]
    assert "metrics" not in shown[0]
    one = (await get(doors, f"{JOBS}/{number(2)}", include="variables.device")).json()["data"]
    assert one == {"_id": number(2), "variables": {"device": "edge-1"}}


async def test_dereference_puts_documents_in_the_place_of_references(doors: Doors) -> None:
    await doors.import_documents(
        greeting(), chain("above", a1=task("childJob", workflow="greet", variables={"name": "A"}))
    )
    started = (await doors.start({"workflow": "above", "options": {}})).json()["data"]
    above = await doors.over(started["_id"])
    assert above["status"] == "complete", above.get("error")
    child = above["tasks"]["a1"]["childJobs"][0]["_id"]
    job_with_parent = (await get(doors, f"{JOBS}/{child}", dereference="parent,accounts.createdBy")).json()["data"]
    assert job_with_parent["parent"]["task"] == "a1"
    assert job_with_parent["parent"]["job"] == {key: value for key, value in above.items() if key != "variables"}
    with_tasks = (await get(doors, f"{JOBS}/{started['_id']}", dereference="tasks")).json()["data"]
    iteration = above["tasks"]["a1"]["iterations"][0]
    assert (with_tasks["tasks"]["a1"]["_id"], with_tasks["tasks"]["a1"]["job"]["task"]) == (iteration, "a1")
    assert with_tasks["tasks"]["a1"]["variables"] == above["tasks"]["a1"]["variables"]
    shown = (await get(doors, f"{TASKS}/{iteration}", dereference="job,child-job-output")).json()["data"]
    assert (shown["job"]["status"], shown["job"]["task"], shown["job"]["_id"]) == ("complete", "a1", started["_id"])
    assert shown["variables"]["outgoing"]["job_details"]["greeting"] == "Hello, A"


async def test_tasks_are_listed_without_variables(doors: Doors) -> None:
    await doors.import_documents(greeting())
    started = (await doors.start({"workflow": "greet", "options": {"variables": {"name": "Ada"}}})).json()["data"]
    await doors.over(started["_id"])
    body = (await get(doors, TASKS, **{"equals[job._id]": started["_id"], "equals[status]": "complete"})).json()
    assert {one["job"]["task"] for one in body["data"]} == {"a1", "b2"}
    assert body["metadata"]["total"] == 2
    assert "variables" not in body["data"][0]
    assert body["data"][0].keys() & {"waits_for", "access"} == set()
    shown = (await get(doors, TASKS, include="name,status,type", **{"contains[name]": "delay"})).json()["data"]
    assert [{key: one[key] for key in ("name", "status", "type")} for one in shown] == [
        {"name": "delay", "status": "complete", "type": "operation"}
    ]


FAULTS: list[tuple[dict[str, Any], str]] = [
    ({"limit": "-1"}, "/limit must be a whole number"),
    ({"limit": "many"}, "/limit must be a whole number"),
    ({"skip": "1e9"}, "/skip must be a whole number"),
    ({"order": "2"}, "/order must be 1 (ascending) or -1"),
    ({"sort": "description"}, "/sort must be one of _id, metrics.start_time"),
    ({"gt[metrics.start_time]": "soon"}, "/gt/metrics.start_time must be a moment"),
    ({"equals[sla]": "ten"}, "/equals/sla must be a number"),
    ({"exists[parent]": "maybe"}, "/exists/parent must be true or false"),
    ({"gt[variables.count]": "5"}, "/gt/variables.count can be asked for with equals, in and not-in alone"),
    ({"contains[sla]": "1"}, "/contains/sla is not text"),
    ({"contains[description]": "--"}, "must hold between 1 and 10 words"),
    ({"q": "{"}, "/q is not JSON"),
    ({"q": "[]"}, "/q must be a JSON object"),
    ({"equals[name]": "a\0"}, "/equals/name must not hold a NUL character"),
]


async def test_a_fault_is_told_with_its_place(doors: Doors) -> None:
    await plant(doors, *several())
    for query, message in FAULTS:
        answer = await get(doors, JOBS, **query)
        assert answer.status_code == 400, query
        assert message in answer.json()["message"]


def deep(levels: int) -> Any:
    query: Any = {"equals": {"name": "x"}}
    for _ in range(levels):
        query = {"not": query}
    return query


HOSTILE: list[tuple[Any, str]] = [
    ({"equals": {"name": {"$gt": ""}}}, "/equals/name must be text"),
    ({"in": {"name": [{"$regex": ".*"}]}}, "/in/name must be text"),
    ({"equals": {"metrics.start_time": {"$gt": 0}}}, "must be a moment"),
    ({"equals": {"_id": {"$ne": None}}}, "must be text"),
    ({"equals": {"variables.device": {"$gt": ""}}}, "must be a number, a boolean or a text"),
    ({"gt": {"sla": {"$where": "1"}}}, "must be a number"),
    ({"gt": {"sla": "9" * 400}}, "must be a number"),
    ({"contains": {"name": "(a+)+$" * 200_000}}, "must NOT have more than 1000 characters"),
    ({"in": {"name": ["x"] * 1001}}, "must NOT have more than 1000 items"),
    ({"include": ["x"] * 101}, "/include must NOT have more than 100 items"),
    ({"q": deep(11)}, "/q must NOT be more than 10 levels deep"),
    ({"q": deep(40)}, "/q must NOT be more than 10 levels deep"),
    ({"q": {"or": [{"equals": {"name": "x"}}] * 101}}, "/q/or must NOT have more than 100 items"),
    (
        {"q": {"or": [{"or": [{"equals": {"name": "x", "type": "y"}}] * 99}] * 99}},
        "must NOT have more than 100 conditions",
    ),
    ({"q": '{"not":' * 5000 + "{}" + "}" * 5000}, "is not JSON"),
    ({"q": " " * 100_000 + "{}"}, "/q must NOT have more than 65536 characters"),
]


async def test_hostile_queries_are_refused(doors: Doors) -> None:
    await plant(doors, *several())
    for body, message in HOSTILE:
        answer = await get(doors, JOBS, body)
        assert answer.status_code == 400, str(body)[:100]
        assert message in answer.json()["message"]


async def test_patterns_are_texts(doors: Doors) -> None:
    await plant(doors, *several())
    for text in (".*", "^", "R.uters", "routers$", "(?i)x", "[a-z]"):
        assert numbers(await get(doors, JOBS, **{"contains[name]": text})) == [], text
        assert numbers(await get(doors, JOBS, **{"ends-with[description]": text})) == [], text


async def test_both_doors_answer_the_same_list(doors: Doors) -> None:
    await plant(doors, *several())
    rest = (await get(doors, JOBS, **{"in[status]": "running,error", "limit": 1})).json()
    query = "query($q: JSON!) { documentedJobs(query: $q) { documented metadata } }"
    graphql = (await doors.graphql(query, q={"in": {"status": "running,error"}, "limit": 1}))["data"]["documentedJobs"]
    assert (graphql["documented"], graphql["metadata"]) == (rest["data"], rest["metadata"])
