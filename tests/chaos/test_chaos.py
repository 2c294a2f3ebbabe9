"""The short form of `make chaos`: each fault once or twice, several in a world, and what was started goes on."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from ..parts import memory_folder
from .faults import (
    APART,
    FORGETFUL,
    OWN_MONGOD,
    PROXIED,
    Fault,
    fill_disk,
    freeze_one_of_two,
    kill_mongod,
    kill_mongod_twice,
    kill_one_of_two,
    kill_own_mongod,
    kill_the_only_server,
    lose_answers,
    lose_commands,
    roll_oplog_over,
    stop_one_of_two,
)
from .layout import Layout
from .run import run
from .table import details, table
from .takeover import take_over
from .world import World

SECONDS = 90  # of a world; where all goes well it takes about twenty, and a slow machine more

Act = Callable[[World], Awaitable[None]]

pytestmark = [
    pytest.mark.anyio,
    # PyMongo's monitor drops a socket that it was just opening when the database went away.
    pytest.mark.filterwarnings("ignore:.*unclosed <socket:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.mark.parametrize(
    ("layout", "acts"),
    [
        (APART, (kill_one_of_two, kill_mongod_twice, freeze_one_of_two, stop_one_of_two, kill_mongod)),
        (PROXIED, (lose_answers, kill_the_only_server, lose_commands)),
        (OWN_MONGOD, (kill_own_mongod, kill_the_only_server)),
        (FORGETFUL, (fill_disk, roll_oplog_over)),
    ],
    ids=["two servers", "one server", "a mongod of its own", "little room for history"],
)
async def test_what_was_started_goes_on(layout: Layout, acts: tuple[Act, ...], tmp_path: Path) -> None:
    turn = iter(acts)

    async def act(world: World) -> None:
        await next(turn)(world)

    fault = Fault("one fault after the other", act, len(acts), layout, loses_history=roll_oplog_over in acts)
    with memory_folder() as memory, TemporaryDirectory(dir=memory or tmp_path) as folder:
        row = await run(fault, fault.times, Path(folder), lease=2, seed=1, seconds=SECONDS)
    assert row.acknowledged > 0
    assert row.sound, f"{details(row)}\n{table([row])}"


async def test_waiting_jobs_of_a_server_that_was_killed_are_anothers_each_once(tmp_path: Path) -> None:
    """How long that takes is measured by `make chaos`, which has the machine for itself then."""
    with memory_folder() as memory, TemporaryDirectory(dir=memory or tmp_path) as folder:
        row = await take_over(1, Path(folder), seed=1, seconds=SECONDS, jobs=500, lease=4)
    assert row.acknowledged == 500
    verdict = row.verdict
    assert not (verdict.lost or verdict.twice or verdict.stuck), f"{details(row)}\n{table([row])}"
