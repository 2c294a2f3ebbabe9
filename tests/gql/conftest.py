"""What the tests of both doors may use."""

import os
from collections.abc import AsyncGenerator

import pytest
from jobyard.gql.execution.executor import Executor
from jobyard.gql.schema import schema
from jobyard.models.settings import Settings
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from .world import World, open_world

# What executes in the tests' own process: `readers` from the first time on, or the `reference` executor alone.
if (chosen := os.environ.get("JOBYARD_TEST_EXECUTOR")) == "readers":
    Executor.compile_at_first = True
elif chosen == "reference":
    Executor.always_reference = True
    schema.execution_context_class = StrawberryGraphQLCoreExecutionContext


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
