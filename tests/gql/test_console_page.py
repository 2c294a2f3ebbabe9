"""The console's addresses: a page for browsers, and for programs what was there before it."""

from collections.abc import AsyncGenerator

import httpx
import pytest
from jobyard.gql.rest.table import ROUTES
from jobyard.gql.web import build
from jobyard.gql.web.pages import PATHS, POLICY

from ..doors import Doors
from ..parts import require
from .people import People, people

pytestmark = pytest.mark.anyio

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture(autouse=True)
def built() -> None:
    require(build.has_console(), "the console: make setup")


@pytest.fixture
async def found() -> AsyncGenerator[People]:
    async with people() as some:
        yield some


@pytest.mark.parametrize(
    ("path", "base"),
    [("/", "./"), ("/jobs", "./"), ("/jobs/0123", "../"), ("/workflows/a%2Fb", "../"), ("/workflows/a/b", "../../")],
)
async def test_every_address_is_one_page_that_finds_its_files(doors: Doors, path: str, base: str) -> None:
    answer = await doors.http.get(path, headers=BROWSER)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert f'<base href="{base}" />' in answer.text
    script = answer.text.partition('<script type="module" crossorigin src="')[2].partition('"')[0]
    served = await doors.http.get(str(httpx.URL(f"http://jobyard{path}").join(base).join(script)))
    assert (served.status_code, "javascript" in served.headers["content-type"]) == (200, True)


async def test_its_policy_lets_nothing_run_that_is_not_a_file_of_ours(doors: Doors) -> None:
    answer = await doors.http.get("/jobs", headers=BROWSER)
    assert answer.headers["content-security-policy"] == POLICY
    assert "unsafe" not in POLICY
    assert "frame-ancestors 'none'" in POLICY


@pytest.mark.parametrize("path", [path.partition("/{")[0] for path in PATHS])
async def test_a_program_is_answered_as_before(doors: Doors, path: str) -> None:
    for verb in ("GET", "POST"):
        answer = await doors.http.request(verb, path)
        assert answer.status_code == 404
        assert answer.json() == {
            "message": f"No such Method: {verb} {path}",
            "data": None,
            "metadata": {"code": "PATH_UNKNOWN"},
        }
    assert (await doors.http.get("/")).text.count("<a href=") == 4


def test_no_documented_route_is_an_address_of_the_console() -> None:
    firsts = {path.split("/")[1] for path in PATHS}
    clashing = [route.path for route in ROUTES if route.path.split("/")[1] in firsts]
    assert clashing == ["/server/config"]  # beside /server, which has nothing below it


async def test_who_is_not_signed_in_signs_in_where_they_are(found: People) -> None:
    http = found.doors.http
    for path, base in (("/", "./"), ("/jobs/0123", "../")):
        answer = await http.get(path, headers=BROWSER)
        assert answer.status_code == 401
        assert f'<base href="{base}" />' in answer.text
        assert 'src="static/sign_in.js"' in answer.text
    assert (await http.get("/")).status_code == 200
    signed_in = {**BROWSER, "authorization": f"Bearer {found.tokens['member']}"}
    assert 'id="console"' in (await http.get("/jobs/0123", headers=signed_in)).text


async def test_a_server_without_it_has_the_first_page(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "STAMP", build.STAMP.with_name("missing"))
    answer = await doors.http.get("/", headers=BROWSER)
    assert "An open job server" in answer.text
    assert (await doors.http.get("/jobs", headers=BROWSER)).status_code == 404
