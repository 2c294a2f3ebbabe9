"""Large values beside the documents that hold them."""

from typing import Any

import pytest
from jobyard.resolvers.store.connect import Store
from jobyard.resolvers.store.large_values import LargeValues
from pymongo.errors import AutoReconnect, BulkWriteError

pytestmark = pytest.mark.anyio

LARGE = "x" * 100_000


class Failing:
    """The collection, of which the first insert fails."""

    def __init__(self, collection: Any, fault: Exception) -> None:
        self._collection = collection
        self._faults = [fault]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._collection, name)

    async def insert_many(self, *arguments: Any, **options: Any) -> Any:
        if self._faults:
            raise self._faults.pop()
        return await self._collection.insert_many(*arguments, **options)


@pytest.mark.parametrize(
    "fault",
    [AutoReconnect("gone"), BulkWriteError({"writeErrors": [], "writeConcernErrors": [{"code": 64}]})],
    ids=lambda one: type(one).__name__,
)
async def test_what_was_not_stored_is_stored_when_it_is_tried_again(store: Store, fault: Exception) -> None:
    large = LargeValues(store.database, gridfs=store.durable)
    large.data = Failing(large.data, fault)
    values = {"config": LARGE, "small": 1}
    with pytest.raises(type(fault)):
        await large.put_aside("a" * 24, values)
    slim = await large.put_aside("a" * 24, values)
    assert await large.load(slim) == values
