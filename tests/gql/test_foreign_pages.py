"""A page of another site, and what authors and strangers write, in a real browser: nothing of it does anything."""

import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from jobyard.gql.web.build import has_console
from jobyard.gql.web.fetch import is_fetched
from playwright.sync_api import Browser, expect

from ..browser import Watched, chromium
from ..documents import chain, task
from ..parts import require
from ..servers import graphql, import_documents, serving

CANARY = '<img src=x onerror="top.canary=1"><script>top.canary=1</script>'
START = "mutation($w: String!) { startJob(workflow: $w, options: {}) { id } }"
WORKFLOW = chain("greet", a1=task("newVariable", name="n", value=1))

# What a page may do without leave: simple requests, a form, a frame, a socket. It notes what it could read.
PAGE = """<!doctype html><title>elsewhere</title>
<iframe id=frame src="SERVER/"></iframe><iframe id=playground src="SERVER/graphql"></iframe><iframe name=hole></iframe>
<form id=form method=post enctype=text/plain target=hole action="SERVER/graphql"><input name='BODY' value=''></form>
<form id=route method=post target=hole action="SERVER/operations-manager/jobs/start">
<input name=workflow value=greet></form>
<script>
window.read = [];
async function attempt(name, work) {
  try { const found = await work(); if (found) window.read.push([name, String(found).slice(0, 200)]); } catch {}
}
const body = JSON.stringify({query: 'mutation { startJob(workflow: "greet", options: {}) { id } }'});
const address = "SERVER/graphql", start = "SERVER/operations-manager/jobs/start";
const ask = async (url, options) => (await fetch(url, {credentials: "include", ...options})).text();
const get = "?query=" + encodeURIComponent('mutation { startJob(workflow: "greet", options: {}) { id } }');
async function all() {
  for (const type of ["application/json", "text/plain", "application/x-www-form-urlencoded"])
    for (const mode of ["cors", "no-cors"])
      for (const [url, text] of [[address, body], [start, '{"workflow": "greet", "options": {}}']])
        await attempt(type + mode, () => ask(url, {method: "POST", mode, body: text, headers: {"content-type": type}}));
  const parts = new FormData();
  parts.append("operations", body);
  parts.append("map", "{}");
  await attempt("multipart", () => ask(address, {method: "POST", mode: "no-cors", body: parts}));
  await attempt("beacon", () => navigator.sendBeacon(address, body) && "");
  for (const mode of ["cors", "no-cors"]) {
    await attempt("get", () => ask(address + get, {mode}));
    await attempt("jobs", () => ask("SERVER/operations-manager/jobs", {mode}));
  }
  await attempt("script", () => new Promise((resolve) => {
    const one = document.createElement("script");
    one.src = "SERVER/operations-manager/jobs";
    one.onload = one.onerror = () => resolve("");
    document.head.append(one);
  }));
  await attempt("socket", () => new Promise((resolve) => {
    const one = new WebSocket("SERVER/graphql".replace("http", "ws"), "graphql-transport-ws");
    one.onopen = () => one.send('{"type":"connection_init"}');
    one.onmessage = (event) => resolve(event.data);
    one.onclose = one.onerror = () => resolve("");
  }));
  for (const id of ["frame", "playground"])
    await attempt(id, () => document.getElementById(id).contentWindow.document.body.innerText);
  for (const id of ["form", "route"]) {
    const hole = document.getElementsByName("hole")[0];
    const loaded = new Promise((resolve) => { hole.onload = resolve; setTimeout(resolve, 5000); });
    document.getElementById(id).submit();
    await loaded;
    await attempt(id, () => hole.contentWindow.document.body.innerText);
  }
}
all().then(() => { document.title = "done"; });
</script>"""


@pytest.fixture(scope="module")
def browser() -> Generator[Browser]:
    require(has_console() and is_fetched(), "the console and the playground: make setup")
    with chromium() as found:
        yield found


@contextmanager
def elsewhere(page: str) -> Generator[str]:
    """The address of another site, which is this page and nothing else."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = page.encode()
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    site = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=site.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{site.server_address[1]}"
    finally:
        site.shutdown()
        thread.join(10)
        site.server_close()


def attack(server: str) -> str:
    body = json.dumps({"query": 'mutation { startJob(workflow: "greet", options: {}) { id } }', "x": ""})
    head, _, tail = body.rpartition('""')
    return PAGE.replace("BODY", f'{head}"').replace("value=''", f"value='\"{tail}'").replace("SERVER", server)


@pytest.mark.timeout(180)
@pytest.mark.parametrize("closed", [False, True])
def test_a_page_of_another_site_starts_nothing_and_reads_nothing(browser: Browser, *, closed: bool) -> None:
    password = "a password for the tests"
    with serving("--memory", closed=closed, JOBYARD_ADMIN_PASSWORD=password) as server:
        login = {"username": "admin", "password": password}
        token = httpx.post(f"{server.address}/login", json=login).text if closed else ""
        mine = httpx.Client(base_url=server.address, headers={"authorization": f"Bearer {token}"} if closed else {})
        query = "mutation($d: [JSON!]!) { importWorkflows(documents: $d) { skipped { reason } } }"
        imported = mine.post("/graphql", json={"query": query, "variables": {"d": [WORKFLOW]}}).json()
        assert imported == {"data": {"importWorkflows": {"skipped": []}}}
        context = browser.new_context()
        if closed:  # as a browser that is signed in
            context.add_cookies([{"name": "token", "value": token, "url": server.address, "sameSite": "Lax"}])
        page = context.new_page()
        with elsewhere(attack(server.address)) as site:
            page.goto(site)
            expect(page).to_have_title("done", timeout=90_000)
            assert page.evaluate("window.read") == []
        found = mine.post("/graphql", json={"query": "{ jobs { totalCount } }"}).json()
        assert found == {"data": {"jobs": {"totalCount": 0}}}
        context.close()
        mine.close()


@pytest.mark.timeout(180)
def test_error_texts_of_authors_are_text_on_every_page(browser: Browser) -> None:
    with serving("--memory") as server:
        failing = {**task("stringLength", str=[CANARY]), "summary": CANARY}
        named = task(
            "childJob", task="", workflow=CANARY + "?", variables={}, data_array="", transformation="", loopType=""
        )
        documents = [chain(f"fails {CANARY}", a1=failing), chain(f"names {CANARY}", a1=named)]
        import_documents(server, *documents)
        ids = [graphql(server, START, w=one["name"])["startJob"]["id"] for one in documents]
        context = browser.new_context(viewport={"width": 1400, "height": 900})
        watched = Watched(context.new_page())
        page = watched.page
        for id in ids:
            for path in (f"/jobs/{id}", f"/jobs/{id}?tab=history", f"/jobs/{id}?task=a1", "/jobs?status=error"):
                page.goto(f"{server.address}{path}")
                expect(page.get_by_text("onerror").first).to_be_visible()
                expect(page.get_by_text("Loading")).to_have_count(0)
                assert page.evaluate("window.canary") is None, path
        # What is in an address: of the console, the playground, the help, and what there is not.
        for path in ("/jobs/", "/jobs?text=", "/graphql?query=", "/help/rest?", "/help/tasks?", "/nothing/", "/?next="):
            page.goto(f"{server.address}{path}{quote(CANARY)}")
            assert page.evaluate("window.canary") is None, path
            assert page.locator("img[src=x]").count() == 0, path
        assert [one for one in watched.asked if not one.startswith((server.address, "data:", "blob:"))] == []
        assert [one for one in watched.complaints if "Content Security Policy" in one and "script" in one] == []
        context.close()


@pytest.mark.timeout(180)
def test_an_answer_with_markup_is_text_in_the_playground(browser: Browser) -> None:
    with serving("--memory") as server:
        import_documents(server, {**WORKFLOW, "name": CANARY, "description": CANARY})
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        watched = Watched(context.new_page())
        page = watched.page
        page.goto(f"{server.address}/graphql")
        page.locator(".graphiql-execute-button[aria-haspopup=menu]").click()
        page.get_by_role("menuitem", name="Workflows").click()
        expect(page.locator(".graphiql-response")).to_contain_text("onerror")
        assert page.evaluate("window.canary") is None
        assert page.locator(".graphiql-response img").count() == 0
        context.close()


@pytest.mark.timeout(180)
def test_the_sign_in_page_shows_what_was_typed_and_sent_as_text(browser: Browser) -> None:
    with serving("--memory", closed=True, JOBYARD_ADMIN_PASSWORD="a password for the tests") as server:
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        watched = Watched(context.new_page())
        page = watched.page
        for path in (f"/jobs/{quote(CANARY, safe='')}", f"/?next=//evil.example/{quote(CANARY)}", "/graphql"):
            page.goto(f"{server.address}{path}")
            page.get_by_label("Name").fill(CANARY)
            page.get_by_label("Password").fill(CANARY)
            page.get_by_role("button", name="Sign in").click()
            expect(page.get_by_role("alert")).to_be_visible()
            assert page.evaluate("window.canary") is None
            assert page.locator("img[src=x]").count() == 0
            assert page.url.startswith(server.address)
        assert [one for one in watched.asked if not one.startswith((server.address, "data:"))] == []
        context.close()
