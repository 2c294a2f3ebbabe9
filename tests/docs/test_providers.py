"""The providers file of the page can be used, its table has every key, and its endpoint answers as it says."""

import json
import re
from http.server import HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
from jobyard.resolvers.providers.providers_file import ENTRY_FIELDS, read_configuration

from .pages import blocks, page

PROVIDERS = page("docs/providers.md")


def test_its_providers_file_can_be_used(tmp_path: Path) -> None:
    (example,) = blocks(PROVIDERS, "yaml")
    (tmp_path / "providers.yaml").write_text(example)
    recording = {"start": {"workflow": "Upgrade"}, "stubs": {"a1": {"outgoing": {"result": {}}}}}
    (tmp_path / "upgrade.json").write_text(json.dumps(recording))
    chosen = read_configuration(tmp_path / "providers.yaml", {"JIRA_TOKEN": "t0ken"})
    assert chosen.endpoints["Adapter", "Jira", ""].headers == {"Authorization": "Bearer t0ken"}
    assert list(chosen.endpoints) == [("Adapter", "Jira", ""), ("", "GatewayManager", "runCode")]
    assert (chosen.stubs, chosen.recorded) == (frozenset({("", "Netbox", "")}), (recording,))


def test_its_table_of_the_providers_file_is_complete() -> None:
    written = set(re.findall(r"^\| `([a-z_]+)`[^|]* \|", PROVIDERS, re.MULTILINE))
    assert {*ENTRY_FIELDS, "providers", "stub", "recorded", "rest_call"} - written == set()


def test_its_endpoint_answers_a_task() -> None:
    (example,) = blocks(PROVIDERS, "python")
    declared, found, _ = example.partition("HTTPServer((")
    assert found
    names: dict[str, Any] = {}
    exec(declared, names)
    with HTTPServer(("127.0.0.1", 0), names["Jira"]) as server:
        server.RequestHandlerClass.log_message = lambda *_: None  # type: ignore[method-assign]
        serving = Thread(target=server.serve_forever)
        serving.start()
        try:
            task = {"app": "Jira", "name": "createIssue", "location": "Adapter", "incoming": {}, "key": "j/1/1/1"}
            answer = httpx.post(f"http://127.0.0.1:{server.server_port}/jira", json=task, trust_env=False)
        finally:
            server.shutdown()
            serving.join()
    assert answer.status_code == 200
    assert json.loads(answer.text) == {
        "state": "success",
        "outgoing": {"result": {"seen": "createIssue"}},
        "error": None,
    }
