"""What takes long is done in a thread, and others are answered meanwhile."""

import asyncio
import threading
from functools import partial

import pytest
from jobyard.models.engine.sizes import LONG, size_of, takes_long
from jobyard.resolvers.threads import AUTHORS_AT_ONCE, in_author_threads, in_thread, in_thread_if_long
from jobyard.resolvers.workflows import definitions
from jobyard.resolvers.workflows.definitions import Definitions

from ..documents import chain, task
from ..doors import Doors

pytestmark = pytest.mark.anyio

MANY = [{"a": at} for at in range(20_000)]
FIELDS = "{" + "__typename " * 4900 + "}"


@pytest.mark.parametrize(
    ("value", "long"),
    [
        (None, False),
        ("x" * LONG, False),
        ("x" * (LONG + 1), True),
        ([0] * 10, False),
        (MANY, True),
        ({"v": MANY}, True),
    ],
)
async def test_work_over_large_values_is_done_in_another_thread(value: object, *, long: bool) -> None:
    here = threading.current_thread()
    assert takes_long(value) is long
    assert (await in_thread_if_long(threading.current_thread, value) is not here) is long


async def test_one_such_work_is_done_at_a_time() -> None:
    go_on, done = threading.Event(), list[int]()

    def work(number: int) -> None:
        assert go_on.wait(20)
        done.append(number)

    works = [asyncio.create_task(in_thread(partial(work, number))) for number in range(3)]
    await asyncio.sleep(0)
    assert done == []
    go_on.set()
    await asyncio.gather(*works)
    assert done == [0, 1, 2]


async def test_few_works_of_authors_are_done_at_a_time_and_none_holds_up_the_servers_own() -> None:
    go_on, begun = threading.Event(), threading.Semaphore(0)
    working = list[int]()

    def work(number: int) -> int:
        working.append(number)
        begun.release()
        assert go_on.wait(20)
        return number

    works = [asyncio.create_task(in_author_threads(work, number)) for number in range(AUTHORS_AT_ONCE + 3)]
    for _ in range(AUTHORS_AT_ONCE):
        assert await asyncio.to_thread(begun.acquire, timeout=20)
    assert await in_thread(lambda: "done") == "done"
    assert sorted(working) == list(range(AUTHORS_AT_ONCE))
    go_on.set()
    assert await asyncio.gather(*works) == list(range(AUTHORS_AT_ONCE + 3))


async def test_what_is_asked_meanwhile_is_answered_before(doors: Doors) -> None:
    ended: list[str] = []

    async def ask(name: str, query: str) -> None:
        await doors.http.post("/graphql", json={"query": query})
        ended.append(name)

    await ask("first", "{ __typename }")
    long = asyncio.create_task(ask("long", FIELDS))
    await asyncio.sleep(0)
    await asyncio.gather(long, *(ask("short", "{ __typename }") for _ in range(3)))
    assert ended == ["first", "short", "short", "short", "long"]


@pytest.mark.parametrize("what", ["variables", "workflow"])
async def test_a_start_of_much_holds_up_no_other_one(doors: Doors, what: str) -> None:
    ended: list[str] = []
    small = chain("small", a1=task("newVariable", name="n", value=1))
    value = MANY if what == "workflow" else 1
    large = chain("large", a1=task("newVariable", name="n", value=value), b2=task("delay", time=0))
    await doors.import_documents(small, large)

    async def start(name: str, variables: object) -> str:
        answer = await doors.start({"workflow": name, "options": {"variables": {"v": variables}}})
        ended.append(name)
        return answer.json()["data"]["_id"]

    await start("small", 1)
    first = asyncio.create_task(start("large", MANY if what == "variables" else 1))
    await asyncio.sleep(0)
    await asyncio.gather(first, start("small", 1))
    assert ended == ["small", "small", "large"]
    assert (await doors.over(first.result()))["status"] == "complete"


async def test_wordings_in_memory_have_a_size_together(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    workflows = [chain(f"w{number}", a1=task("newVariable", name="n", value="x" * 1000)) for number in range(5)]
    size = size_of(workflows[0])
    monkeypatch.setattr(definitions, "LARGEST_KEPT", 3 * size)
    known = Definitions()
    first = await known.pin(workflows[0])
    assert await known.pin(workflows[0]) is first
    for workflow in workflows[1:3]:
        await known.pin(workflow)
    assert await known.find(first.version) is first
    for workflow in workflows[1:]:
        await known.pin(workflow)
    again = await known.find(first.version)
    assert again is not first
    assert again.graph.tasks == first.graph.tasks
    monkeypatch.setattr(definitions, "LARGEST_KEPT", 1)
    assert await known.pin(workflows[4]) is await known.pin(workflows[4])
