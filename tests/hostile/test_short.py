"""The short form of `make hostile`: a few inputs of each kind, and a server that lives and answers everybody."""

from collections.abc import Generator

import pytest
from pymongo import MongoClient

from .catalogue import INPUTS
from .run import one_after_the_other
from .world import MEMORY, Probe, World, open_world

HANG = 30  # seconds that nobody waits for, however busy the machine is; `make hostile` measures


@pytest.fixture
def world(mongodb_uri: str, new_database: str) -> Generator[World]:
    with open_world(mongodb_uri, new_database) as world:
        yield world


@pytest.mark.timeout(300)
def test_a_few_of_each_kind_stop_nobody(world: World, mongodb: "MongoClient[dict[str, object]]") -> None:
    probe = Probe(world)
    try:
        rows = one_after_the_other(world, probe, [one for one in INPUTS if one.quick])
        statuses = probe.statuses()
    finally:
        probe.end()
    assert [(row.name, row.got) for row in rows if row.wrong] == []
    assert [(row.name, row.memory) for row in rows if row.memory >= MEMORY] == []
    assert [(row.name, row.longest) for row in rows if row.longest > HANG] == []
    assert world.alive
    assert statuses == {200}
    assert [line for line in world.log if "Traceback" in line or "unexpected error" in line] == []
    world.end()
    world.begin()
    assert world.alive
