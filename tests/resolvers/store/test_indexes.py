"""Indexes beside those that other programs made."""

import pytest
from beanie import init_beanie
from jobyard.models.documents.job import TaskIteration
from jobyard.models.documents.workflow import Workflow
from jobyard.resolvers.store.connect import Store
from jobyard.resolvers.store.errors import StoreProblem
from jobyard.resolvers.store.indexes import index_names, indexes_of, make_indexes

pytestmark = pytest.mark.anyio

KINDS = [TaskIteration, Workflow]


@pytest.fixture
async def database(kept_store: Store):
    await init_beanie(database=kept_store.database, document_models=KINDS, skip_indexes=True)
    return kept_store.database


async def test_all_of_them_are_made_once(database) -> None:
    for _ in range(2):
        await make_indexes(KINDS)
    expected = {index.document["name"] for index in indexes_of(TaskIteration)}
    assert set(await index_names(database["tasks"])) == {"_id_", *expected}


async def test_one_that_an_exporters_handbook_made_stays_and_the_others_are_made(
    database, caplog: pytest.LogCaptureFixture
) -> None:
    name = "itential_job_metrics_exporter_task_status_server"
    await database["tasks"].create_index([("status", 1), ("metrics.server_id", 1)], name=name)
    await make_indexes(KINDS)
    made = await database["tasks"].index_information()
    assert "sparse" not in made[name]
    assert {"newest", "job_task", "waiting"} <= made.keys()
    assert f"the index {name} of tasks cannot be made" in caplog.text


async def test_one_that_must_be_unique_and_is_not_stops_the_start(database) -> None:
    await database["workflows"].create_index([("name", 1)], name="name")
    with pytest.raises(StoreProblem, match="index name of workflows is there with other options: drop it"):
        await make_indexes(KINDS)


async def test_two_documents_of_one_name_stop_the_start_and_are_named(database) -> None:
    await database["workflows"].insert_many([{"_id": id, "name": "dup", "tasks": {}} for id in ("first", "second")])
    told = "Documents of workflows have the same name 'dup': those with the _id 'first', 'second'"
    with pytest.raises(StoreProblem, match=told):
        await make_indexes(KINDS)
