"""Names that no field can have are left aside by every list, as unknown fields are."""

import re
from typing import Any

import orjson
import pytest
from jobyard.gql.rest.route import RestRoute
from jobyard.gql.rest.table import ROUTES
from jobyard.models.settings import Settings

from ..documents import chain, task
from ..doors import Doors

pytestmark = pytest.mark.anyio

LISTS = (
    "/operations-manager/jobs",
    "/operations-manager/tasks",
    "/operations-manager/automations",
    "/automation-studio/workflows",
)
NO_FIELDS = (
    "$a",
    "$$ROOT",
    ".a",
    "..",
    "$",
    "$.a",
    ".$a",
    " ",
    "0",
    "-1",
    "a" * 1000,
    "_id.$",
    "é",
    "name$",
    "$name.x",
)
ODD_PARTS = ("a..b", "a.", "name.", "name.$", "_id.x", "tasks.$elem", "name,name.x", "metrics,metrics.user", "a,a.b")


@pytest.fixture
def settings(each_store: Settings) -> Settings:
    return each_store


async def test_names_that_no_field_can_have_are_left_aside(doors: Doors) -> None:
    await doors.import_documents(chain("w", a1={**task("ViewData", header="h"), "type": "manual"}))
    job = (await doors.start({"workflow": "w", "options": {}})).json()["data"]["_id"]
    await doors.waiting(job, "a1")
    automation = {"name": "w", "description": "", "componentType": "workflows", "componentName": "w"}
    assert (await doors.http.post("/operations-manager/automations", json=automation)).status_code == 200
    for path in LISTS:
        key = "items" if "studio" in path else "data"
        whole = (await doors.http.get(path)).json()[key]
        assert len(whole) == 1
        for name in NO_FIELDS:
            included = await doors.http.get(path, params={"include": name})
            assert included.status_code == 200, (path, name, included.text)
            assert included.json()[key] == [{"_id": whole[0]["_id"]}], (path, name)
            excluded = await doors.http.get(path, params={"exclude": name})
            assert excluded.json()[key] == whole, (path, name)
            both = await doors.http.get(path, params={"include": f"name,{name}", "dereference": name})
            assert both.json()[key] == [{"_id": whole[0]["_id"], "name": whole[0]["name"]}], (path, name)
        for names in ODD_PARTS:
            for parameter in ("include", "exclude"):
                answer = await doors.http.get(path, params={parameter: names})
                assert answer.status_code == 200, (path, parameter, names, answer.text)
                assert len(answer.json()[key]) == 1
        for names in ("a\0b", "x" * 1001, ",".join(f"f{number}" for number in range(101))):
            for parameter in ("include", "exclude"):
                answer = await doors.http.get(path, params={parameter: names})
                assert (answer.status_code, answer.json()["metadata"]["code"]) == (400, "REQUEST_INVALID")
        body = {"queryParameters": {"include": ["$a"], "exclude": ["$b"]}}
        assert (await doors.http.request("GET", path, json=body)).status_code == 200


# What takes names of fields elsewhere than in a list's query string.
SEARCHES = ("jobs", "tasks", "workflows")
PAIRS = ("equals", "contains", "startsWith", "greaterThan")
DOCUMENTED_JOB = "query($names: [String!]) { job(id: %s) { documented(include: $names, exclude: $names) } }"
JOBS_BY = 'query($path: String!) { jobs(filter: {variables: [{path: $path, equals: "x"}]}) { totalCount } }'
DOCUMENTED = (
    "documentedJobs",
    "documentedTasks",
    "documentedWorkflows",
    "documentedTransformations",
    "documentedTemplates",
    "documentedForms",
    "documentedAutomations",
    "documentedTriggers",
    "eventDefinitions",
    "jobMetrics",
    "taskMetrics",
)


def queries_of(route: RestRoute, name: str) -> list[dict[str, str]]:
    """A query string for each parameter of the route that takes names of fields, or texts for one."""
    found = [{one.name: name} for one in route.query if not one.deep]
    found += [{f"{one.name}[{name}]": "x"} for one in route.query if one.deep]
    found += [{pair: "x", f"{pair}Field": name} for pair in PAIRS]
    found.append({"q": orjson.dumps({"equals": {name: "x"}, "in": {f"variables.{name}": ["x"]}}).decode()})
    return found


@pytest.mark.parametrize("name", ["$a", ".a", "a..b", "$$ROOT", "variables.$a", "a\0b"])
async def test_no_route_fails_at_a_name_that_no_field_can_have(doors: Doors, name: str) -> None:
    await doors.import_documents(chain("w", a1={**task("ViewData", header="h"), "type": "manual"}))
    job = (await doors.start({"workflow": "w", "options": {}})).json()["data"]["_id"]
    names = {"id": job, "job": job, "task": "a1", "name": "w", "collection": "jobs", "source": "x", "topic": "x"}
    for route in ROUTES:
        if route.verb != "GET":
            continue
        path = re.sub(r"\{(\w+)\}", lambda place: str(names.get(place[1], "x")), route.path)
        for query in queries_of(route, name):
            answer = await doors.http.get(path, params=query)
            assert answer.status_code < 500, (path, query, answer.text)
    for noun in SEARCHES:
        options = {"query": {name: "x"}, "fields": {name: 1}, "sort": {name: -1}}
        answer = await doors.http.post(f"/workflow_engine/{noun}/search", json={"options": options})
        assert answer.status_code < 500, (noun, answer.text)


@pytest.mark.parametrize("name", ["$a", ".a", "a..b", "$$ROOT", "a\0b"])
async def test_no_graphql_field_fails_at_a_name_that_no_field_can_have(doors: Doors, name: str) -> None:
    await doors.import_documents(chain("w", a1=task("query", query="a", obj={"a": 1})))
    job = (await doors.start({"workflow": "w", "options": {}})).json()["data"]["_id"]
    query = {"include": [name], "exclude": [name], "dereference": [name], "sort": name, "equals": {name: "x"}}
    asked: list[tuple[str, Any]] = [(DOCUMENTED_JOB % f'"{job}"', {"names": [name]}), (JOBS_BY, {"path": name})]
    asked += [(f"query($q: JSON!) {{ {field}(query: $q) {{ metadata }} }}", {"q": query}) for field in DOCUMENTED]
    for text, variables in asked:
        answer = (await doors.http.post("/graphql", json={"query": text, "variables": variables})).json()
        codes = {error["extensions"]["code"] for error in answer.get("errors", [])}
        assert codes <= {"REQUEST_INVALID"}, (text, answer)
