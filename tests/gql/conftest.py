"""What the tests of both doors may use."""

from collections.abc import AsyncGenerator

import pytest
from jobyard.models.settings import Settings

from .world import World, open_world


@pytest.fixture(params=["memory", "mongod"])
def each_store(request: pytest.FixtureRequest) -> Settings:
    """Of a server with an empty database, of each kind."""
    if request.param == "memory":
        return Settings(memory=True, open=True, host="jobyard")
    return request.getfixturevalue("kept")


@pytest.fixture
async def world() -> AsyncGenerator[World]:
    async with open_world() as found:
        yield found
