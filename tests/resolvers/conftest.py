"""Stores for the tests: memory where speed does, a real mongod where the database matters."""

from collections.abc import AsyncGenerator

import pytest
from jobyard.resolvers.store.connect import Store, open_store


@pytest.fixture
async def kept_store(mongodb_uri: str, new_database: str) -> AsyncGenerator[Store]:
    """An empty database of a real mongod."""
    async with open_store(mongodb_uri, None, memory=False, database_name=new_database) as store:
        yield store


@pytest.fixture(params=["memory", "mongod"])
async def store(request: pytest.FixtureRequest) -> AsyncGenerator[Store]:
    """An empty database, of each kind."""
    if request.param == "memory":
        async with open_store(None, None, memory=True, database_name="test") as store:
            yield store
        return
    uri, name = request.getfixturevalue("mongodb_uri"), request.getfixturevalue("new_database")
    async with open_store(uri, None, memory=False, database_name=name) as store:
        yield store
