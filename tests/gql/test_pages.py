"""The pages that are no part of the console: who is signed in, the way home, and pages for what there is not."""

from collections.abc import AsyncGenerator

import httpx
import pytest
from jobyard.gql.app import create_app
from jobyard.models.settings import Settings
from jobyard.resolvers.lifespan import open_services
from starlette.applications import Starlette

pytestmark = pytest.mark.anyio

BROWSER = {"accept": "text/html"}
PASSWORD = "right enough"
PAGES = ("/help/tasks", "/graphql", "/help/openapi", "/nowhere/at/all")


async def opened(settings: Settings) -> AsyncGenerator[Starlette]:
    async with open_services(settings) as services:
        yield create_app(services)


@pytest.fixture
async def app() -> AsyncGenerator[Starlette]:
    async for one in opened(Settings(memory=True, admin_password=PASSWORD, root_path="/automation")):
        yield one


@pytest.fixture
async def http(app: Starlette) -> AsyncGenerator[httpx.AsyncClient]:
    """A client that is signed in as admin."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://jobyard") as one:
        signed_in = await one.post("/login", json={"username": "admin", "password": PASSWORD})
        assert signed_in.status_code == 200, signed_in.text
        yield one


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_has_who_is_signed_in_signing_out_and_the_way_home(http: httpx.AsyncClient, path: str) -> None:
    page = (await http.get(path, headers=BROWSER)).text
    root = "./" if path in ("/graphql", "/help/openapi") else "../" * (path.count("/") - 1)
    assert f'<a href="{root}">jobyard</a><span>signed in as admin</span>' in page
    assert f'<button type="button" id="sign-out" data-root="{root}">Sign out</button>' in page
    assert (await http.get("/static/session.js")).status_code == 200


@pytest.mark.parametrize(("verb", "path", "status"), [("GET", "/nowhere", 404), ("GET", "/login", 405)])
async def test_what_there_is_not_is_a_page_for_a_browser_and_json_with_a_code_for_others(
    http: httpx.AsyncClient, verb: str, path: str, status: int
) -> None:
    page = await http.request(verb, path, headers=BROWSER)
    assert (page.status_code, page.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert f"No such Method: {verb} {path}" in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    answer = await http.request(verb, path)
    assert answer.status_code == status
    assert answer.json()["metadata"] == {"code": {404: "PATH_UNKNOWN", 405: "METHOD_NOT_ALLOWED"}[status]}
    assert page.headers.get("allow") == answer.headers.get("allow")


async def test_a_path_cannot_bring_anything_into_the_page(http: httpx.AsyncClient) -> None:
    page = await http.get("/<script>alert(1)</script>", headers=BROWSER)
    assert page.status_code == 404
    assert "<script>alert" not in page.text


async def test_the_path_of_a_proxy_may_be_there_or_not(http: httpx.AsyncClient) -> None:
    for path in ("/help/tasks", "/automation/help/tasks"):
        page = await http.get(path, headers=BROWSER)
        assert (page.status_code, 'href="../">jobyard' in page.text) == (200, True)
    assert (await http.get("/automation/whoami")).json()["username"] == "admin"
    assert (await http.get("/automationx/whoami")).status_code == 404
    document = (await http.get("/automation/help/openapi")).json()
    assert document["servers"] == [{"url": "http://jobyard/automation"}]


@pytest.mark.parametrize("path", ["automation", "/automation/", "/a b", "https://a/"])
def test_a_path_of_a_proxy_that_is_none_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match=r"--root-path .*begins with a slash and does not end with one"):
        Settings(root_path=path)


async def test_the_largest_body_is_a_setting() -> None:
    async for app in opened(Settings(memory=True, open=True, host="jobyard", largest_body=1000)):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://jobyard") as http:
            refused = await http.post("/graphql", content=b" " * 1001, headers={"content-type": "application/json"})
            assert refused.status_code == 413
            message = refused.json()["message"]
            assert message.startswith(
                "The request body is over the limit of 1,000 bytes. Send less at a time, or raise"
            )
