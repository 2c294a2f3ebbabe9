"""Jobs and tasks of other programs with values that JSON, or Python, lacks: shown as text or null, never in the way."""

from datetime import UTC, datetime
from typing import Any

import pytest
from bson import BSON, Binary, Code, DatetimeMS, DBRef, Decimal128, Int64, MaxKey, MinKey, ObjectId, Regex, Timestamp
from bson.raw_bson import RawBSONDocument
from jobyard.models.documents.moments import epoch, iso
from jobyard.models.settings import Settings

from ..documents import chain
from ..doors import Doors

pytestmark = pytest.mark.anyio

FAR, BEFORE, FARTHEST, LEAST = 253_402_300_800_000, -62_167_219_200_001, 2**63 - 1, -(2**63)
VALUES: dict[str, tuple[Any, Any]] = {
    "far": (DatetimeMS(FAR), "+010000-01-01T00:00:00.000Z"),
    "before": (DatetimeMS(BEFORE), "-000001-12-31T23:59:59.999Z"),
    "year0": (DatetimeMS(BEFORE + 1), "0000-01-01T00:00:00.000Z"),
    "farthest": (DatetimeMS(FARTHEST), "+292278994-08-17T07:12:55.807Z"),
    "earliest": (DatetimeMS(LEAST), "-292275055-05-16T16:47:04.192Z"),
    "date": (datetime(2024, 12, 4, tzinfo=UTC), "2024-12-04T00:00:00.000Z"),
    "regex": (Regex("^a/b", "im"), "/^a/b/im"),
    "timestamp": (Timestamp(1, 2), "1970-01-01T00:00:01.000Z"),
    "least": (MinKey(), None),
    "greatest": (MaxKey(), None),
    "code": (Code("f()"), "f()"),
    "scoped": (Code("f()", {"a": 1}), "f()"),
    "reference": (DBRef("c", ObjectId("a" * 24), "d"), {"$ref": "c", "$id": "a" * 24, "$db": "d"}),
    "decimal": (Decimal128("1.5"), 1.5),
    "no_decimal": (Decimal128("sNaN"), None),
    "infinite_decimal": (Decimal128("1E6000"), None),
    "integer": (Int64(2**62), 2**62),
    "binary": (Binary(b"\x00\xff", 128), "AP8="),
    "uuid": (Binary(bytes(16), 4), "AAAAAAAAAAAAAAAAAAAAAA=="),
    "nan": (float("nan"), None),
    "infinity": (float("inf"), None),
}
FOREIGN = {name: value for name, (value, _) in VALUES.items()}
SHOWN = {name: shown for name, (_, shown) in VALUES.items()}
JOBS = """query($filter: JobFilter, $first: Int, $after: String) {
  jobs(filter: $filter, first: $first, after: $after) {
    totalCount
    nodes { id description lastUpdated created variables metrics { startTime endTime } documented }
    pageInfo { hasNextPage endCursor }
  }
}"""


@pytest.fixture
def settings(kept: Settings) -> Settings:
    """A real MongoDB: only that has such values."""
    return kept


def id_of(number: int) -> str:
    return f"{number:024x}"


def job(number: int, **more: Any) -> dict[str, Any]:
    return {"_id": id_of(number), "name": "x", "status": "complete", "metrics": {"start_time": number}, **more}


async def insert(doors: Doors, collection: str, *documents: dict[str, Any]) -> None:
    await doors.services.store.database[collection].insert_many(documents)


async def listed(doors: Doors, path: str, **query: Any) -> list[dict[str, Any]]:
    answer = await doors.http.get(f"/operations-manager/{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


async def asked(doors: Doors, query: str, **variables: Any) -> dict[str, Any]:
    answer = await doors.graphql(query, **variables)
    assert "errors" not in answer, answer["errors"]
    return answer["data"]


async def test_a_job_with_any_value_in_its_variables_is_shown_and_listed(doors: Doors) -> None:
    await insert(doors, "jobs", job(1), job(2, variables={**FOREIGN, "list": list(FOREIGN.values())}), job(3))
    expected = {**SHOWN, "list": list(SHOWN.values())}
    assert (await doors.job(id_of(2)))["variables"] == expected
    assert len(await listed(doors, "jobs")) == 3
    page = (await asked(doors, JOBS))["jobs"]
    assert (page["totalCount"], page["nodes"][1]["variables"]) == (3, expected)
    found = await asked(doors, "query($id: ID!) { job(id: $id) { variables } }", id=id_of(2))
    assert found["job"]["variables"] == expected


@pytest.mark.parametrize("name", VALUES)
async def test_a_job_with_any_value_in_its_header_ends_no_list(doors: Doors, name: str) -> None:
    value, shown = VALUES[name]
    text = shown if isinstance(shown, str) else None
    number = {"far": FAR, "before": BEFORE, "date": 1_733_270_400_000, "timestamp": 1000}.get(name)
    odd = {"description": value if text else None, "last_updated": value if text else None, "created": None}
    await insert(doors, "jobs", job(1), job(2, **odd, metrics={"start_time": value, "end_time": value}), job(3))
    assert {one["_id"] for one in await listed(doors, "jobs")} == {id_of(number) for number in (1, 2, 3)}
    shown_job = await doors.job(id_of(2))
    assert (shown_job["metrics"]["start_time"], shown_job["description"]) == (shown, text)
    nodes = {one["id"]: one for one in (await asked(doors, JOBS))["jobs"]["nodes"]}
    assert nodes[id_of(2)]["lastUpdated"] == text
    if number is not None:
        assert nodes[id_of(2)]["metrics"] == {"startTime": number, "endTime": number}
    for query in ({"sort": "last_updated"}, {"contains[name]": "x"}, {"sort": "metrics.end_time", "order": "-1"}):
        assert len(await listed(doors, "jobs", **query)) == 3, query


@pytest.mark.parametrize("way", ["metrics.start_time", "-"])
async def test_pages_lead_across_dates_of_any_year(doors: Doors, way: str) -> None:
    dates = [DatetimeMS(LEAST), DatetimeMS(BEFORE), datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)]
    times = [None, 5, Decimal128("7"), "text", *dates, DatetimeMS(FAR), DatetimeMS(FARTHEST)]
    await insert(doors, "jobs", *(job(index, metrics={"start_time": one}) for index, one in enumerate(times)))
    expected = [id_of(index) for index in reversed(range(len(times)))]
    found: list[str] = []
    after: str | None = None
    for _ in times:
        page = (await asked(doors, JOBS, first=1, after=after))["jobs"]
        found += [one["id"] for one in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert (found, page["pageInfo"]["hasNextPage"]) == (expected, False)
    back = """query($before: String) { jobs(last: 1, before: $before) { nodes { id } pageInfo { startCursor } } }"""
    found, before = [], None
    for _ in times:
        page = (await asked(doors, back, before=before))["jobs"]
        found += [one["id"] for one in page["nodes"]]
        before = page["pageInfo"]["startCursor"]
    assert found == expected[::-1]


@pytest.mark.parametrize(
    "odd", [Timestamp(1, 1), Regex("a"), MaxKey(), True, Binary(b"a"), {"a": 1}, MinKey()], ids=str
)
async def test_a_page_that_ends_with_a_start_of_any_kind_leads_on(doors: Doors, odd: Any) -> None:
    starts = [None, 5, "text", datetime(2024, 1, 1, tzinfo=UTC), DatetimeMS(FAR), odd]
    await insert(doors, "jobs", *(job(index, metrics={"start_time": one}) for index, one in enumerate(starts)))
    whole = [one["id"] for one in (await asked(doors, JOBS))["jobs"]["nodes"]]
    end = whole.index(id_of(5)) + 1
    page = (await asked(doors, JOBS, first=end))["jobs"]
    rest = (await asked(doors, JOBS, after=page["pageInfo"]["endCursor"]))["jobs"]
    assert [one["id"] for one in (*page["nodes"], *rest["nodes"])] == whole


async def test_filters_and_searches_pass_such_jobs_by(doors: Doors) -> None:
    await insert(doors, "jobs", job(1), job(2, variables=FOREIGN, metrics={"start_time": DatetimeMS(FAR)}), job(3))
    await doors.tokens_given()
    assert [one["_id"] for one in await listed(doors, "jobs", **{"gte[metrics.start_time]": 2})] == [id_of(3)]
    assert len(await listed(doors, "jobs", **{"lt[last_updated]": "2024-01-01"})) == 0
    by_variable = {"variables": [{"path": "far", "equals": SHOWN["far"]}]}
    assert [one["id"] for one in (await asked(doors, JOBS, filter=by_variable))["jobs"]["nodes"]] == [id_of(2)]
    older = await doors.http.post("/workflow_engine/jobs/search", json={"options": {"query": {"name": "x"}}})
    assert (older.status_code, older.json()["total"]) == (200, 3)


async def test_tasks_are_listed_and_shown_with_such_values(doors: Doors) -> None:
    await insert(doors, "jobs", job(1))
    iteration = {"job": {"_id": id_of(1), "task": "a1", "name": "x"}, "name": "delay", "status": "complete"}
    for number, (name, value) in enumerate(FOREIGN.items()):
        metrics = {"start_time": value, "end_time": value, "finish_state": "success"}
        odd = {"_id": name, "metrics": metrics, "variables": {"incoming": {"v": value}}, "iteration": number}
        await insert(doors, "tasks", {**iteration, **odd, "last_updated": value})
    tasks = await listed(doors, "tasks", limit=100)
    assert {one["_id"]: one["metrics"]["end_time"] for one in tasks} == SHOWN
    one = await doors.http.get("/operations-manager/tasks/far")
    assert one.json()["data"]["metrics"]["end_time"] == SHOWN["far"]
    nodes = (await asked(doors, "{ tasks(first: 100) { nodes { id variables { incoming } documented } } }"))["tasks"]
    assert {one["id"]: one["variables"]["incoming"]["v"] for one in nodes["nodes"]} == SHOWN


async def test_children_come_in_an_order_whatever_their_starts_are(doors: Doors) -> None:
    parent = {"job": id_of(1), "task": "a1"}
    starts = [5, "text", DatetimeMS(FAR), datetime(2024, 1, 1, tzinfo=UTC), None, MaxKey()]
    children = [job(index + 2, parent=parent, metrics={"start_time": one}) for index, one in enumerate(starts)]
    await insert(doors, "jobs", job(1), *children)
    found = await asked(doors, "query($id: ID!) { job(id: $id) { children { id } } }", id=id_of(1))
    assert len(found["job"]["children"]) == len(starts)


async def test_what_is_kept_beside_jobs_is_listed_with_such_values(doors: Doors) -> None:
    await doors.import_documents(chain("w"))
    database = doors.services.store.database
    await database["workflows"].update_one({}, {"$set": {"odd": FOREIGN, "created": DatetimeMS(FAR)}})
    await insert(doors, "automations", {"_id": ObjectId(), "name": "a", "odd": FOREIGN, "created": DatetimeMS(FAR)})
    await insert(doors, "transformations", {"_id": "t", "name": "t", "odd": FOREIGN, "created": DatetimeMS(BEFORE)})
    await insert(doors, "groups", {"_id": ObjectId(), "name": "g", "odd": FOREIGN, "created": DatetimeMS(FAR)})
    await database["accounts"].update_one({}, {"$set": {"lastLogin": DatetimeMS(FAR), "odd": FOREIGN}})
    for path in (
        "/automation-studio/workflows", "/automation-studio/workflows/detailed/w", "/operations-manager/automations",
        "/transformations", "/authorization/groups", "/authorization/accounts",
    ):  # fmt: skip
        answer = await doors.http.get(path)
        assert (answer.status_code, SHOWN["regex"] in answer.text) == (200, True), (path, answer.text)
    fields = "workflows { name created document } accounts { results { lastLogin } }"
    found = await asked(doors, f"{{ {fields} }}")
    assert found["workflows"][0]["created"] == SHOWN["far"]
    assert found["accounts"]["results"][0]["lastLogin"] == SHOWN["far"]


async def test_jobs_are_counted_whatever_others_store(doors: Doors) -> None:
    odd = [FAR, float("nan"), float("inf"), Decimal128("5"), DatetimeMS(FAR), 2**62, MinKey()]
    await insert(doors, "jobs", *(job(n, metrics={"start_time": one, "end_time": 9}) for n, one in enumerate(odd)))
    answer = await doors.http.get("/workflow_engine/jobs/metrics")
    assert answer.status_code == 200, answer.text
    (row,) = answer.json()["results"]
    days = {day["startDate"]: day["jobsComplete"] for day in row["metrics"]}
    assert days == {SHOWN["far"]: 1, "1970-01-01T00:00:00.000Z": 1}


async def test_texts_that_are_not_unicode_end_no_list(doors: Doors) -> None:
    content = BSON.encode(job(2, description="??"))
    broken = content.replace(b"\x03\x00\x00\x00??\x00", b"\x03\x00\x00\x00\xff\xfe\x00")
    await doors.services.store.database["jobs"].insert_one(RawBSONDocument(broken))
    await insert(doors, "jobs", job(1))
    assert {one.get("description") for one in await listed(doors, "jobs")} == {"\ufffd\ufffd", None}
    assert len((await asked(doors, JOBS))["jobs"]["nodes"]) == 2


@pytest.mark.parametrize("at", [LEAST, BEFORE, BEFORE + 1, -1, 0, FAR - 1, FAR, 8_640_000_000_000_000, FARTHEST])
def test_the_text_of_a_moment_is_read_as_the_same_moment(at: int) -> None:
    assert epoch(iso(at)) == at


@pytest.mark.parametrize("parent", [[None], [5], {"a": 1}, 5, None])
async def test_a_parent_that_is_no_id_stops_no_list(doors: Doors, parent: Any) -> None:
    await insert(doors, "jobs", job(1), job(2, parent={"job": parent}), job(3))
    answer = await doors.http.get("/operations-manager/jobs", params={"dereference": "iterations,parent"})
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["data"]) == 3
