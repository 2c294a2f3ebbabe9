"""Workflows by their names: as the database has them now, made once, and asked for together."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest
from beanie import init_beanie
from jobyard.models.documents.workflow import Workflow
from jobyard.resolvers.store import workflow_cache
from jobyard.resolvers.store.collections import DOCUMENTS, collection_of
from jobyard.resolvers.store.connect import Store
from jobyard.resolvers.store.workflow_cache import NamedWorkflows

pytestmark = pytest.mark.anyio


@pytest.fixture
async def workflows(store: Store) -> AsyncGenerator[NamedWorkflows]:
    await init_beanie(database=store.database, document_models=DOCUMENTS, skip_indexes=True)
    found = NamedWorkflows()
    yield found
    await found.close()


async def put(name: str, **more: Any) -> None:
    document: Any = {"name": name, "tasks": {}, **more}
    await collection_of(Workflow).replace_one({"name": name}, document, upsert=True)


async def test_what_another_server_stores_counts_at_once(workflows: NamedWorkflows) -> None:
    assert await workflows.find("w") is None
    for text in ("one", "two", "one"):
        await put("w", description=text)
        found = await workflows.find("w")
        assert found is not None and found["description"] == text
    await collection_of(Workflow).delete_one({"name": "w"})
    assert await workflows.find("w") is None


async def test_several_that_ask_at_once_get_their_own(workflows: NamedWorkflows) -> None:
    for number in range(5):
        await put(f"w{number}", description=str(number))
    names = [f"w{number}" for number in (0, 1, 2, 3, 4, 9, 0, 1)]
    found = await asyncio.gather(*map(workflows.find, names))
    assert [one and one["description"] for one in found] == ["0", "1", "2", "3", "4", None, "0", "1"]


async def test_one_that_has_not_changed_is_the_same(kept_store: Store) -> None:
    await init_beanie(database=kept_store.database, document_models=DOCUMENTS, skip_indexes=True)
    workflows = NamedWorkflows()
    await put("w", description="one")
    first = await workflows.find("w")
    assert await workflows.find("w") is first
    await put("w", description="two")
    assert await workflows.find("w") is not first
    await workflows.close()


async def test_what_is_kept_has_a_bound(kept_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workflow_cache, "LARGEST_KEPT", 2_000)
    await init_beanie(database=kept_store.database, document_models=DOCUMENTS, skip_indexes=True)
    workflows = NamedWorkflows()
    for name, text in (("a", "x"), ("b", "x"), ("large", "x" * 3_000)):
        await put(name, description=text)
    first = await workflows.find("a")
    large = await workflows.find("large")
    assert large is not None and large["description"] == "x" * 3_000
    assert await workflows.find("a") is not first
    await workflows.close()
