"""Lists of jobs and tasks through the GraphQL door."""

from datetime import UTC, datetime
from typing import Any

import pytest
from bson import ObjectId
from jobyard.models.settings import Settings

from ..doors import Doors
from ..resolvers.search.planted import job, number

pytestmark = pytest.mark.anyio


@pytest.fixture
def settings(each_store: Settings) -> Settings:
    return each_store


async def plant(doors: Doors, *jobs: dict[str, Any]) -> None:
    await doors.services.store.database["jobs"].insert_many(list(jobs))


FIND = """
query($filter: JobFilter, $order: JobOrder, $first: Int, $after: String, $last: Int, $before: String) {
  jobs(filter: $filter, orderBy: $order, first: $first, after: $after, last: $last, before: $before) {
    totalCount
    nodes { id }
    edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}
"""


async def find(doors: Doors, **variables: Any) -> list[int]:
    """The numbers of the jobs found; the count must agree."""
    answer = await doors.graphql(FIND, **variables)
    assert "errors" not in answer, answer
    found = [int(node["id"], 16) for node in answer["data"]["jobs"]["nodes"]]
    assert answer["data"]["jobs"]["totalCount"] == len(found)
    return found


async def refused(doors: Doors, query: str, **variables: Any) -> str:
    answer = await doors.graphql(query, **variables)
    assert answer["data"] is None
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "REQUEST_INVALID"
    return error["message"]


def several() -> list[dict[str, Any]]:
    """Ours and, last, two of another program: one whole document, one with ids of the database's own kind."""
    return [
        job(number(1), 10, name="Upgrade routers", description="Ticket 7, tonight", tags=["core"], status="running"),
        job(number(2), 20, name="Upgrade switches", variables={"device": "edge-1", "site": {"code": 3}}),
        job(number(3), 30, name="Check routers", groups=["a" * 24], metrics={"start_time": 30, "end_time": 35}),
        job(number(4), 40, type="resource:action", metrics={"start_time": 40, "user": "ada", "end_time": 45}),
        job(number(5), 50, parent={"job": number(4), "task": "a"}, ancestors=[number(4), number(5)]),
        {
            "_id": number(6),
            "name": "Restore routers",
            "status": "canceled",
            "tags": [{"_id": "t1", "name": "night"}],
            "description": "after ticket 7",
            "tasks": {"workflow_start": {"name": "workflow_start"}},
            "transitions": {},
            "variables": {"device": "edge-1"},
            "ancestors": [number(6)],
            "metrics": {"start_time": 60},
        },
        {
            "_id": ObjectId(number(7)),
            "name": "Restore switches",
            "status": "error",
            "ancestors": [ObjectId(number(4)), ObjectId(number(7))],
            "parent": {"job": ObjectId(number(4)), "task": "a"},
            "metrics": {"start_time": 70},
        },
    ]


FILTERS: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [7, 6, 5, 4, 3, 2, 1]),
    ({"ids": [number(2), number(7), "unheard-of"]}, [7, 2]),
    ({"idStartsWith": number(2)}, [2]),
    ({"idStartsWith": number(2)[:-1]}, [6, 5, 4, 3, 2, 1]),
    ({"idStartsWith": "0123"}, []),
    ({"status": ["RUNNING", "ERROR"]}, [7, 1]),
    ({"status": []}, []),
    ({"name": {"equals": "Upgrade routers"}}, [1]),
    ({"name": {"equals": "upgrade routers"}}, []),
    ({"name": {"in": ["Check routers", "Restore routers"]}}, [6, 3]),
    ({"name": {"contains": "ROUTER"}}, [6, 3, 1]),
    ({"name": {"contains": ".*"}}, []),
    ({"name": {"startsWith": "upg", "contains": "switch"}}, [2]),
    ({"type": ["RESOURCE_ACTION"]}, [4]),
    ({"groups": ["a" * 24, "b" * 24]}, [3]),
    ({"starter": "ada"}, [4]),
    ({"parent": number(4)}, [7, 5]),
    ({"parent": number(4), "parentTask": "b"}, []),
    ({"root": number(4)}, [7, 5, 4]),
    ({"startTime": {"since": 20, "before": 40}}, [3, 2]),
    ({"startedAt": {"since": "1970-01-01T00:00:00.020Z", "before": "1970-01-01T01:00:00.040+01:00"}}, [3, 2]),
    ({"endedAt": {"since": "1970-01-01T00:00:00.035Z"}}, [4, 3]),
    ({"endedAt": {"before": "+275760-09-13T00:00:00Z"}}, [4, 3]),
    ({"startTime": {}}, [7, 6, 5, 4, 3, 2, 1]),
    ({"endTime": {"since": 35}}, [4, 3]),
    ({"endTime": {"before": 45}}, [3]),
    ({"tags": ["core"]}, [1]),
    ({"tags": ["night"]}, [6]),
    ({"tags": ["t1", "core"]}, []),
    ({"variables": [{"path": "device", "equals": "edge-1"}]}, [6, 2]),
    ({"variables": [{"path": "device", "equals": "edge-1"}, {"path": "site.code", "equals": 3.0}]}, [2]),
    ({"variables": [{"path": "site.code", "equals": "3"}]}, []),
    ({"text": "TICKET 7"}, [6, 1]),
    ({"text": "routers tonight"}, [1]),
    ({"text": "tick"}, []),
    ({"status": ["CANCELED"], "text": "routers"}, [6]),
]


async def test_each_filter_finds_ours_and_other_peoples(doors: Doors) -> None:
    await plant(doors, *several())
    await doors.tokens_given()
    found = [(filter, await find(doors, filter=filter)) for filter, _ in FILTERS]
    assert found == FILTERS


ORDERS: list[tuple[dict[str, str], list[int]]] = [
    ({"field": "START_TIME"}, [3, 2, 1, 4]),
    ({"field": "START_TIME", "direction": "ASC"}, [4, 1, 2, 3]),
    ({"field": "END_TIME"}, [2, 1, 4, 3]),
    ({"field": "END_TIME", "direction": "ASC"}, [3, 4, 1, 2]),
    ({"field": "NAME"}, [2, 1, 3, 4]),
    ({"field": "NAME", "direction": "ASC"}, [4, 3, 1, 2]),
    ({"field": "LAST_UPDATED"}, [4, 3, 2, 1]),
    ({"field": "LAST_UPDATED", "direction": "ASC"}, [1, 2, 3, 4]),
]


async def test_each_order_both_ways_with_and_without_values(doors: Doors) -> None:
    def one(count: int, name: str, start: int | None, end: int | None) -> dict[str, Any]:
        updated = datetime.fromtimestamp(count, UTC)
        return job(number(count), name=name, metrics={"start_time": start, "end_time": end}, last_updated=updated)

    await plant(doors, one(1, "b", 10, 90), one(2, "c", 20, 95), one(3, "b", 30, None), one(4, "a", None, 80))
    assert [(order, await find(doors, order=order)) for order, _ in ORDERS] == ORDERS


async def test_pages_follow_one_another_by_cursor_in_both_directions(doors: Doors) -> None:
    await plant(doors, *(job(number(count), count // 2) for count in range(7)))
    first = (await doors.graphql(FIND, first=3))["data"]["jobs"]
    assert [edge["node"]["id"] for edge in first["edges"]] == [number(6), number(5), number(4)]
    assert first["pageInfo"]["endCursor"] == first["edges"][-1]["cursor"]
    second = (await doors.graphql(FIND, first=3, after=first["pageInfo"]["endCursor"]))["data"]["jobs"]
    assert [node["id"] for node in second["nodes"]] == [number(3), number(2), number(1)]
    assert (second["pageInfo"]["hasPreviousPage"], second["pageInfo"]["hasNextPage"]) == (True, True)
    back = (await doors.graphql(FIND, last=2, before=second["pageInfo"]["startCursor"]))["data"]["jobs"]
    assert [node["id"] for node in back["nodes"]] == [number(5), number(4)]
    end = (await doors.graphql(FIND, last=2))["data"]["jobs"]
    assert [node["id"] for node in end["nodes"]] == [number(1), number(0)]
    assert {page["totalCount"] for page in (first, second, back, end)} == {7}


async def test_after_and_before_stand_together_and_a_page_may_have_nothing(doors: Doors) -> None:
    await plant(doors, *(job(number(count), count // 2) for count in range(1, 8)))  # 7 to 1; pairs start together
    cursors = {
        int(one["node"]["id"], 16): one["cursor"] for one in (await doors.graphql(FIND))["data"]["jobs"]["edges"]
    }
    between = {"after": cursors[6], "before": cursors[2]}
    for asked, expected, ways in (
        ({**between}, [5, 4, 3], (True, True)),
        ({**between, "first": 2}, [5, 4], (True, True)),
        ({**between, "last": 2}, [4, 3], (True, True)),
        ({"first": 2, "before": cursors[3]}, [7, 6], (True, False)),
        ({"last": 2, "after": cursors[5]}, [2, 1], (False, True)),
        ({"last": 9, "after": cursors[5]}, [4, 3, 2, 1], (False, True)),
        ({"first": 0}, [], (True, False)),
        ({"last": 0, "before": cursors[3]}, [], (True, True)),
        ({"after": cursors[3], "before": cursors[5], "first": 3}, [], (True, True)),
    ):
        page = (await doors.graphql(FIND, **asked))["data"]["jobs"]
        assert [int(node["id"], 16) for node in page["nodes"]] == expected, asked
        info = page["pageInfo"]
        assert (info["hasNextPage"], info["hasPreviousPage"]) == ways, asked
        assert (info["startCursor"] is None) is (not expected)


async def test_there_are_25_on_a_page_unless_said(doors: Doors) -> None:
    await plant(doors, *(job(number(count), count) for count in range(30)))
    assert len((await doors.graphql(FIND))["data"]["jobs"]["nodes"]) == 25


async def test_a_list_is_counted_no_further_than_one_asks(doors: Doors) -> None:
    await plant(doors, *(job(number(count), count, status="error" if count < 3 else "complete") for count in range(7)))
    query = """query($most: Int!, $filter: JobFilter) { jobs(first: 0, filter: $filter) { countUpTo(most: $most) } }"""
    for most, filter, expected in (
        (100_000, None, 7),
        (7, None, 7),
        (4, None, 4),
        (4, {"status": ["ERROR"]}, 3),
        (2, {"status": ["ERROR", "COMPLETE"]}, 2),
        (4, {"status": []}, 0),
        (4, {"ids": [number(2), number(5), number(9)]}, 2),
    ):
        answer = await doors.graphql(query, most=most, filter=filter)
        assert answer == {"data": {"jobs": {"countUpTo": expected}}}, (most, filter)
    for most in (0, 100_001):
        answer = await doors.graphql(query, most=most)
        assert answer["data"] == {"jobs": {"countUpTo": None}}
        assert f"/most must be between 1 and 100000, not {most}" in answer["errors"][0]["message"]


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"first": -1}, "/first must be between 0 and 1000, not -1"),
    ({"first": 1001}, "/first must be between 0 and 1000, not 1001"),
    ({"last": 5, "first": 5}, "/last must not stand beside `first`: 5 and 5 were given"),
    ({"filter": {"parentTask": "a1"}}, "/filter/parentTask must stand beside `parent`"),
    ({"after": "nonsense"}, "/after must be a cursor"),
    ({"filter": {"ids": ["a"] * 1001}}, "/filter/ids must NOT have more than 1000 items"),
    ({"filter": {"groups": ["a"] * 101}}, "/filter/groups must NOT have more than 100 items"),
    ({"filter": {"name": {"contains": "(a+)+" * 200_000}}}, "/filter/name/contains must NOT have more than 1000"),
    ({"filter": {"name": {"startsWith": "a\0b"}}}, "/filter/name/startsWith must not hold a NUL character"),
    ({"filter": {"text": "---"}}, "/filter/text must hold between 1 and 10 words"),
    ({"filter": {"text": "a b c d e f g h i j k"}}, "/filter/text must hold between 1 and 10 words"),
    ({"filter": {"variables": [{"path": "a", "equals": {"$gt": ""}}]}}, "/filter/variables/0/equals must be a number"),
    ({"filter": {"variables": [{"path": "a", "equals": 1}] * 11}}, "/filter/variables must NOT have more than 10"),
]


async def test_what_is_out_of_bounds_is_refused_with_its_place(doors: Doors) -> None:
    for variables, message in REFUSED:
        assert message in await refused(doors, FIND, **variables)


TASKS = """
query($filter: TaskFilter, $direction: Direction! = DESC, $first: Int, $after: String) {
  tasks(filter: $filter, direction: $direction, first: $first, after: $after) {
    totalCount
    nodes { id job { id } }
    pageInfo { endCursor }
  }
}
"""


def iteration(id: str, second: int, job_id: str = number(1), **more: Any) -> dict[str, Any]:
    metrics = {"start_time": f"2024-12-04T21:15:{second:02}.000Z", **more.pop("metrics", {})}
    document = {"job": {"_id": job_id, "task": id[0]}, "name": "delay", "app": "WorkFlowEngine", "type": "operation"}
    variables = {"incoming": {"a": 1}, "outgoing": {}, "error": "", "decorators": []}
    return {"_id": id, **document, "status": "complete", "metrics": metrics, "variables": variables, **more}


async def plant_tasks(doors: Doors) -> None:
    await doors.services.store.database["tasks"].insert_many(
        [
            iteration("a1", 1),
            iteration("b1", 2, status="running", type="manual", name="ViewData", metrics={"owner": "ada"}),
            iteration("a2", 3, number(2), app="Jira", name="getTicket"),
        ]
    )


TASK_FILTERS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["a2", "b1", "a1"]),
    ({"ids": ["a1", "a2"]}, ["a2", "a1"]),
    ({"jobs": [number(1)]}, ["b1", "a1"]),
    ({"jobs": [number(1), number(2)], "task": ["a"]}, ["a2", "a1"]),
    ({"status": ["RUNNING"]}, ["b1"]),
    ({"type": ["OPERATION"]}, ["a2", "a1"]),
    ({"name": {"contains": "ticket"}}, ["a2"]),
    ({"app": ["Jira", "Rack"]}, ["a2"]),
    ({"owner": ["ada"]}, ["b1"]),
    ({"startTime": {"since": "2024-12-04T22:15:02+01:00", "before": "2024-12-04T21:15:03"}}, ["b1"]),
    ({"startedAt": {"since": "2024-12-04T22:15:02+01:00", "before": "2024-12-04T21:15:03"}}, ["b1"]),
]


async def test_each_filter_finds_its_tasks(doors: Doors) -> None:
    await plant_tasks(doors)
    for filter, found in TASK_FILTERS:
        answer = await doors.graphql(TASKS, filter=filter)
        assert [node["id"] for node in answer["data"]["tasks"]["nodes"]] == found, filter
        assert answer["data"]["tasks"]["totalCount"] == len(found)


async def test_tasks_page_by_cursor_oldest_first_too(doors: Doors) -> None:
    await plant_tasks(doors)
    page = (await doors.graphql(TASKS, direction="ASC", first=2))["data"]["tasks"]
    assert [node["id"] for node in page["nodes"]] == ["a1", "b1"]
    rest = (await doors.graphql(TASKS, direction="ASC", after=page["pageInfo"]["endCursor"]))["data"]["tasks"]
    assert [node["id"] for node in rest["nodes"]] == ["a2"]


async def test_a_moment_that_is_none_is_refused(doors: Doors) -> None:
    for name in ("startTime", "startedAt"):
        message = await refused(doors, TASKS, filter={name: {"since": "yesterday"}})
        assert f"/filter/{name}/since must be a moment" in message


async def test_my_tasks_are_those_that_wait_for_a_person_and_nobody_else_works(doors: Doors) -> None:
    def waiting(id: str, second: int, owner: Any, **more: Any) -> dict[str, Any]:
        return iteration(id, second, status="running", waits_for="person", metrics={"owner": owner}, **more)

    unclaimed = iteration("u", 5, status="running", waits_for="person")
    await doors.services.store.database["tasks"].insert_many(
        [
            waiting("mine", 3, doors.services.admin_id),
            waiting("empty", 2, ""),
            unclaimed,
            waiting("ada's", 1, "ada"),
            waiting("answered", 1, "", answer={"at": 1}),
            iteration("timer", 1, status="running", waits_for="clock", metrics={"owner": ""}),
        ]
    )
    query = (
        "query($after: String) { myTasks(first: 2, after: $after) { totalCount nodes { id } pageInfo { endCursor } } }"
    )
    page = (await doors.graphql(query))["data"]["myTasks"]
    assert [node["id"] for node in page["nodes"]] == ["empty", "mine"]
    assert page["totalCount"] == 3
    rest = (await doors.graphql(query, after=page["pageInfo"]["endCursor"]))["data"]["myTasks"]
    assert [node["id"] for node in rest["nodes"]] == ["u"]
