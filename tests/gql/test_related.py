"""What a list reads of the database: no more than was selected, and no more commands for more jobs."""

import gc
from collections.abc import Generator
from typing import Any

import pytest
from jobyard.models.settings import Settings
from pymongo import monitoring

from ..documents import chain, greeting, task
from ..doors import Doors
from ..resolvers.search.planted import job, number

pytestmark = pytest.mark.anyio

LOOKS = ("find", "aggregate", "getMore", "count", "distinct")
OWN = ("found_by_newest",)  # the index by which the server looks for jobs without tokens, now and then

# Who asks is read at each request; the change stream of the events comes when it comes, whatever is asked.
OTHERS = ("accounts", "groups", "roles", "job_events")


class Commands(monitoring.CommandListener):
    """The reads that the driver sends, while it listens."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, dict[str, Any]]] = []
        self.listens = False

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        collection = event.command.get("collection", event.command.get(event.command_name))
        own = collection in OTHERS or event.command.get("hint") in OWN
        if self.listens and event.command_name in LOOKS and not own:
            self.seen.append((event.command_name, dict(event.command)))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        pass

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        pass

    async def during(self, work: Any) -> tuple[Any, list[tuple[str, dict[str, Any]]]]:
        self.seen, self.listens = [], True
        try:
            return await work, self.seen
        finally:
            self.listens = False


# The driver has no way to take a listener back: one for all of this module.
COMMANDS = Commands()


@pytest.fixture(scope="module", autouse=True)
def listening() -> Generator[None]:
    monitoring.register(COMMANDS)
    yield
    COMMANDS.listens = False


@pytest.fixture
def settings(kept: Settings) -> Settings:
    return kept


async def plant_families(doors: Doors, count: int) -> None:
    """Parents and a child each, of our own, with definitions that differ, and of other programs."""
    database = doors.services.store.database
    for index in range(count):
        version = f"v{index:063}"
        workflow = chain("greet", a1=task("childJob", workflow="greet"))
        await database["workflow_versions"].insert_one({"_id": version, "document": {**workflow, "n": index}})
        entries = {"a1": {"status": "complete", "iteration": 1, "start_time": 1}}
        ours = {"workflow_version": version, "seq": 0, "tasks": entries}
        await database["jobs"].insert_many(
            [
                job(number(index), index, variables={"large": {"$job_data": f"value {index}", "size": 3}}, **ours),
                job(
                    number(5000 + index),
                    5000 + index,
                    parent={"job": number(index)},
                    ancestors=[number(index)],
                    status="error",
                ),
            ]
        )
        await database["job_data"].insert_one({"_id": f"value {index}", "value": [index]})


EVERYTHING = """
query($first: Int!, $filter: JobFilter) {
  jobs(first: $first, filter: $filter) {
    totalCount
    nodes {
      id
      variables
      tasks { id childJobs { id } }
      transitions { source }
      workflow { name inputSchema }
      children { id parentJob { id name children { id } } }
      parentJob { id }
    }
  }
}
"""


async def test_a_page_of_100_jobs_takes_as_many_commands_as_one_of_10(doors: Doors) -> None:
    await doors.import_documents(greeting())
    await plant_families(doors, 110)
    filter = {"status": ["COMPLETE"]}
    few, commands_of_few = await COMMANDS.during(doors.graphql(EVERYTHING, first=10, filter=filter))
    many, commands_of_many = await COMMANDS.during(doors.graphql(EVERYTHING, first=100, filter=filter))
    assert [len(page["data"]["jobs"]["nodes"]) for page in (few, many)] == [10, 100]
    one = many["data"]["jobs"]["nodes"][99]
    assert one["id"] == number(10)
    assert one["variables"] == {"large": [10]}
    assert one["children"] == [
        {"id": number(5010), "parentJob": {"id": number(10), "name": "greet", "children": [{"id": number(5010)}]}}
    ]
    assert (one["parentJob"], one["workflow"]["name"]) == (None, "greet")
    assert [name for name, _ in commands_of_few] == [name for name, _ in commands_of_many]
    # jobs, their count, values, definitions, iterations, workflows, children, their parents and those' children
    assert len(commands_of_many) == 9


async def test_a_list_reads_only_what_was_selected_and_counts_only_then(doors: Doors) -> None:
    await plant_families(doors, 3)
    query = "{ jobs { nodes { ...header } } } fragment header on Job { id name metrics { startTime } }"
    answer, commands = await COMMANDS.during(doors.graphql(query))
    assert len(answer["data"]["jobs"]["nodes"]) == 6
    ((name, command),) = commands
    assert (name, command["projection"]) == ("find", {"_id": 1, "metrics": 1, "name": 1, "state_version": 1})


async def test_a_selection_of_both_nodes_and_edges_is_read_together(doors: Doors) -> None:
    await plant_families(doors, 1)
    query = "{ jobs(first: 1) { nodes { name } edges { node { status parentJob { description } } } } }"
    answer, commands = await COMMANDS.during(doors.graphql(query))
    assert answer["data"]["jobs"]["edges"] == [{"node": {"status": "ERROR", "parentJob": {"description": ""}}}]
    projections = [command["projection"] for _, command in commands]
    assert projections == [
        {"_id": 1, "metrics": 1, "name": 1, "parent": 1, "state_version": 1, "status": 1},
        {"_id": 1, "description": 1, "state_version": 1},
    ]


async def test_tasks_read_their_jobs_together(doors: Doors) -> None:
    database = doors.services.store.database
    await plant_families(doors, 30)
    await database["tasks"].insert_many(
        [
            {"_id": f"i{count}", "job": {"_id": number(count), "task": "a1"}, "metrics": {"start_time": f"{count:04}"}}
            for count in range(30)
        ]
    )
    query = "query($first: Int!) { tasks(first: $first) { nodes { id parentJob { id status } } } }"
    _, commands_of_few = await COMMANDS.during(doors.graphql(query, first=5))
    many, commands_of_many = await COMMANDS.during(doors.graphql(query, first=30))
    assert [node["parentJob"]["status"] for node in many["data"]["tasks"]["nodes"]] == ["COMPLETE"] * 30
    assert len(commands_of_few) == len(commands_of_many) == 2


@pytest.fixture
def canceled_while_connecting() -> Generator[None]:
    """The first list that is too large cancels the others, two of which may be opening connections just then.

    The driver leaves the sockets of those to the garbage collector (PYTHON-5867, still so in PyMongo 4.20): let it
    come before the next test, which would be told of them.
    """
    yield
    gc.collect()


@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
@pytest.mark.usefixtures("canceled_while_connecting")
async def test_a_request_reads_a_bounded_number_of_documents(doors: Doors) -> None:
    aliases = " ".join(f"a{count}: jobs(first: 1000) {{ nodes {{ id }} }}" for count in range(30))
    answer, commands = await COMMANDS.during(doors.graphql(f"{{ {aliases} }}"))
    assert answer["data"] is None
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"ANSWER_TOO_LARGE"}
    assert len(commands) <= 20


async def test_what_was_read_once_is_shown_a_bounded_number_of_times(doors: Doors) -> None:
    await plant_families(doors, 1)
    for count in range(200):
        child = {"_id": number(6000 + count), "name": "child", "parent": {"job": number(0)}, "status": "complete"}
        await doors.services.store.database["jobs"].insert_one(child)
    query = "children { parentJob { id } }"
    two = await doors.graphql(f"query($id: ID!) {{ job(id: $id) {{ {query} }} }}", id=number(0))
    assert "errors" not in two
    query = query.replace("id", query).replace("id", query)
    answer = await doors.graphql(f"query($id: ID!) {{ job(id: $id) {{ {query} }} }}", id=number(0))
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"ANSWER_TOO_LARGE"}


async def test_values_beside_the_documents_are_bounded_too(doors: Doors) -> None:
    await plant_families(doors, 2)
    await doors.services.store.database["jobs"].update_many({}, {"$set": {"variables.large.size": 40_000_000}})
    answer = await doors.graphql("{ jobs { nodes { variables } } }")
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "ANSWER_TOO_LARGE"
    assert (await doors.graphql("{ jobs(first: 1, filter: {status: [COMPLETE]}) { nodes { variables } } }"))["data"]
