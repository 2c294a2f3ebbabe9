"""Answers by generated readers are those of the reference executor, byte for byte, whatever is asked of whatever."""

import copy
import os
import random
from types import SimpleNamespace
from typing import Any, cast

import orjson
import pytest
import strawberry
from graphql import GraphQLError, OperationDefinitionNode, parse
from jobyard.gql import context as gql_context
from jobyard.gql.execution import executor
from jobyard.gql.execution.documents import Operation
from jobyard.gql.execution.executor import Executor, ReaderCache
from jobyard.gql.execution.readers import MOST_FIELDS
from jobyard.gql.jobs.types import Job
from jobyard.gql.paging import CURSOR
from jobyard.gql.scalars import SCALARS
from jobyard.gql.schema import UsePreparedDocument
from jobyard.models.settings import Settings
from strawberry.schema.config import StrawberryConfig

pytestmark = pytest.mark.anyio
CASES = int(os.environ.get("JOBYARD_READER_CASES", "120"))  # of each seed
FIRST_SEED = int(os.environ.get("JOBYARD_READER_SEED", "0"))
SOURCES: dict[str, Any] = {}


@strawberry.type
class Edge:
    cursor: str = strawberry.field(description=CURSOR)
    node: Job = strawberry.field()
    maybe: Job | None = None


@strawberry.type
class Query:
    @strawberry.field
    async def job(self) -> Job | None:
        return SOURCES["jobs"][0]

    @strawberry.field
    def jobs(self) -> list[Job]:
        return SOURCES["jobs"]

    @strawberry.field
    def gaps(self) -> list[Job | None]:
        return [SOURCES["jobs"][0], None, *SOURCES["jobs"][1:]]

    @strawberry.field
    def edges(self) -> list[Edge]:
        return [Edge(cursor="c", node=one, maybe=one) for one in SOURCES["jobs"]]


schema = strawberry.Schema(
    Query,
    extensions=[UsePreparedDocument],
    execution_context_class=Executor,
    config=StrawberryConfig(scalar_map=SCALARS),
)

STRANGE: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2**31, 2**31 - 1, 2**63, 1.5, float("nan"), float("inf")),
    *("", "x", "12", "running", "RUNNING", [], ["a", None, 1], [[]], {}, {"a": 1}, {"_id": None}, [{}], [None]),
    *({"a": {"name": 1}}, {"success": [{"task": 1}, None]}, (1, 2), b"bytes", GraphQLError("in the data")),
)
TASK: dict[str, Any] = {
    "name": "stringConcat",
    "app": "WorkFlowEngine",
    "location": "Application",
    "type": "operation",
    "status": "complete",
    "finish_state": "success",
    "summary": "s",
    "x": 1,
    "y": 2.5,
    "groups": ["default", {"_id": "g", "name": "group"}],
    "variables": {"incoming": {"a": 1}, "outgoing": None, "error": "", "decorators": [{"type": "encryption"}]},
    "transitions": {"success": [{"task": "b2", "type": "standard"}]},
    "iterations": ["i1"],
    "previous": {"incomplete": [], "complete": ["a1"], "error": []},
    "metrics": {"start_time": 1.0, "finish_state": "success"},
    "end_time": 1733346926001,
    "start_time": "2024-12-04T21:15:26.001Z",
    "nodeLocation": {"x": 1, "y": 2},
    "deprecated": False,
}
JOB: dict[str, Any] = {
    "_id": "a" * 24,
    "name": "n",
    "status": "running",
    "type": "automation",
    "variables": {"a": 1},
    "error": [{"task": "job", "message": {"a": 1}, "timestamp": 1733346926001}],
    "metrics": {"start_time": 1733346926001, "progress": 0.5, "user": "u", "owner": None},
    "groups": ["default"],
    "watchers": ["w", None],
    "ancestors": ["a" * 24],
    "created": "2024-12-04T21:15:26.001Z",
    "created_by": {"_id": "u", "username": "U"},
    "last_updated_by": "u",
    "font_size": 12,
    "canvasVersion": 1.5,
    "tasks": {"a1": TASK, "b2": {"name": "b"}, "workflow_end": {"name": "workflow_end"}},
    "transitions": {"a1": {"b2": {"type": "standard", "state": "success"}}},
}
LEAVES: dict[str, str] = {
    "Job": "id name status type variables ancestors created lastUpdated fontSize canvasVersion sla tags uuid "
    "__typename",
    "Task": "id taskId name app location type status finishState startTime endedAt endTime iterations x y deprecated "
    "summary actor owner __typename",
}
OBJECTS: dict[str, tuple[tuple[str, str], ...]] = {
    "Job": (
        ("tasks", "Task"),
        ("metrics", "startedAt startTime endTime progress owner user"),
        ("error", "task message at timestamp"),
        ("groups", "id name"),
        ("watchers", "id"),
        ("createdBy", "id username"),
        ("lastUpdatedBy", "id"),
        ("parent", "job task iteration"),
        ("decorators", "type pointer"),
        ("transitions", "source target type state"),
        ("warnings", "message"),
    ),
    "Task": (
        ("groups", "id name"),
        ("variables", "incoming outgoing error decorators { type }"),
        ("transitions", "success { task type } error { task }"),
        ("previous", "incomplete complete error"),
        ("metrics", "startTime finishState runTime"),
        ("nodeLocation", "x y"),
        ("retrySettings", "state limit"),
        ("latestIteration", "id"),
        ("incoming", ""),
    ),
}
CONDITIONS = ("@skip(if: $t)", "@include(if: $f)", "@include(if: $t)", "@skip(if: false)", "@include(if: true)")


class Sources:
    """Random documents, broken here and there, and random queries for them."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def job(self) -> Any:
        job = copy.deepcopy(JOB)
        for _ in range(self.random.choice((0, 0, 1, 1, 2, 5))):
            self._break(job)
        return self.random.choice(STRANGE) if self.random.random() < 0.03 else job

    def _break(self, job: dict[str, Any]) -> None:
        at: Any = job
        while self.random.random() < 0.6:
            inner = [
                one for one in (at.values() if isinstance(at, dict) else at) if isinstance(one, dict | list) and one
            ]
            if not inner:
                break
            at = self.random.choice(inner)
        key = self.random.choice(list(at)) if isinstance(at, dict) else self.random.randrange(len(at))
        if self.random.random() < 0.2 and isinstance(at, dict):
            del at[key]
        else:
            at[key] = copy.deepcopy(self.random.choice(STRANGE))

    def query(self) -> str:
        root = self.random.choice(("job", "jobs", "gaps", "edges"))
        body = self._selection("Job", 2)
        fragments = (
            f"fragment T on Task {{ {self._selection('Task', 1)} }} fragment J on Job {{ name tasks {{ ...T }} }}"
        )
        if self.random.random() < 0.3:
            body += " ...J"
        if root == "edges":
            body = f"cursor node {{ {body} }} maybe {{ {self._selection('Job', 2)} }}"
        used = fragments if "...J" in body else "fragment T on Task { id } fragment J on Job { tasks { ...T } }"
        return f"query($t: Boolean = true, $f: Boolean!) {{ {root} {{ {body} }} }} {used}"

    def _selection(self, type: str, depth: int) -> str:
        shown = [self._field(name) for name in self.random.sample(LEAVES[type].split(), self.random.randint(1, 6))]
        for name, inner in self.random.sample(OBJECTS[type], self.random.randint(0, 3) if depth else 0):
            body = self._selection("Task", depth - 1) if inner == "Task" else inner
            shown.append(f"{self._field(name)} {{ {body} }}" if body else self._field(name))
        self.random.shuffle(shown)
        if self.random.random() < 0.2:
            return f"... on {type} {self._condition()} {{ {' '.join(shown)} }} {self._field('name')}"
        if self.random.random() < 0.1 and type == "Job":
            shown.append("tasks { id } tasks { name groups { id } }")
        return " ".join(shown)

    def _field(self, name: str) -> str:
        alias = f"of{self.random.randint(0, 2)}{name}: " if self.random.random() < 0.15 and name != "__typename" else ""
        return f"{alias}{name} {self._condition()}"

    def _condition(self) -> str:
        return self.random.choice(CONDITIONS) if self.random.random() < 0.1 else ""


@pytest.fixture
def own_readers(monkeypatch: pytest.MonkeyPatch) -> ReaderCache:
    """Of this test alone."""
    reader_cache = ReaderCache()
    monkeypatch.setattr(Executor, "reader_cache", reader_cache)
    return reader_cache


async def answered(
    query: str, variables: dict[str, Any], operation: Operation, *, reference: bool
) -> tuple[bytes, Any]:
    services = SimpleNamespace(settings=Settings(reference_executor=reference))
    context = {
        "operation": operation,
        "services": services,
        "loaders": gql_context.Loaders(cast(Any, services), cast(Any, None)),
    }
    found = await schema.execute(query, variables, context_value=context)
    return orjson.dumps(found.data, default=repr), [
        (one.message, one.path, one.locations) for one in found.errors or ()
    ]


def operation_of(query: str) -> Operation:
    document = parse(query)
    (definition, *_) = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    return Operation(document, definition, known=True)


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + 2))
async def test_random_queries_of_broken_documents_are_answered_alike(own_readers: ReaderCache, seed: int) -> None:
    sources = Sources(seed)
    wrong = 0
    for _ in range(CASES):
        query = sources.query()
        operation = operation_of(query)
        for _ in range(2):  # the second time with the readers of the first
            SOURCES["jobs"] = [sources.job() for _ in range(3)]
            variables = {"f": sources.random.random() < 0.5}
            if sources.random.random() < 0.5:
                variables["t"] = sources.random.random() < 0.5
            by_reference = await answered(query, variables, operation, reference=True)
            assert await answered(query, variables, operation, reference=False) == by_reference, query
            wrong += bool(by_reference[1])
    assert 0 < wrong < 2 * CASES  # both kinds were among them
    assert own_readers.fields > CASES


async def test_what_is_no_plain_read_is_put_in_its_place(own_readers: ReaderCache) -> None:
    SOURCES["jobs"] = [JOB]
    query = "{ job { name permissions { action } id history { edges { cursor } } status } }"
    operation = operation_of(query)
    by_reference = await answered(query, {}, operation, reference=True)
    assert await answered(query, {}, operation, reference=False) == by_reference
    assert list(orjson.loads(by_reference[0])["job"] or ()) in ([], ["name", "permissions", "id", "history", "status"])


async def test_objects_inside_of_others_are_counted(monkeypatch: pytest.MonkeyPatch, own_readers: ReaderCache) -> None:
    SOURCES["jobs"] = [JOB, JOB, JOB]
    query = "{ jobs { tasks { name } } }"
    operation = operation_of(query)
    for most in (9, 8):
        monkeypatch.setattr(gql_context, "MOST_NESTED", most)
        by_reference = await answered(query, {}, operation, reference=True)
        assert await answered(query, {}, operation, reference=False) == by_reference
        assert bool(by_reference[1]) is (most == 8)


async def test_a_selection_that_is_too_large_has_no_reader(own_readers: ReaderCache) -> None:
    SOURCES["jobs"] = [JOB]
    fields = " ".join(f"n{number}: name" for number in range(MOST_FIELDS + 1))
    query = f"{{ job {{ {fields} }} }}"
    operation = operation_of(query)
    by_reference = await answered(query, {}, operation, reference=True)
    assert await answered(query, {}, operation, reference=False) == by_reference
    assert not any(own_readers.of(operation.document, operation.definition).found.values())


async def test_readers_for_ever_other_conditions_are_not_made(own_readers: ReaderCache) -> None:
    SOURCES["jobs"] = [JOB]
    names = [f"c{number}" for number in range(12)]
    fields = " ".join(f"{name}: name @include(if: ${name})" for name in names)
    query = f"query({' '.join(f'${name}: Boolean!' for name in names)}) {{ job {{ id {fields} }} }}"
    operation = operation_of(query)
    sources = random.Random(1)
    for _ in range(300):
        variables = {name: sources.random() < 0.5 for name in names}
        by_reference = await answered(query, variables, operation, reference=True)
        assert await answered(query, variables, operation, reference=False) == by_reference
    readers = own_readers.of(operation.document, operation.definition)
    assert readers.visited <= executor.MOST_VISITED + MOST_FIELDS
    assert len(readers.found) < 300


def test_readers_that_were_used_least_recently_go_first() -> None:
    reader_cache = ReaderCache(most=10)
    operations = [operation_of(f"{{ job {{ {name} }} }}") for name in ("id", "name", "status")]
    first, second, third = [reader_cache.of(one.document, one.definition) for one in operations]
    reader_cache.grow(first, 4)
    reader_cache.of(operations[0].document, operations[0].definition)
    reader_cache.grow(third, 4)
    assert reader_cache.of(operations[0].document, operations[0].definition) is first
    assert reader_cache.of(operations[1].document, operations[1].definition) is not second


async def test_one_setting_turns_readers_off(own_readers: ReaderCache) -> None:
    SOURCES["jobs"] = [JOB]
    operation = operation_of("{ job { id } }")
    await answered("{ job { id } }", {}, operation, reference=True)
    assert own_readers.fields == 0
    await answered("{ job { id } }", {}, operation, reference=False)
    assert own_readers.fields > 0
