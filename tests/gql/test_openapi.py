"""The OpenAPI document: valid, whole, and kept by the server whatever it is asked."""

import re
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from jobyard.gql.rest.examples import BODIES
from jobyard.gql.rest.summaries import SUMMARIES
from jobyard.gql.rest.table import ROUTES
from jobyard.gql.web.fetch import is_fetched
from jobyard.models.schemas.checking import faults_of
from openapi_spec_validator import OpenAPIV31SpecValidator

from .. import processes
from ..documents import chain, greeting, task
from ..doors import Doors
from ..parts import require
from ..servers import import_documents, serving


async def described(doors: Doors, **query: str) -> Any:
    return (await doors.http.get("/help/openapi", params=query)).json()


@pytest.mark.anyio
async def test_it_is_an_openapi_3_1_document_of_every_route(doors: Doors) -> None:
    document = await described(doors)
    assert document["openapi"] == "3.1.0"
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    told = {(path, verb.upper()) for path, verbs in document["paths"].items() for verb in verbs}
    signing = {(path, "POST") for path in ("/login", "/logout", "/oauth/token")}
    assert told == {(route.path, route.verb) for route in ROUTES} | signing
    assert [
        one["summary"] for verbs in document["paths"].values() for one in verbs.values() if not one["summary"]
    ] == []


@pytest.mark.anyio
async def test_the_summary_of_a_route_says_what_the_route_does(doors: Doors) -> None:
    document = await described(doors)
    summaries = {
        (verb, path): one["summary"] for path, verbs in document["paths"].items() for verb, one in verbs.items()
    }
    graphql = re.compile(r"is null|mutation\b|as (in )?(GET|POST) /|as [A-Z]+ /\S+ returns")
    assert {route: text for route, text in summaries.items() if graphql.search(text)} == {}
    assert {f"{verb.upper()} {path}" for verb, path in summaries} >= SUMMARIES.keys()


@pytest.mark.anyio
async def test_every_body_has_an_example_that_the_route_takes(doors: Doors) -> None:
    document = await described(doors)
    bodies = {
        f"{verb.upper()} {path}": one["requestBody"]["content"]["application/json"]
        for path, verbs in document["paths"].items()
        for verb, one in verbs.items()
        if "requestBody" in one and path not in ("/login", "/oauth/token")
    }
    assert bodies.keys() == BODIES.keys()
    assert {
        name: faults for name, body in bodies.items() if (faults := faults_of(body["schema"], body["example"], ""))
    } == {}
    start = bodies["POST /automation-studio/automations"]["example"]
    assert (await doors.http.post("/automation-studio/automations", json=start)).status_code == 200
    job = (await doors.start({"workflow": "Say hello", "options": {"variables": {"name": "Ada"}}})).json()["data"]
    assert (await doors.over(job["_id"]))["variables"]["greeting"] == "Hello, Ada"


@pytest.mark.anyio
async def test_it_says_how_to_sign_in_and_orders_its_tags(doors: Doors) -> None:
    document = await described(doors)
    used = [one["tags"][0] for verbs in document["paths"].values() for one in verbs.values()]
    assert [tag["name"] for tag in document["tags"]] == list(dict.fromkeys(used))
    assert [name for one in document["security"] for name in one] == list(document["components"]["securitySchemes"])


@pytest.mark.anyio
async def test_it_names_the_server_that_is_asked_for(doors: Doors) -> None:
    assert (await described(doors, url="https://yard.example/"))["servers"] == [{"url": "https://yard.example"}]
    assert (await described(doors, url="javascript:alert(1)"))["servers"] == [{"url": "http://jobyard"}]


@pytest.mark.anyio
async def test_a_browser_gets_the_document_as_a_page_and_needs_no_other_host(doors: Doors) -> None:
    require(is_fetched(), "the files of Swagger UI: make setup")
    page = await doors.http.get("/help/openapi", headers={"accept": "text/html"})
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert '<base href="../" />' in page.text
    assert "http://" not in page.text
    assert "https://" not in page.text
    older = await doors.http.get("/help/rest", headers={"accept": "text/html"})
    assert (older.status_code, older.headers["location"]) == (308, "openapi")
    document = await doors.http.get("/help/openapi?url=", headers={"accept": "text/html"})
    assert document.json()["openapi"] == "3.1.0"


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
            *(f"--exclude-path={path}" for path in ("/login", "/logout", "/oauth/token")),  # slow on purpose
        ]  # fmt: skip
        # A deactivated server refuses the starts of all other routes, with 503: that route comes last.
        for way in ("exclude", "include"):
            done = processes.run([*command, f"--{way}-path-regex", "/deactivate$"], cwd=tmp_path, timeout=300)
            assert done.returncode == 0, done.stdout[done.stdout.find("FAILURES") :][:4000]
            assert " passed" in done.stdout
