"""The built-in tasks, as the query and the page tell of them."""

import re
from html.parser import HTMLParser

import pytest
from jobyard.gql.web.pages import tasks_page
from jobyard.models.engine.outcomes import Finish
from jobyard.resolvers.builtin_tasks.registry import BUILT_IN
from jobyard.resolvers.builtin_tasks.task import BuiltInTask

from ..doors import Doors

pytestmark = pytest.mark.anyio

CATALOGUE = """
query($app: String, $name: String) {
  taskCatalogue(app: $app, name: $name) {
    app name location type actor description incoming { name meaning } outgoing moreOutgoing
  }
}
"""


async def test_one_task_tells_all_that_is_declared(doors: Doors) -> None:
    answer = await doors.graphql(CATALOGUE, app="WorkFlowEngine", name="join")
    assert answer == {
        "data": {
            "taskCatalogue": [
                {
                    "app": "WorkFlowEngine",
                    "name": "join",
                    "location": "APPLICATION",
                    "type": "AUTOMATIC",
                    "actor": "Pronghorn",
                    "description": "Join the elements with a separator; null is nothing, an object is "
                    '"[object Object]".',
                    "incoming": [
                        {"name": "arr", "meaning": "array"},
                        {"name": "separator", "meaning": "string: a comma when it is left out"},
                    ],
                    "outgoing": ["joinedElements"],
                    "moreOutgoing": False,
                }
            ]
        }
    }


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("transformation", {"type": "OPERATION", "actor": "Pronghorn", "outgoing": [], "moreOutgoing": True}),
        ("childJob", {"type": "OPERATION", "actor": "job", "outgoing": ["job_details"], "moreOutgoing": False}),
        ("ViewData", {"type": "MANUAL", "actor": None, "outgoing": [], "moreOutgoing": False}),
    ],
)
async def test_who_does_a_task(doors: Doors, name: str, told: dict[str, object]) -> None:
    (task,) = (await doors.graphql(CATALOGUE, name=name))["data"]["taskCatalogue"]
    assert {key: task[key] for key in told} == told


async def test_all_tasks_come_by_application_and_name(doors: Doors) -> None:
    listed = (await doors.graphql(CATALOGUE))["data"]["taskCatalogue"]
    names = [(task["app"], task["name"]) for task in listed]
    assert set(names) == set(BUILT_IN)
    assert names == sorted(names, key=lambda one: (one[0], one[1].lower()))
    assert max(len(task["incoming"]) for task in listed) <= 20


@pytest.mark.parametrize("asked", [{"app": "Nobody"}, {"name": "JOIN"}, {"app": "MOP", "name": "join"}])
async def test_an_unknown_task_is_no_error(doors: Doors, asked: dict[str, str]) -> None:
    assert await doors.graphql(CATALOGUE, **asked) == {"data": {"taskCatalogue": []}}


class Page(HTMLParser):
    """The ids and links of a page, and whether every element that was opened was closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.handle_startendtag(tag, attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [given[key] or "" for key in ("href", "src") if key in given]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


async def test_the_page_shows_every_task_and_loads_nothing_of_others(doors: Doors) -> None:
    answer = await doors.http.get("/help/tasks")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = (
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'unsafe-inline'; img-src data:; "
        "frame-ancestors 'none'"
    )
    assert answer.headers["content-security-policy"] == policy
    page = Page(answer.text)
    assert page.open == []
    assert set(page.ids) == {f"{app}.{name}" for app, name in BUILT_IN}
    assert len(page.ids) == len(BUILT_IN)
    assert [link for link in page.links if not link.startswith("#")] == ["data:,", "../"]
    assert {link.removeprefix("#") for link in page.links if link.startswith("#")} == set(page.ids)


async def test_the_page_tells_what_a_task_does_and_takes(doors: Doors) -> None:
    page = (await doors.http.get("/help/tasks/")).text
    article = re.search(r'<article id="WorkFlowEngine.makeData">.*?</article>', page, re.DOTALL)
    assert article is not None
    assert article[0] == (
        '<article id="WorkFlowEngine.makeData"><h3>makeData</h3><small>automatic</small>'
        "<p>Fill the <code>&lt;!name!&gt;</code> of a text from variables and read it as string, json, number or "
        "boolean.</p><dl><dt>incoming</dt><dd><code>input</code> string: the text with its &lt;!name!&gt;</dd>"
        "<dd><code>outputType</code> string: string, json, number or boolean</dd>"
        "<dd><code>variables</code> object: what stands for each name</dd>"
        "<dt>outgoing</dt><dd><code>output</code></dd></dl></article>"
    )


def test_nothing_that_is_declared_becomes_markup() -> None:
    markup = "<script>\"'&`<b>`${tasks}"
    task = BuiltInTask(
        app=markup,
        name=markup,
        incoming=(markup,),
        outgoing=(markup,),
        function=lambda call: Finish("success"),
        description=markup,
        meanings={markup: markup},
    )
    page = tasks_page([task])
    assert "<script" not in page
    assert "<b>" not in page
    assert Page(page).ids == [f"{markup}.{markup}"]


async def test_the_first_page_leads_to_every_other(doors: Doors) -> None:
    page = (await doors.http.get("/")).text
    for link in re.findall(r'href="([a-z/]+)"', page):
        answer = await doors.http.get(f"/{link}", headers={"accept": "text/html"})
        assert answer.status_code == 200, link
    assert len(re.findall(r'href="([a-z/]+)"', page)) == 3
