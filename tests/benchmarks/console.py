"""The console with much to show, in a real Chromium: `make bench-console`.

Prints how long it takes from the address to what is asked for, and how many frames a second a graph is panned with:
graphs of 1,000 and 5,000 tasks, a job with 10,000 children, a variable of 5 MB, a list of 100,000 jobs (`--jobs` for
more); and how soon a page shows what a second client does. On a machine without a graphics card everything is drawn by
the processor. `python tests/benchmarks/console.py graphs` chooses.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from anyio.from_thread import start_blocking_portal
from jobyard.models.json import JsonObject
from jobyard.resolvers.store.local_mongod import local_mongod
from jobyard.resolvers.store.mongod import find_mongod
from playwright.sync_api import Browser, Page, expect
from pymongo import MongoClient

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.benchmarks.planting import jobs  # noqa: E402
from tests.browser import chromium  # noqa: E402
from tests.documents import chain, task  # noqa: E402
from tests.servers import Server, graphql, import_documents, serving  # noqa: E402

START = "mutation($w: String!, $o: StartJobOptions!) { startJob(workflow: $w, options: $o) { id } }"
LONGEST_SECONDS = {1_000: 3, 5_000: 10}
LEAST_FRAMES = 30
MANY_CHILDREN = 10_000
PATIENCE = 120_000  # milliseconds

# Pans the graph by the mouse wheel for so many milliseconds; the gaps between the frames that came meanwhile.
FRAMES = """
(length) => new Promise((done) => {
  const gaps = [];
  const from = performance.now();
  let last = from;
  function frame(now) {
    gaps.push(now - last);
    last = now;
    if (now - from > length) done(gaps.slice(1));
    else requestAnimationFrame(frame);
  }
  requestAnimationFrame(frame);
})
"""


def forked(name: str, count: int, *, drawn: bool) -> JsonObject:
    """Rows of five tasks side by side, each leading to the same place of the next row, some to its neighbour."""
    chance = random.Random(1)
    tasks = {f"{0x100 + number:x}": task("newVariable", name=f"v{number}", value=number) for number in range(count)}
    ids = list(tasks)
    transitions: dict[str, Any] = {id: {} for id in ids}
    on = {"type": "standard", "state": "success"}
    for number, id in enumerate(ids):
        for next_ in (number + 5, number + 6 if chance.random() < 0.2 else count):
            if next_ < count:
                transitions[id][ids[next_]] = on
        if number + 5 >= count:
            transitions[id]["workflow_end"] = on
    if drawn:
        for number, one in enumerate(tasks.values()):
            one["nodeLocation"] = {"x": 300 * (number // 5), "y": 120 * (number % 5)}
    whole = chain(name, **tasks)
    whole["transitions"] = {"workflow_start": dict.fromkeys(ids[:5], on), **transitions, "workflow_end": {}}
    if drawn:
        whole["tasks"]["workflow_start"]["nodeLocation"] = {"x": -300, "y": 240}
        whole["tasks"]["workflow_end"]["nodeLocation"] = {"x": 300 * (count // 5 + 1), "y": 240}
    return whole


def timed(page: Page, address: str, there: Callable[[], None]) -> float:
    page.goto("about:blank")
    began = time.perf_counter()
    page.goto(address)
    there()
    return time.perf_counter() - began


def pan(page: Page, seconds: float = 4) -> list[float]:
    """The gaps between frames, in milliseconds, while somebody drags the canvas about."""
    box = page.locator(".react-flow__pane").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.97
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(f"window.gaps = ({FRAMES})({seconds * 1000})")
    until = time.perf_counter() + seconds
    step = 0
    while time.perf_counter() < until:
        step += 1
        page.mouse.move(x - 8 * (step % 80), y - 2 * (step % 80))
    page.mouse.up()
    return page.evaluate("window.gaps")


# The middle of a task that nothing covers, once the page has seen the end of the pan: many of those that are drawn lie
# outside of the canvas.
UNCOVERED = """
async () => {
  for (let frame = 0; frame < 10; frame++) await new Promise(requestAnimationFrame);
  for (const node of document.querySelectorAll(".node")) {
    const box = node.getBoundingClientRect();
    const middle = [box.x + box.width / 2, box.y + box.height / 2];
    if (node.contains(document.elementFromPoint(...middle))) return middle;
  }
}
"""


def graphs(browser: Browser, server: Server, _: str) -> None:
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    for count, longest in LONGEST_SECONDS.items():
        for drawn in (False, True):
            name = f"{count} tasks, {'drawn by their author' if drawn else 'laid out'}"
            import_documents(server, forked(name, count, drawn=drawn))
            id = graphql(server, START, w=name, o={"variables": {}})["startJob"]["id"]
            for what, path in (("workflow", f"/workflows/{name}"), ("job", f"/jobs/{id}")):
                first = page.locator(".node").first
                seconds = timed(page, server.address + path, lambda first=first: first.wait_for(timeout=PATIENCE))
                gaps = sorted(pan(page))
                mean, slow = sum(gaps) / len(gaps), gaps[int(len(gaps) * 0.95)]
                print(
                    f"{what} of {name}: {seconds:.1f} s (at most {longest}); panned at {1000 / mean:.0f} frames/s "
                    f"(at least {LEAST_FRAMES}), of 20 frames 19 within {slow:.0f} ms",
                    flush=True,
                )
                began = time.perf_counter()
                page.mouse.click(*page.evaluate(UNCOVERED))
                page.get_by_role("complementary").wait_for()
                print(f"  a click opens the drawer in {time.perf_counter() - began:.2f} s", flush=True)
    page.close()


ASK = {**task("ViewData", header="h", message="m", body="b"), "type": "manual"}
FINISH = "mutation($id: ID!, $t: ID!) { finishTask(jobId: $id, taskId: $t, finishState: SUCCESS) { id } }"
HISTORY = "query($id: ID!, $n: Int!) { job(id: $id) { history(last: $n) { events { at tasks { task status } } } } }"
STARTED_AT = "query($ids: [ID!]) { jobs(filter: {ids: $ids}, first: 1000) { nodes { metrics { startTime } } } }"
STARTED = 200
AT_ONCE = 8
FINISHED = 40
# When the page shows what, in milliseconds since the epoch, by the text of what is watched.
WATCH = """
(selector) => {
  window.seen = [];
  new MutationObserver(() => {
    for (const one of document.querySelectorAll(selector)) window.seen.push([Date.now(), one.textContent]);
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}
"""


def moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp() * 1000


def told(what: str, delays: list[float]) -> None:
    delays.sort()
    middle, late = delays[len(delays) // 2], delays[int(len(delays) * 0.95)]
    print(f"{what}: {len(delays)} changes, half within {middle:.0f} ms, p95 {late:.0f} ms (at most 300)", flush=True)


def delays_of(page: Page, moments: list[float], before: int = 0) -> list[float]:
    """How long after each moment the watched text began with a number that counts it."""
    seen = [(at, int(text.split()[0])) for at, text in page.evaluate("window.seen")]
    return [next(at for at, count in seen if count > rank) - one for rank, one in enumerate(moments, before)]


def live(browser: Browser, server: Server, _: str) -> None:
    """From the moment that an event is stored until the page has changed, while a second client is at work."""
    ids = [f"{0x10 + number:x}" for number in range(FINISHED)]
    import_documents(server, chain("Ask often", **dict.fromkeys(ids, ASK)), chain("Brief"))
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.goto(f"{server.address}/jobs?name=Brief")
    page.get_by_text("No job fits").wait_for()
    page.wait_for_timeout(8000)  # it hears what happens once the server has its subscription
    page.evaluate(WATCH, ".news")
    with ThreadPoolExecutor(AT_ONCE) as clients:
        body: JsonObject = {"variables": {}}
        new = list(clients.map(lambda _: graphql(server, START, w="Brief", o=body)["startJob"]["id"], range(STARTED)))
    page.get_by_role("button", name=f"{STARTED} new jobs").wait_for()
    started = graphql(server, STARTED_AT, ids=new)["jobs"]["nodes"]
    told("table", delays_of(page, sorted(one["metrics"]["startTime"] for one in started)))

    id = graphql(server, START, w="Ask often", o={"variables": {}})["startJob"]["id"]
    page.goto(f"{server.address}/jobs/{id}")
    page.locator(".node").first.wait_for()
    page.wait_for_timeout(8000)
    page.evaluate(WATCH, ".graph .state.of-complete")
    for one in ids:
        graphql(server, FINISH, id=id, t=one)
    page.locator(".job-head .state", has_text="Complete").wait_for()
    events = graphql(server, HISTORY, id=id, n=200)["job"]["history"]["events"]
    done = {
        one["task"]: moment(event["at"]) for event in events for one in event["tasks"] if one["status"] == "COMPLETE"
    }
    told("open job", delays_of(page, sorted(at for task, at in done.items() if task in ids), 1))
    page.close()


def values(browser: Browser, server: Server, _: str) -> None:
    """A variable of 5 MB is shown folded, and the page answers."""
    import_documents(server, chain("Large value"))
    big = {"lines": [f"line {number} {'x' * 90}" for number in range(50_000)]}
    id = graphql(server, START, w="Large value", o={"variables": {"big": big}})["startJob"]["id"]
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    there = page.get_by_text("big:").first
    print(f"variable of 5 MB: {timed(page, f'{server.address}/jobs/{id}?tab=variables', there.wait_for):.1f} s")
    began = time.perf_counter()
    page.get_by_role("link", name="Tasks", exact=True).click()
    page.get_by_role("cell", name="workflow_start", exact=True).first.wait_for()
    print(f"  another tab after that in {time.perf_counter() - began:.2f} s", flush=True)
    page.close()


BATCH = 5_000
# Filters of the list, as the address has them.
FILTERS = {
    "": "of all",
    "text=ticket": "a word that nearly all have",
    "text=hours": "a word that one in 5,000 has",
    "name=router": "a part of a name that one in eight has",
    "tag=core": "a tag of every third",
    "roots=1": "without child jobs",
    "var=device:edge-7": "a variable of one in 1,000",
}


def plant(uri: str, count: int) -> str:
    """So many jobs, and the id of one that is the parent of MANY_CHILDREN of them."""
    documents = MongoClient[JsonObject](uri)["jobyard"]["jobs"]
    many, parent = jobs(count), ""
    while batch := list(islice(many, BATCH)):
        parent = parent or batch[0]["_id"]
        planted = documents.estimated_document_count()
        for number, one in enumerate(batch, planted):
            if 0 < number <= MANY_CHILDREN:
                one["parent"] = {"job": parent, "task": "a", "iteration": 1, "element": 0}
                one["ancestors"] = [parent, one["_id"]]
        documents.insert_many(batch, ordered=False)
    return parent


def lists(browser: Browser, server: Server, uri: str, count: int) -> None:
    """A job with 10,000 children, and the first pages of many jobs."""
    parent = plant(uri, count)
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    row = page.get_by_role("row").nth(40)
    counted = page.get_by_text("…", exact=True)
    for search, what in FILTERS.items():
        seconds = timed(page, f"{server.address}/jobs?{search}", row.wait_for)
        began = time.perf_counter()
        expect(counted).to_have_count(0)
        later = time.perf_counter() - began
        print(f"first page of {count:,} jobs, {what}: {seconds:.1f} s, counts {later:.1f} s later", flush=True)
        if search in ("", "text=ticket"):
            for number in range(1, 6):
                began = time.perf_counter()
                page.get_by_role("button", name="Show 50 more").click()
                page.locator("tbody").nth(number).get_by_role("row").nth(40).wait_for(state="attached")
                print(f"  the next page in {time.perf_counter() - began:.2f} s", flush=True)
    address = f"{server.address}/jobs/{parent}?tab=children"
    print(f"first of {MANY_CHILDREN:,} children: {timed(page, address, row.wait_for):.1f} s", flush=True)
    page.close()


SECTIONS = {"live": live, "values": values, "graphs": graphs}


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench-console", description=__doc__)
    parser.add_argument("sections", nargs="*", choices=[*SECTIONS, "lists", []], help="all, where none is named")
    parser.add_argument("--jobs", type=int, default=100_000, help="of the list")
    options = parser.parse_args()
    sections: list[str] = options.sections or [*SECTIONS, "lists"]
    binary = find_mongod()
    assert binary, "a mongod: pip install jobyard[mongod]"
    with (
        tempfile.TemporaryDirectory() as data,
        chromium() as browser,
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(local_mongod(binary, Path(data))) as uri,
    ):
        expect.set_options(timeout=PATIENCE)
        with serving(MONGODB_URI=uri) as server:
            for name in sections:
                if name == "lists":
                    lists(browser, server, uri, options.jobs)
                else:
                    SECTIONS[name](browser, server, uri)


if __name__ == "__main__":
    main()
