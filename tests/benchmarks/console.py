"""The console with much to show, in a real Chromium: `make bench-console`.

Prints how long it takes from the address to what is asked for, and how many frames a second a graph is panned with:
graphs of 1,000 and 5,000 tasks, a job with 10,000 children, a variable of 5 MB, a list of 100,000 jobs. On a machine
without a graphics card everything is drawn by the processor. `python tests/benchmarks/console.py graphs` chooses.
"""

import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jobyard.models.json import JsonObject
from playwright.sync_api import Browser, Page, expect

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests.browser import chromium  # noqa: E402
from tests.documents import chain, task  # noqa: E402
from tests.servers import Server, graphql, import_documents, serving  # noqa: E402

START = "mutation($w: String!, $o: StartJobOptions!) { startJob(workflow: $w, options: $o) { id } }"
LONGEST_SECONDS = {1_000: 3, 5_000: 10}
LEAST_FRAMES = 30
MANY_JOBS = 100_000
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


def graphs(browser: Browser, server: Server, _: Any) -> None:
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
                page.locator(".node:visible").first.click(force=True)
                page.get_by_role("complementary").wait_for()
                print(f"  a click opens the drawer in {time.perf_counter() - began:.2f} s", flush=True)
    page.close()


SECTIONS = {"graphs": graphs}


def main(wanted: list[str]) -> None:
    if os.environ.get("JOBYARD_SCREENSHOTS"):
        Path(os.environ["JOBYARD_SCREENSHOTS"]).mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as data, chromium() as browser:
        expect.set_options(timeout=PATIENCE)
        with serving("--data", data) as server:
            for name in wanted or SECTIONS:
                SECTIONS[name](browser, server, data)


if __name__ == "__main__":
    main(sys.argv[1:])
