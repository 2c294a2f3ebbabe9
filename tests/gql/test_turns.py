"""Starts that come by the thousand: a few begin in each turn of the event loop, and everything else goes by."""

import asyncio
from itertools import pairwise

import pytest
from jobyard.gql.http.start_queue import LARGEST_HELD, MOST_HELD, MOST_IN_A_TURN, StartTurns, may_start

pytestmark = pytest.mark.anyio

START = b'POST /graphql HTTP/1.1\r\n\r\n{"query": "mutation { startJob(workflow: 1) { id } }"}'


@pytest.mark.parametrize(
    ("data", "held"),
    [
        (START, True),
        (b"POST /operations-manager/jobs/start HTTP/1.1\r\n", True),
        (b"POST /graphql HTTP/1.1\r\n\r\n{jobs{totalCount}}", False),
        (b"GET /healthz HTTP/1.1\r\n", False),
        (START + b" " * LARGEST_HELD, False),
    ],
)
def test_what_may_start_a_job_is_known_by_its_first_bytes(data: bytes, held: bool) -> None:
    assert may_start(data) is held


async def test_those_that_wait_begin_in_their_order_a_few_in_each_turn() -> None:
    turns = StartTurns()
    begun: list[int] = []
    begun_when_others_come_by: list[int] = []
    over = asyncio.get_running_loop().create_future()

    def come_by() -> None:
        begun_when_others_come_by.append(len(begun))
        if len(begun) == 50:
            over.set_result(None)
        else:
            asyncio.get_running_loop().call_soon(come_by)

    for number in range(50):
        if turns.take(lambda number=number: begun.append(number)):
            begun.append(number)
    assert begun == list(range(MOST_IN_A_TURN))
    come_by()
    async with asyncio.timeout(10):
        await over
    assert begun == list(range(50))
    turn = [after - before for before, after in pairwise(begun_when_others_come_by)]
    assert max(turn) == MOST_IN_A_TURN
    assert turns.take(lambda: None)  # nobody waits any more


async def test_what_is_held_has_a_size_together() -> None:
    turns = StartTurns()
    begun: list[int] = []
    for number in range(MOST_IN_A_TURN):
        assert turns.take(lambda number=number: begun.append(number), LARGEST_HELD)
    places = MOST_HELD // LARGEST_HELD
    for number in range(places):
        assert not turns.take(lambda number=number: begun.append(number), LARGEST_HELD)
    assert turns.take(lambda: None, LARGEST_HELD)  # it does not wait
    assert not turns.hold(1)
    turns.give_back(LARGEST_HELD)
    assert not turns.take(lambda: None, LARGEST_HELD)
