"""The OpenAPI document: valid, whole, and kept by the server whatever it is asked."""

import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from jobyard.gql.rest.routes import ROUTES
from openapi_spec_validator import OpenAPIV31SpecValidator

from .. import processes
from ..documents import chain, greeting, task
from ..doors import Doors
from ..servers import import_documents, serving


async def described(doors: Doors, **query: str) -> Any:
    return (await doors.http.get("/help/openapi", params=query)).json()


@pytest.mark.anyio
async def test_it_is_an_openapi_3_1_document_of_every_route(doors: Doors) -> None:
    document = await described(doors)
    assert document["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    told = {(path, verb.upper()) for path, verbs in document["paths"].items() for verb in verbs}
    assert told == {(route.path, route.verb) for route in ROUTES}
    assert [
        one["summary"] for verbs in document["paths"].values() for one in verbs.values() if not one["summary"]
    ] == []


@pytest.mark.anyio
async def test_it_names_the_server_that_is_asked_for(doors: Doors) -> None:
    assert (await described(doors, url="https://yard.example/"))["servers"] == [{"url": "https://yard.example"}]
    assert (await described(doors, url="javascript:alert(1)"))["servers"] == [{"url": "http://jobyard"}]


@pytest.mark.anyio
async def test_the_page_shows_every_route_and_needs_no_other_host(doors: Doors) -> None:
    page = await doors.http.get("/help/rest")
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    for route in ROUTES:
        assert f"<code>{route.path}</code>" in page.text
    assert "http://" not in page.text
    assert "https://" not in page.text


@pytest.mark.timeout(400)
def test_no_request_gets_an_undocumented_answer(tmp_path: Path) -> None:
    """Schemathesis makes requests that fit the document, and that do not, around a job that exists."""
    with serving("--memory") as server:
        import_documents(server, greeting(), chain("ask", a1={**task("ViewData"), "type": "manual"}))
        started = httpx.post(
            f"{server.address}/operations-manager/jobs/start", json={"workflow": "ask", "options": {}}
        ).json()["data"]["_id"]
        config = tmp_path / "schemathesis.toml"
        config.write_text(f'[parameters]\n"path.id" = "{started}"\n"path.task" = "a1"\n')
        checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
        command = [
            str(Path(sys.executable).parent / "schemathesis"), "--config-file", str(config), "run",
            f"{server.address}/help/openapi", "--checks", checks, "--max-examples", "25",
            "--phases", "coverage,fuzzing", "--seed", "1", "--no-color",
        ]  # fmt: skip
        done = processes.run(command, cwd=tmp_path, timeout=300)
    assert done.returncode == 0, done.stdout[-4000:]
    assert " passed" in done.stdout
