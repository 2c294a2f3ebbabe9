"""What auditing tools read of a server: its settings, applications, adapters and indexes."""

from pathlib import Path
from typing import Any

import pytest
from jobyard.models.settings import Settings

from ..doors import Doors

pytestmark = pytest.mark.anyio

PROVIDERS = """
providers:
  - app: Jira
    location: Adapter
    url: http://127.0.0.1:9/
    headers: {X-Hidden: "Bearer hidden"}
"""


@pytest.fixture
def settings(each_store: Settings, tmp_path: Path) -> Settings:
    (tmp_path / "providers.yaml").write_text(PROVIDERS)
    return Settings(**{**vars(each_store), "providers": tmp_path / "providers.yaml", "admin_password": "hidden here"})


async def told(doors: Doors, path: str, **query: Any) -> Any:
    answer = await doors.http.get(path, params=query)
    assert answer.status_code == 200, answer.text
    assert "hidden" not in answer.text
    return answer.json()


async def test_the_settings_are_told_without_secrets(doors: Doors) -> None:
    config = await told(doors, "/server/config")
    assert (config["host"], config["open"], config["lease"]) == ("jobyard", True, 10_000)
    assert config["rules"]["child_error"] == "wait"


async def test_applications_and_adapters_have_the_shape_of_their_readers(doors: Doors) -> None:
    adapters, applications = await told(doors, "/adapters"), await told(doors, "/applications")
    assert [one["data"]["name"] for one in adapters["results"]] == ["Jira"]
    assert adapters["total"] == 1
    data = adapters["results"][0]["data"]
    assert data["properties"] == {"id": "Jira", "type": "Jira", "brokers": [], "groups": [], "properties": {}}
    assert "WorkFlowEngine" in [one["data"]["name"] for one in applications["results"]]


async def test_no_collection_of_a_new_server_lacks_an_index(doors: Doors) -> None:
    status = await told(doors, "/indexes/status", collections="jobs,tasks")
    assert list(status) == ["jobs", "tasks"]
    assert "itential_status" in status["jobs"]["present"]
    everything = await told(doors, "/indexes/status")
    assert everything.keys() == (await told(doors, "/indexes")).keys()
    assert {name for name, one in everything.items() if one["missing"]} == set()
    assert await told(doors, "/indexes/status", collections="sso_configs") == {
        "sso_configs": {"present": [], "missing": []}
    }


async def test_an_index_that_somebody_dropped_is_missed_and_made_again(doors: Doors) -> None:
    await doors.services.store.database["jobs"].drop_index("itential_status")
    assert (await told(doors, "/indexes/jobs/status"))["missing"] == ["itential_status"]
    made = await doors.http.post("/indexes/jobs")
    assert (made.status_code, made.json()["missing"]) == (200, [])
    assert "itential_status" in await doors.services.store.database["jobs"].index_information()


@pytest.mark.parametrize("name", ["system.users", "a$b", "x" * 200])
async def test_what_is_no_name_of_a_collection_is_refused(doors: Doors, name: str) -> None:
    assert (await doors.http.get("/indexes/status", params={"collections": name})).status_code == 400
    assert (await doors.http.post(f"/indexes/{name}")).status_code == 400
