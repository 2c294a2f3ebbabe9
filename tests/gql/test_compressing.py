"""Answers are compressed where that tells nobody what is in them; files are kept by browsers."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx
import pytest
from jobyard.gql.http import static_files
from jobyard.gql.http.static_files import IMMUTABLE, CompressedFiles

from ..documents import chain
from ..parts import ROOT
from ..servers import Server, graphql, import_documents, serving
from .people import people

pytestmark = pytest.mark.anyio

ALL = {"query": "{ __schema { types { name description fields { name description } } } }"}
STREAMS = ("text/event-stream", "multipart/mixed;subscriptionSpec=1.0, application/json")


@pytest.fixture(scope="module")
def server() -> Generator[Server]:
    with serving("--memory") as one:
        import_documents(one, chain("w"))
        yield one


async def encodings(**sent: Any) -> list[str | None]:
    """Of the answers to an administrator who shows the token in each way, and whether a page of ours asks."""
    async with people() as found:
        token = found.tokens["admin"]
        ways: list[dict[str, Any]] = [
            {"headers": {"authorization": f"Bearer {token}"}},
            {"params": {"token": token}},
            {"headers": {"cookie": f"token={token}"}},
            {"auth": ("admin", "the password of admin")},
        ]
        answers = []
        for way in ways:
            headers = {"accept-encoding": "gzip", **way.pop("headers", {}), **sent}
            answers.append(await found.doors.http.post("/graphql", json=ALL, headers=headers, **way))
        for answer in answers:
            assert len(answer.json()["data"]["__schema"]["types"]) > 100
        return [answer.headers.get("content-encoding") for answer in answers]


async def test_who_shows_a_token_gets_compressed_answers() -> None:
    assert await encodings() == ["gzip", "gzip", None, None]


async def test_what_a_browser_adds_by_itself_gets_them_for_our_own_pages_alone() -> None:
    assert await encodings(**{"sec-fetch-site": "same-origin"}) == ["gzip", "gzip", "gzip", "gzip"]
    async with people() as found:
        headers = {"cookie": f"token={found.tokens['admin']}", "accept-encoding": "gzip"}
        for site in ("cross-site", "same-site", "none"):
            answer = await found.doors.http.get("/graphql", params=ALL, headers={**headers, "sec-fetch-site": site})
            assert answer.status_code == 200
            assert "content-encoding" not in answer.headers


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip", "gzip"),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", "gzip"),
        ("*", None),
        ("gzip;q=0", None),
        ("gzip; q=0.0, *", None),
        ("identity", None),
        ("", None),
        ("gzip;q=x", None),
    ],
)
async def test_who_takes_no_gzip_gets_none(accepted: str, encoding: str | None) -> None:
    assert (await encodings(**{"accept-encoding": accepted}))[0] == encoding


async def test_an_answer_over_rest_is_compressed_and_a_small_one_is_not() -> None:
    async with people() as found:
        headers = {"authorization": f"Bearer {found.tokens['admin']}", "accept-encoding": "gzip"}
        answer = await found.doors.http.get("/help/openapi", headers=headers)
        assert answer.headers["content-encoding"] == "gzip"
        assert "accept-encoding" in answer.headers["vary"].lower()
        small = await found.doors.http.post("/graphql", json={"query": "{ __typename }"}, headers=headers)
        assert "content-encoding" not in small.headers


@pytest.mark.parametrize("accept", STREAMS)
def test_what_streams_comes_as_it_happens_and_is_not_compressed(server: Server, accept: str) -> None:
    """The first event of a job that is there already arrives while the stream is open."""
    job = graphql(server, 'mutation { startJob(workflow: "w", options: {}) { id } }')["startJob"]["id"]
    asked = {"query": "subscription { jobsChanged { number } }"}
    headers = {"accept": accept, "accept-encoding": "gzip", "sec-fetch-site": "same-origin"}
    followed = {"query": f'subscription {{ jobChanged(id: "{job}") {{ status }} }}'}
    with httpx.stream("POST", f"{server.address}/graphql", json=followed, headers=headers, timeout=30) as answer:
        assert "content-encoding" not in answer.headers
        assert "COMPLETE" in "".join(answer.iter_text())
    if accept == STREAMS[1]:
        with httpx.stream("POST", f"{server.address}/graphql", json=asked, headers=headers, timeout=30) as answer:
            assert next(answer.iter_text()).startswith("--graphql")  # though nothing happens


def test_a_file_is_compressed_once_and_asked_for_with_its_etag(server: Server) -> None:
    url = f"{server.address}/static/vendor/graphiql.min.js"
    original = (ROOT / "gql/static/vendor/graphiql.min.js").read_bytes()
    plain = httpx.get(url, headers={"accept-encoding": "identity"})
    packed = httpx.get(url, headers={"accept-encoding": "gzip"})
    assert plain.content == packed.content == original
    assert int(packed.headers["content-length"]) < len(original) / 2
    assert plain.headers["etag"] != packed.headers["etag"]
    for answer, accepted in ((plain, "identity"), (packed, "gzip")):
        assert answer.headers["cache-control"] == "no-cache"
        assert "accept-encoding" in answer.headers["vary"]
        same = {"if-none-match": answer.headers["etag"], "accept-encoding": accepted}
        unchanged = httpx.get(url, headers=same)
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        assert unchanged.headers["cache-control"] == "no-cache"
        assert httpx.get(url, headers={**same, "if-none-match": '"other"'}).status_code == 200
    part = httpx.get(url, headers={"accept-encoding": "gzip", "range": "bytes=0-9"})
    assert (part.status_code, part.content) == (206, original[:10])
    head = httpx.head(url, headers={"accept-encoding": "gzip"})
    assert (head.status_code, head.content) == (200, b"")


async def test_files_whose_names_are_of_their_contents_are_kept_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(static_files, "ASSETS", tmp_path / "console" / "assets")
    (tmp_path / "console" / "assets").mkdir(parents=True)
    (tmp_path / "console" / "assets" / "index-1a2b.js").write_text("let a = 1;\n" * 1000)
    (tmp_path / "console" / "index.html").write_text("<p>" * 1000)
    transport = httpx.ASGITransport(app=CompressedFiles(tmp_path))
    async with httpx.AsyncClient(transport=transport, base_url="http://jobyard") as browser:
        assert (await browser.get("/console/assets/index-1a2b.js")).headers["cache-control"] == IMMUTABLE
        assert (await browser.get("/console/index.html")).headers["cache-control"] == "no-cache"
        (tmp_path / "console" / "index.html").write_text("<b>" * 2000)  # as an upgrade does
        assert (await browser.get("/console/index.html")).text == "<b>" * 2000
