"""What a MONGODB_URI may ask for, and what it may not."""

import pytest
from jobyard.resolvers.store.connect import open_store
from jobyard.resolvers.store.errors import StoreProblem

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("preference", ["readPreference=secondary", "readPreference=nearest&readPreferenceTags=dc:x"])
async def test_a_read_preference_that_finds_nobody_is_told(mongodb_uri: str, preference: str) -> None:
    uri = f"{mongodb_uri}{'&' if '?' in mongodb_uri else '?'}{preference}&serverSelectionTimeoutMS=200"
    with pytest.raises(StoreProblem, match=r"asks to read by the preference .* has nobody for that"):
        async with open_store(uri, None, memory=False, database_name="test"):
            pass
