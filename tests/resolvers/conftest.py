"""Stores for the tests: memory where speed does, a real mongod where the database matters."""

from collections.abc import AsyncGenerator
from pathlib import Path
from uuid import uuid4

import pytest
from jobyard.resolvers.store.connect import Store, open_store


@pytest.fixture
async def kept_store(mongod_directory: Path) -> AsyncGenerator[Store]:
    """An empty database of a real mongod."""
    async with open_store(None, mongod_directory, memory=False, database_name=f"test_{uuid4().hex}") as store:
        yield store


@pytest.fixture(params=["memory", "mongod"])
async def store(request: pytest.FixtureRequest) -> AsyncGenerator[Store]:
    """An empty database, of each kind."""
    if request.param == "memory":
        async with open_store(None, None, memory=True, database_name="test") as store:
            yield store
        return
    directory: Path = request.getfixturevalue("mongod_directory")
    async with open_store(None, directory, memory=False, database_name=f"test_{uuid4().hex}") as store:
        yield store
