"""The picture of a job in README.md and docs/console.md: `make screenshot` makes it anew, in a real Chromium."""

import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from .browser import chromium
from .documents import task
from .parts import ROOT
from .servers import graphql, import_documents, serving

PICTURE = ROOT / "docs" / "console.png"
START = "mutation($w: String!, $o: StartJobOptions!) { startJob(workflow: $w, options: $o) { id } }"
BODY = """## Upgrade of edge-7

| | now | then |
|---|---|---|
| release | 17.9.4 | 17.12.1 |
| reload | | 6 min |

The three neighbours **passed** their checks."""


def titled(summary: str, method: str = "newVariable", /, **incoming: Any) -> dict[str, Any]:
    return {**task(method, **(incoming or {"name": "done", "value": True})), "summary": summary}


ASK = {
    **titled(
        "Approve the change",
        "ViewData",
        header="Shall edge-7 be upgraded?",
        message="Its traffic goes through edge-8 meanwhile.",
        body=BODY,
        variables={},
        btn_success="Upgrade it",
        btn_failure="Not tonight",
    ),
    "type": "manual",
}
CHECKS = titled(
    "Check the neighbours",
    "childJob",
    task="",
    workflow="Check a device",
    variables={},
    data_array=[{"device": f"edge-{number}"} for number in (6, 8, 9)],
    transformation="",
    loopType="parallel",
)
TASKS = {
    "a1": titled("Read the release"),
    "b1": CHECKS,
    "c1": titled("Back up the configuration"),
    "d1": ASK,
    "e1": titled("Install the release"),
    "f1": titled("Put it back"),
    "a2": titled("Close the ticket"),
}
SUCCESS, FAILURE = ({"type": "standard", "state": state} for state in ("success", "failure"))
TRANSITIONS: dict[str, Any] = {
    "workflow_start": {"a1": SUCCESS},
    "a1": {"b1": SUCCESS, "c1": SUCCESS},
    "b1": {"d1": SUCCESS},
    "c1": {"d1": SUCCESS},
    "d1": {"e1": SUCCESS, "a2": FAILURE},
    "e1": {"a2": SUCCESS, "f1": {"type": "standard", "state": "error"}},
    "f1": {"a2": SUCCESS},
    "a2": {"workflow_end": SUCCESS},
    "workflow_end": {},
}
PLACES = {
    "workflow_start": (0, 0), "a1": (0, 110), "b1": (-150, 220), "c1": (150, 220), "d1": (0, 330), "e1": (-150, 440),
    "f1": (-150, 550), "a2": (150, 550), "workflow_end": (150, 660),
}  # fmt: skip


def workflow(name: str, tasks: dict[str, Any], transitions: dict[str, Any]) -> dict[str, Any]:
    ends = {id: {"name": id} for id in ("workflow_start", "workflow_end")}
    every = {"workflow_start": ends["workflow_start"], **tasks, "workflow_end": ends["workflow_end"]}
    for id, one in every.items():
        if id in PLACES and name != "Check a device":
            one["nodeLocation"] = dict(zip(("x", "y"), PLACES[id], strict=True))
    return {
        "name": name,
        "type": "automation",
        "canvasVersion": 3,
        "font_size": 12,
        "groups": [],
        "tags": [],
        "tasks": every,
        "transitions": transitions,
    }


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURE
    check = workflow(
        "Check a device",
        {"a1": titled("Ping it")},
        {"workflow_start": {"a1": SUCCESS}, "a1": {"workflow_end": SUCCESS}, "workflow_end": {}},
    )
    with chromium() as browser, serving("--memory") as server:
        import_documents(server, check, workflow("Upgrade a device", TASKS, TRANSITIONS))
        options = {"variables": {"device": "edge-7"}, "description": "edge-7 to 17.12.1, change 4711"}
        id = graphql(server, START, w="Upgrade a device", o=options)["startJob"]["id"]
        page = browser.new_page(viewport={"width": 1400, "height": 860}, color_scheme="light")
        page.goto(f"{server.address}/jobs/{id}?task=d1")
        expect(page.locator(".why")).to_have_text("waits for a person: Approve the change")
        expect(page.get_by_role("button", name="Child jobs: 3 complete")).to_be_visible()
        expect(page.frame_locator("iframe.shown").get_by_role("heading")).to_be_visible()
        page.screenshot(path=path)


if __name__ == "__main__":
    main()
