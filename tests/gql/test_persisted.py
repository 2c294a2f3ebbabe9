"""Operations by the hash of their text, as Apollo's link asks for them; and servers that run trusted ones alone."""

import json
import re
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from jobyard.gql.cli import commands, operations
from jobyard.gql.execution.own_documents import own_texts
from jobyard.gql.execution.persisted import OperationText, Persisted
from jobyard.gql.execution.trusted import Trusted, TrustedInvalid, read_trusted
from jobyard.gql.web.build import OPERATIONS
from jobyard.models.errors import NotSignedIn, PersistedQueryNotFound
from jobyard.models.settings import Settings
from jobyard.models.visibility import ANONYMOUS

from ..documents import chain
from ..doors import Doors
from ..parts import require
from ..servers import Server
from .people import CLOSED, people

pytestmark = pytest.mark.anyio

VIEWER = "{ viewer { username } }"
START = 'mutation { startJob(workflow: "w", options: {}) { status } }'
OWN = "application/graphql-response+json"


def hashed(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def named(hash: str, query: str | None = None, **more: Any) -> dict[str, Any]:
    body: dict[str, Any] = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": hash}}, **more}
    return body if query is None else {**body, "query": query}


async def ask(doors: Doors, body: Any, status: int = 200, **headers: str) -> Any:
    answer = await doors.http.post("/graphql", json=body, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_a_hash_is_asked_for_with_its_text_once(doors: Doors) -> None:
    refused = await ask(doors, named(hashed(VIEWER)))
    (error,) = refused["errors"]
    assert (error["message"], error["extensions"]) == (
        "PersistedQueryNotFound",
        {"code": "PERSISTED_QUERY_NOT_FOUND"},
    )
    assert "data" not in refused
    await ask(doors, named(hashed(VIEWER)), 400, accept=OWN)
    viewer = {"data": {"viewer": {"username": "admin"}}}
    assert await ask(doors, named(hashed(VIEWER), VIEWER)) == viewer
    assert await ask(doors, named(hashed(VIEWER))) == await ask(doors, named(hashed(VIEWER).upper())) == viewer
    extensions = json.dumps(named(hashed(VIEWER))["extensions"])
    assert (await doors.http.get("/graphql", params={"extensions": extensions})).json() == viewer


async def test_a_mutation_by_its_hash_starts_one_job_and_none_by_get(doors: Doors) -> None:
    await doors.import_documents(chain("w"))
    await ask(doors, named(hashed(START), START))
    await ask(doors, named(hashed(START)))
    assert await doors.stored_jobs() == 2
    extensions = json.dumps(named(hashed(START))["extensions"])
    answer = await doors.http.get("/graphql", params={"extensions": extensions})
    assert (answer.status_code, await doors.stored_jobs()) == (400, 2)


@pytest.mark.parametrize(
    "extension",
    [{"version": 2, "sha256Hash": hashed(VIEWER)}, {"version": 1}, {"version": 1, "sha256Hash": 5}, "text", []],
)
async def test_what_is_no_persisted_query_is_refused(doors: Doors, extension: Any) -> None:
    refused = await ask(doors, {"extensions": {"persistedQuery": extension}}, 400)
    assert refused["errors"][0]["extensions"] == {"code": "REQUEST_REFUSED"}


async def test_a_text_is_stored_under_its_own_hash_only(doors: Doors) -> None:
    refused = await ask(doors, named(hashed("{ __typename }"), VIEWER), 400)
    assert "is not that of `query`" in refused["errors"][0]["message"]
    assert (await ask(doors, named(hashed("{ __typename }"))))["errors"][0]["message"] == "PersistedQueryNotFound"


async def test_what_is_not_sound_is_not_stored(doors: Doors) -> None:
    for text in ("{ nope }", "{", "{ " + "a " * 60_000 + "}"):
        await doors.http.post("/graphql", json=named(hashed(text), text))
        assert (await ask(doors, named(hashed(text))))["errors"][0]["message"] == "PersistedQueryNotFound"


async def test_nobody_fills_the_store_and_finds_nothing_in_it() -> None:
    async with people() as found:
        text = "{ __typename }"
        assert (await found.ask("nobody", "POST", "/graphql", json=named(hashed(text), text))).status_code == 200
        assert (await found.ask("nobody", "POST", "/graphql", json=named(hashed(text)))).status_code == 401
        signed = await found.ask("admin", "POST", "/graphql", json=named(hashed(text)))
        assert signed.json()["errors"][0]["message"] == "PersistedQueryNotFound"


def test_the_store_is_bounded_in_entries_and_in_bytes() -> None:
    store = Persisted(most=3, largest=10_000)
    for text in ("a", "b", "c"):
        store.store(OperationText(text, hashed(text)))
    admin: Any = object()
    assert store.text_of(None, named(hashed("a"))["extensions"], admin).text == "a"  # asked for last
    store.store(OperationText("d", hashed("d")))
    assert len(store) == 3
    with pytest.raises(PersistedQueryNotFound):
        store.text_of(None, named(hashed("b"))["extensions"], admin)
    with pytest.raises(NotSignedIn):
        store.text_of(None, named(hashed("a"))["extensions"], ANONYMOUS)
    store.store(OperationText("x" * 2400, hashed("x")))
    assert len(store) == 2 or store.bytes <= 10_000
    store.store(OperationText("y" * 5000, hashed("y")))
    assert (len(store), store.bytes) == (0, 0)


PAGE = "query Page { jobs(first: 1) { nodes { ...Row } } }\n\nfragment Row on Job { id tasks { id } }"
FOLLOW = "subscription Follow($id: ID!) { jobChanged(id: $id) { status } }"


def listed(folder: Path, content: Any) -> Path:
    (folder / "documents.json").write_text(json.dumps(content))
    return folder / "documents.json"


class TestATrustingServer:
    @pytest.fixture
    def settings(self, tmp_path: Path) -> Settings:
        file = listed(tmp_path, {"page": PAGE, hashed(VIEWER): VIEWER, "start": START})
        return Settings(memory=True, open=True, host="jobyard", trusted_documents=file)

    async def test_runs_what_is_in_its_list_by_id_and_by_text(self, doors: Doors) -> None:
        viewer = {"data": {"viewer": {"username": "admin"}}}
        assert await ask(doors, {"query": VIEWER}) == viewer
        assert await ask(doors, named(hashed(VIEWER))) == viewer
        assert await ask(doors, {"documentId": f"sha256:{hashed(VIEWER)}"}) == viewer
        assert (await ask(doors, {"documentId": "page"}))["data"] == {"jobs": {"nodes": []}}
        assert (await doors.http.get("/graphql", params={"documentId": "page"})).json()["data"]["jobs"] == {"nodes": []}

    async def test_takes_a_text_with_the_typenames_of_a_cache(self, doors: Doors) -> None:
        text = "fragment Row on Job {id __typename tasks {id __typename}} query Page{jobs(first:1){nodes{...Row}}}"
        assert (await ask(doors, {"query": text}))["data"] == {"jobs": {"nodes": []}}
        assert (await ask(doors, named(hashed(text), text)))["data"] == {"jobs": {"nodes": []}}

    @pytest.mark.parametrize(
        "query",
        [
            "{ jobs { totalCount } }",
            PAGE.replace("first: 1", "first: 2"),
            PAGE.replace("{ id tasks", "{ status id tasks"),
            PAGE.replace("{ id tasks", "{ x: __typename id tasks"),
            "{ __schema { types { name } } }",
            "{ __typename }",
            "{",
        ],
    )
    async def test_runs_nothing_else(self, doors: Doors, query: str) -> None:
        for body in ({"query": query}, named(hashed(query), query), [{"query": query}]):
            answer = (await doors.http.post("/graphql", json=body)).json()
            (error,) = (answer[0] if isinstance(answer, list) else answer)["errors"]
            assert error["extensions"] == {"code": "DOCUMENT_NOT_TRUSTED"}
        assert (await ask(doors, {"query": query}, 400))["errors"][0]["message"].startswith("This server runs")

    async def test_runs_what_the_console_asks(self, doors: Doors) -> None:
        require(OPERATIONS.is_file(), "the console: make setup")
        texts = own_texts()
        asked = [(await doors.http.post("/graphql", json={"query": text})).json() for text in texts]
        errors = [one["errors"][0] for one in asked if "errors" in one]
        others = [one for one in errors if not one["message"].startswith(("Variable '$", "A subscription answers"))]
        assert (len(texts) > 50, others) == (True, [])  # they came without variables
        fields = "id username firstname groups { id name __typename } methods { app names __typename } __typename"
        viewer = await ask(doors, {"query": f"query Viewer {{ viewer {{ {fields} }} }}"})  # as its cache has it asked
        assert viewer["data"]["viewer"]["username"] == "admin"

    def test_knows_all_that_the_command_line_asks(self) -> None:
        sources = [one for one in Path(operations.__file__).parent.glob("*.py") if "client.ask(" in one.read_text()]
        modules = [import_module(f"jobyard.gql.cli.{name}") for name in (*(one.stem for one in sources), "operations")]
        asked = {
            value
            for module in modules
            for name, value in vars(module).items()
            if name.isupper() and isinstance(value, str) and re.match(r"\s*(query|mutation|subscription)\b", value)
        }
        assert len(asked) > 20
        assert asked - set(own_texts()) == {operations.CLAIM, commands.CONTROL}  # which are filled in

    async def test_has_no_store_beside_its_list(self, doors: Doors) -> None:
        assert (await ask(doors, named(hashed("{ x }"))))["errors"][0]["message"] == "PersistedQueryNotFound"

    async def test_answers_over_rest_as_before(self, doors: Doors) -> None:
        await doors.import_documents(chain("w"))
        assert (await doors.start({"workflow": "w", "options": {}})).status_code == 200

    async def test_starts_by_id(self, doors: Doors) -> None:
        await doors.import_documents(chain("w"))
        assert "data" in await ask(doors, {"documentId": "start"})
        assert await doors.stored_jobs() == 1


async def test_a_trusting_server_lets_people_sign_in(tmp_path: Path) -> None:
    settings = Settings(**{**vars(CLOSED), "trusted_documents": listed(tmp_path, {"page": PAGE})})
    async with people(settings) as found:
        login = 'mutation { login(username: "admin", password: "the password of admin") { token } }'
        assert "token" in (await found.ask("nobody", "POST", "/graphql", json={"query": login})).text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ([], "this is an object of texts by their ids"),
        ({"a": 5}, "`a` has no text"),
        ({"a": "{"}, "Syntax Error"),
        ({"format": "apollo-persisted-query-manifest", "operations": [{"id": "a"}]}, "no `body`"),
    ],
)
def test_a_file_that_is_no_list_is_refused(tmp_path: Path, content: Any, said: str) -> None:
    with pytest.raises(TrustedInvalid, match=said):
        read_trusted(listed(tmp_path, content))


def test_a_manifest_of_apollo_is_a_list(tmp_path: Path) -> None:
    operation = {"id": "a" * 64, "name": "Page", "type": "query", "body": PAGE}
    manifest = {"format": "apollo-persisted-query-manifest", "version": 1, "operations": [operation]}
    assert read_trusted(listed(tmp_path, manifest)).get("a" * 64) == PAGE


def test_a_server_with_a_file_that_cannot_be_used_says_so_and_ends(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"jobyard: The trusted documents .*: there is no such file\."):
        Server("--memory", "--trusted-documents", str(tmp_path / "none.json"))


def test_texts_that_are_written_in_another_way_are_recognized_up_to_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    from jobyard.gql.execution import trusted

    monkeypatch.setattr(trusted, "MOST_VARIANTS", 3)
    one = Trusted({"page": PAGE})
    assert all(one.has(" " * at + PAGE) for at in range(10))
    assert len(one._variants) == 3
