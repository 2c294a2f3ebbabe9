"""What clients read of the server's health before they do anything else."""

from typing import Any

import pytest

from ..doors import Doors

pytestmark = pytest.mark.anyio

NODE = {
    "node", "acorn", "ada", "ares", "brotli", "cjs_module_lexer", "cldr", "icu", "llhttp", "modules", "napi",
    "nghttp2", "openssl", "simdutf", "tz", "undici", "unicode", "uv", "uvwasi", "v8", "zlib",
}  # fmt: skip


async def told(doors: Doors, part: str) -> Any:
    answer = await doors.http.get(f"/health/{part}")
    assert answer.status_code == 200
    return answer.json()


async def test_the_release_makes_clients_speak_the_present_api(doors: Doors) -> None:
    release = (await told(doors, "server"))["release"]
    assert float(release[: release.rindex(".")]) > 2021.1
    assert (await doors.http.get("/version")).json() == release


async def test_the_server_has_every_key_that_is_read_and_sizes_of_32_bits(doors: Doors) -> None:
    server = await told(doors, "server")
    assert server["versions"].keys() >= NODE
    assert {type(version) for version in server["versions"].values()} == {str}
    sizes = [*server["memoryUsage"].values(), *server["cpuUsage"].values()]
    assert all(isinstance(size, int) and 0 <= size < 2**31 for size in sizes)
    assert server["memoryUsage"]["rss"] > 1_000_000
    assert isinstance(server["pid"], int)


async def test_the_system_names_its_processors_with_their_times(doors: Doors) -> None:
    system = await told(doors, "system")
    assert 0 < system["freemem"] <= system["totalmem"]
    assert len(system["loadavg"]) == 3
    assert system["cpus"][0]["times"].keys() == {"user", "nice", "sys", "idle", "irq"}


async def test_the_status_says_when_and_where(doors: Doors) -> None:
    status = await told(doors, "status")
    assert (status["timestamp"], status["apps"], status["services"]) == (doors.services.clock.now(), "running", [])
    assert status["serverId"] == doors.services.jobs.owner


async def test_the_applications_are_those_of_the_built_in_tasks(doors: Doors) -> None:
    told_of = await told(doors, "applications")
    assert told_of["total"] == len(told_of["results"])
    assert {(one["type"], one["state"]) for one in told_of["results"]} == {("Application", "RUNNING")}
    assert "WorkFlowEngine" in [one["id"] for one in told_of["results"]]


async def test_without_a_providers_file_there_are_no_adapters(doors: Doors) -> None:
    assert await told(doors, "adapters") == {"results": [], "total": 0}


async def test_an_application_is_found_by_a_pair_and_by_its_name(doors: Doors) -> None:
    answer = await doors.http.get("/health/applications", params={"equals": "WorkFlowEngine", "equalsField": "id"})
    assert answer.json()["total"] == 1
    ((found),) = answer.json()["results"]
    alone = await told(doors, "applications/WorkFlowEngine")
    assert alone.keys() == found.keys()
    assert (alone["id"], alone["package_id"]) == ("WorkFlowEngine", "@jobyard/workflowengine")
    page = (await doors.http.get("/health/applications", params={"limit": 1, "sort": "id", "order": -1})).json()
    assert len(page["results"]) == 1
    assert page["total"] > 1


@pytest.mark.parametrize("kind", ["application", "adapter"])
async def test_a_part_that_there_is_not_is_404(doors: Doors, kind: str) -> None:
    answer = await doors.http.get(f"/health/{kind}s/nope")
    assert answer.status_code == 404
    assert answer.json() == {
        "message": f"Cannot find {kind} 'nope'. GET /health/{kind}s lists those there are.",
        "data": None,
        "metadata": {"code": "PART_NOT_FOUND", "kind": kind, "name": "nope"},
    }
