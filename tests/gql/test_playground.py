"""The playground in a real browser, with the network closed."""

import os
from pathlib import Path

import httpx
import pytest
from jobyard.gql.web.fetch import is_fetched
from playwright.sync_api import Page, Request, expect, sync_playwright

from ..browser import FLAGS, find_chromium
from ..parts import require
from ..servers import serving

STARTS = 500


@pytest.fixture
def chromium() -> str:
    require(is_fetched(), "the playground's files: make setup")
    return find_chromium()


def choose(page: Page, operation: str) -> None:
    """Run one of the operations, once the page has read that there are several."""
    page.locator(".graphiql-execute-button[aria-haspopup=menu]").click()
    page.get_by_role("menuitem", name=operation).click()


def run_start(page: Page, address: str) -> None:
    """Open the playground and run what it offers first."""
    page.goto(f"{address}/graphql")
    choose(page, "Start")
    expect(page.locator(".graphiql-response")).to_contain_text('"status": "RUNNING"')


def test_the_playground_starts_a_job_without_any_other_host(chromium: str, tmp_path: Path) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    with serving("--memory", "--examples") as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.on("request", note)
        run_start(page, server.address)
        expect(page.locator(".graphiql-response")).to_contain_text('"name": "stringConcat"')
        expect(page.locator(".CodeMirror-lint-mark-error")).to_have_count(0)
        page.screenshot(path=os.environ.get("JOBYARD_SCREENSHOT", tmp_path / "playground.png"))
        browser.close()
    assert [url for url in asked if not url.startswith((server.address, "data:"))] == []
    assert f"{server.address}/static/vendor/graphiql.min.js" in asked


def test_the_playground_follows_jobs_live(chromium: str) -> None:
    with serving("--memory", "--examples") as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(f"{server.address}/graphql")
        choose(page, "Follow")
        # It hears what happens once the server has its subscription: until then each start is told to nobody.
        for _ in range(STARTS):
            body = {"workflow": "Greet a device", "options": {"variables": {"device": "edge-1"}}}
            assert httpx.post(f"{server.address}/operations-manager/jobs/start", json=body).status_code == 200
            if '"status": "RUNNING"' in page.locator(".graphiql-response").inner_text():
                break
        expect(page.locator(".graphiql-response")).to_contain_text('"jobsChanged"')
        browser.close()


def test_a_person_signs_in_on_the_page_that_a_browser_gets(chromium: str) -> None:
    with (
        serving("--memory", "--examples", closed=True, JOBYARD_ADMIN_PASSWORD="the right one") as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        for path in ("/help/rest", "/graphql"):
            page.goto(f"{server.address}{path}")
            expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        for password in ("a wrong one", "the right one"):
            page.get_by_label("Name").fill("admin")
            page.get_by_label("Password").fill(password)
            page.get_by_role("button", name="Sign in").click()
            if password == "a wrong one":
                expect(page.get_by_role("alert")).to_contain_text("Invalid credentials.")
        expect(page.get_by_label("Execute query (Ctrl-Enter)")).to_be_visible()
        run_start(page, server.address)
        browser.close()


def test_a_browser_gets_the_page_and_a_client_gets_json() -> None:
    with serving("--memory") as server:
        page = httpx.get(f"{server.address}/graphql", headers={"accept": "text/html,*/*"})
        assert page.headers["content-type"].startswith("text/html")
        answer = httpx.get(f"{server.address}/graphql", params={"query": "{__typename}"})
        assert answer.json() == {"data": {"__typename": "Query"}}
        mutation = httpx.get(f"{server.address}/graphql", params={"query": "mutation {__typename}"})
        assert mutation.status_code == 400
        assert "mutations are not allowed when using GET" in mutation.json()["errors"][0]["message"]
