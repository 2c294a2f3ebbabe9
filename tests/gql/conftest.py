"""What the tests of both doors may use."""

import pytest
from jobyard.models.settings import Settings


@pytest.fixture(params=["memory", "mongod"])
def each_store(request: pytest.FixtureRequest) -> Settings:
    """Of a server with an empty database, of each kind."""
    if request.param == "memory":
        return Settings(memory=True, open=True, host="jobyard")
    return request.getfixturevalue("kept")
