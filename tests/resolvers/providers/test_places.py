"""Places: who hangs holds up nobody else."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

import pytest
from jobyard.models.engine.outcomes import Finish
from jobyard.resolvers.providers.configuration import Endpoint
from jobyard.resolvers.providers.egress import EgressPolicy
from jobyard.resolvers.providers.endpoint import ask_endpoint
from jobyard.resolvers.providers.exchange import AT_ONCE, FEW, Exchanges, Places
from jobyard.resolvers.providers.rest_call import do_rest_call
from jobyard.resolvers.runner.protocol import Perform

from ...endpoints import NEVER, Asked, Reply, Server, answering, replying
from .calls import call

pytestmark = pytest.mark.anyio

Tasks = list["asyncio.Future[Finish]"]
SOON = 20  # seconds; the timeout of what hangs is longer


@pytest.fixture
async def exchanges() -> AsyncGenerator[Exchanges]:
    exchanges = Exchanges()
    yield exchanges
    await exchanges.close()


class Hanging:
    """An endpoint that never answers, and tells when it was asked so many times."""

    def __init__(self, times: int) -> None:
        self._times = times
        self._loop = asyncio.get_running_loop()
        self.reached = asyncio.Event()
        self.server: Server | None = None

    def __call__(self, asked: Asked) -> Reply:
        if self.server is not None and len(self.server.asked) >= self._times:
            self._loop.call_soon_threadsafe(self.reached.set)
        return NEVER


@asynccontextmanager
async def hanging(times: int) -> AsyncGenerator[tuple[Server, Callable[[Perform, int], Awaitable[Tasks]]]]:
    """The endpoint, and what starts so many tasks there and returns once it was asked for as many as it lets in."""
    answer = Hanging(times)
    started: Tasks = []

    async def start(perform: Perform, tasks: int) -> Tasks:
        started.extend(asyncio.ensure_future(perform(replace(call(), task_id=f"t{at}"))) for at in range(tasks))
        async with asyncio.timeout(SOON):
            await answer.reached.wait()
        return started

    with answering(answer) as server:
        answer.server = server
        yield server, start
        for task in started:
            task.cancel()
        await asyncio.gather(*started, return_exceptions=True)


async def test_tasks_of_a_provider_that_hangs_do_not_delay_one_of_another(exchanges: Exchanges) -> None:
    async with hanging(AT_ONCE) as (bad, start):
        await start(ask_endpoint(Endpoint(bad.address, timeout=60), exchanges), AT_ONCE + 50)
        with answering(replying({"state": "success"})) as good:
            async with asyncio.timeout(SOON):
                assert await ask_endpoint(Endpoint(good.address), exchanges)(call()) == Finish("success")
        assert len(bad.asked) == AT_ONCE


async def test_an_endpoint_is_asked_for_so_many_tasks_at_once_by_all_entries(exchanges: Exchanges) -> None:
    async with hanging(3) as (bad, start):
        for number in range(2):
            await start(ask_endpoint(Endpoint(f"{bad.address}/do?entry={number}", timeout=60, at_once=3), exchanges), 5)
        with answering(replying({"state": "success"})) as good:
            assert await ask_endpoint(Endpoint(good.address), exchanges)(call()) == Finish("success")
        assert len(bad.asked) == 3


async def test_a_host_of_rest_call_that_hangs_does_not_delay_another(exchanges: Exchanges) -> None:
    perform = do_rest_call(exchanges, EgressPolicy(), 60, 4)

    def to(server: Server) -> Perform:
        return lambda _: perform(call("restCall", app="WorkFlowEngine", uri=server.address, verb="GET"))

    async with hanging(4) as (bad, start):
        await start(to(bad), 300)
        with answering(replying(7)) as good:
            async with asyncio.timeout(SOON):
                assert await to(good)(call()) == Finish("success", {"response": 7})
        assert len(bad.asked) == 4


async def test_to_wait_for_a_place_is_no_part_of_the_timeout(exchanges: Exchanges) -> None:
    with answering(replying(7)) as server:
        perform = do_rest_call(exchanges, EgressPolicy(), 0.5, 1)
        async with exchanges.places.place(f"restCall {server.address.removeprefix('http://')}", 1):
            waiting = asyncio.ensure_future(perform(call("restCall", uri=server.address, verb="GET")))
            await asyncio.wait([waiting], timeout=0.7)
            assert not waiting.done()
        assert await waiting == Finish("success", {"response": 7})


@pytest.mark.parametrize("places", [1, 2, 10, 60])
async def test_however_many_places_hang_there_is_room_for_another(places: int) -> None:
    room = Places()

    async def hang(place: str) -> None:
        async with room.place(place):
            await asyncio.Event().wait()

    tasks = [asyncio.create_task(hang(f"p{number}")) for number in range(places) for _ in range(AT_ONCE)]
    for _ in range(3):
        await asyncio.sleep(0)
    async with AsyncExitStack() as held, asyncio.timeout(SOON):
        for _ in range(FEW if places > 2 else 64):
            await held.enter_async_context(room.place("another"))
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_places_are_given_back_whoever_is_canceled_when() -> None:
    room = Places(8, 0)
    held = asyncio.Event()

    async def hold(place: str, most: int) -> None:
        async with room.place(place, most):
            await held.wait()

    tasks = [asyncio.create_task(hold(f"p{number % 3}", 1 + number % 2)) for number in range(60)]
    for number, task in enumerate(tasks):
        await asyncio.sleep(0)
        if number % 4:
            task.cancel()
            tasks[number // 2].cancel()
    held.set()
    async with asyncio.timeout(SOON):
        await asyncio.gather(*tasks, return_exceptions=True)
    async with AsyncExitStack() as all, asyncio.timeout(SOON):
        for place in ("a", "a", "a", "a", "b", "b", "c", "d"):  # all of the room
            await all.enter_async_context(room.place(place))
