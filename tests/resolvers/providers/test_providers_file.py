"""The providers file: what it says, and every fault of it with its line."""

import json
from pathlib import Path

import pytest
from jobyard.resolvers.providers.configuration import Configuration, Endpoint
from jobyard.resolvers.providers.egress import EgressPolicy
from jobyard.resolvers.providers.positions import ProvidersInvalid
from jobyard.resolvers.providers.providers_file import read_configuration

RECORDING = {"start": {"workflow": "call"}, "stubs": {"a1": {"outgoing": {"result": 1}}}}


def read(folder: Path, text: str, **environment: str) -> Configuration:
    path = folder / "providers.yaml"
    path.write_text(text)
    return read_configuration(path, environment)


def faults(folder: Path, text: str, **environment: str) -> list[str]:
    """The lines under the head of the refusal."""
    with pytest.raises(ProvidersInvalid) as refused:
        read(folder, text, **environment)
    head, *lines = str(refused.value).split("\n")
    assert head == f"The providers file {folder / 'providers.yaml'} cannot be used:"
    return [line.removeprefix("  ") for line in lines]


def test_everything_that_may_be_said(tmp_path: Path) -> None:
    (tmp_path / "call.json").write_text(json.dumps(RECORDING))
    configuration = read(
        tmp_path,
        """
providers:
  - app: Jira
    location: Adapter
    name: getTicket
    url: https://jira.example/do
    method: PUT
    headers:
      Authorization: Bearer ${TOKEN}
    timeout: 2.5
    idempotency_header: X-Key
    retries: 3
    at_once: 12
  - app: Netbox
    stub: true
stub: adapters
recorded: call.json
rest_call:
  allow: [api.example, "*.internal", 10.0.0.0/8]
  timeout: 5
  at_once: 9
""",
        TOKEN="t0ken",
    )
    endpoint = Endpoint(
        "https://jira.example/do", "PUT", {"Authorization": "Bearer t0ken"}, frozenset({"t0ken"}), 2.5, "X-Key", 3, 12
    )
    assert configuration == Configuration(
        {("Adapter", "Jira", "getTicket"): endpoint},
        frozenset({("", "Netbox", "")}),
        True,
        (RECORDING,),
        EgressPolicy.from_entries(["api.example", "*.internal", "10.0.0.0/8"]),
        5,
        9,
    )


def test_what_is_left_out_has_a_default(tmp_path: Path) -> None:
    configuration = read(tmp_path, "providers: [{app: Jira, url: 'http://127.0.0.1:9000'}]")
    endpoint = Endpoint("http://127.0.0.1:9000", "POST", {}, frozenset(), 30, "Idempotency-Key", 0, 256)
    assert configuration == Configuration({("", "Jira", ""): endpoint}, frozenset(), False, (), EgressPolicy(), 60, 256)


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "providers:\n"])
def test_an_empty_file_configures_nothing(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == Configuration()


def test_all_faults_are_told_at_once_in_the_order_of_their_lines(tmp_path: Path) -> None:
    text = """providers:
  - app: Jira
    urll: http://127.0.0.1
  - url: ftp://files.example
    timeout: -1
  - app: NO
    url: http://127.0.0.1
    method: GET
    location: Somewhere
    retries: 2.5
  - app: Jira
    stub: maybe
  - 7
stub: everything
colour: red
"""
    entry = "app, location, name, stub, url, method, headers, timeout, idempotency_header, retries, at_once"
    assert faults(tmp_path, text) == [
        "line 2: 'url' is missing: the address that does the tasks, or write stub: true",
        f"line 3: unknown key 'urll': a provider may have {entry}",
        "line 4: 'app' is missing: the application, or the type of the adapter",
        "line 4: 'url' must be an address that begins with http:// or https://",
        "line 5: 'timeout' must be a number of seconds, more than 0 and at most 3600",
        "line 6: 'app' must be a text; quote it where YAML reads something else",
        "line 8: 'method' must be POST or PUT or PATCH",
        "line 9: 'location' must be Application or Adapter or Broker",
        "line 10: 'retries' must be a whole number from 0 to 10",
        "line 11: Jira stands on line 2 already",
        "line 12: 'stub' must be true, or be left out",
        "line 13: a provider must be a mapping: lines of key and value",
        "line 14: 'stub' must be adapters",
        "line 15: unknown key 'colour': the file may have providers, stub, recorded, rest_call",
    ]


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ("url: 'http://ada:pw@h/'", "'url' holds a user name: put it into a header, from the environment"),
        ("url: 'http://h:99999/'", "'url' must be an address that begins with http:// or https://"),
        ("url: 'http://[::1/'", "'url' must be an address that begins with http:// or https://"),
        ('url: "http://h/a\\nb"', "'url' must be an address that begins with http:// or https://"),
        ("url: http://h, url: http://h", "'url' stands here twice"),
        ("url: http://h, headers: x", "'headers' must be a mapping: lines of key and value"),
        ("url: http://h, headers: {'a b': x}", "'a b' is no name of a header"),
        ("url: http://h, headers: {a: x, A: y}", "'A' stands here twice"),
        (
            "url: http://h, headers: {Authorization: Bearer x}",
            "header 'Authorization' holds a secret in clear: write ${NAME} or ${file:PATH} in its place",
        ),
        ("url: http://h, headers: {a: 5}", "'a' must be a text; quote it where YAML reads something else"),
        ("url: http://h, headers: {a: '${NOT_SET}'}", "the environment variable NOT_SET of header 'a' is not set"),
        ("url: http://h, headers: {a: '${LINES}'}", "the value of header 'a' holds a line break or is not ASCII"),
        ("url: http://h, idempotency_header: 'a b'", "'a b' is no name of a header"),
        ("url: http://h, timeout: 3601", "'timeout' must be a number of seconds, more than 0 and at most 3600"),
        ("url: http://h, timeout: true", "'timeout' must be a number of seconds, more than 0 and at most 3600"),
        ("url: http://h, timeout: [1]", "'timeout' must be a number of seconds, more than 0 and at most 3600"),
        ("url: http://h, retries: 11", "'retries' must be a whole number from 0 to 10"),
        ("url: http://h, at_once: 0", "'at_once' must be a whole number from 1 to 256"),
        ("url: http://h, at_once: 257", "'at_once' must be a whole number from 1 to 256"),
        ("stub: true, url: http://h", "a stub has no 'url': leave out either"),
    ],
)
def test_a_fault_of_an_entry_is_told(tmp_path: Path, entry: str, fault: str) -> None:
    assert faults(tmp_path, f"providers:\n  - {{app: Jira, {entry}}}\n", LINES="a\nb") == [f"line 2: {fault}"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("providers: {app: Jira}", "line 1: 'providers' must be a list"),
        ("- app: Jira", "line 1: the file must be a mapping: lines of key and value"),
        (
            "stub: adapters\nproviders: [",
            "line 2: this is no YAML: expected the node content, but found '<stream end>'",
        ),
        ("recorded: [none.json]", "line 1: none.json cannot be read: [Errno 2] No such file or directory: "),
        (
            "recorded:\n  - empty.json",
            "line 2: empty.json is no recording: it needs start.workflow, and stubs that have outgoing",
        ),
        (
            "recorded: [call.json, other.json]",
            "line 1: a recording of workflow 'call' stands on line 1 already",
        ),
        ("rest_call: {allow: {a: b}}", "line 1: 'allow' must be a list"),
        ("rest_call: {allow: [https://a.example]}", "line 1: 'https://a.example' of 'allow' has a slash: write"),
        ("rest_call: {allow: ['a.example:443']}", "line 1: 'a.example:443' of 'allow' has a port"),
        ("rest_call: {allow: [10.0.0.300]}", "line 1: '10.0.0.300' of 'allow' is neither an address nor a network"),
        ("rest_call: {allow: [10.0.0.0/33]}", "line 1: '10.0.0.0/33' of 'allow' is neither an address nor a network"),
        ("rest_call: {allow: ['fd00::/200']}", "line 1: 'fd00::/200' of 'allow' is neither an address nor"),
        ("rest_call: {allow: ['a b']}", "line 1: 'a b' of 'allow' is no host name: it has letters"),
        ("rest_call: {allow: ['a?.example']}", "line 1: 'a?.example' of 'allow' is no host name"),
        ("rest_call: {denied: [a]}", "line 1: unknown key 'denied': 'rest_call' may have allow, timeout"),
    ],
)
def test_a_fault_of_the_file_is_told(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / "empty.json").write_text("{}")
    for name in ("call.json", "other.json"):
        (tmp_path / name).write_text(json.dumps(RECORDING))
    (told,) = faults(tmp_path, text)
    assert told.startswith(fault)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ProvidersInvalid) as refused:
        read_configuration(tmp_path / "none.yaml", {})
    assert f"{tmp_path / 'none.yaml'} cannot be used:\n  it cannot be read: " in str(refused.value)


def test_no_secret_is_shown(tmp_path: Path) -> None:
    headers = "headers: {a: 'Bearer ${TOKEN}', b: '${TOKEN}\\n'}"
    text = f"providers: [{{app: Jira, url: 'http://h/?key=hidden', {headers}}}]"
    good = read(tmp_path, text.replace(", b: '${TOKEN}\\n'", ""), TOKEN="t0ken")
    assert "t0ken" not in repr(good)
    assert "hidden" not in repr(good)
    assert good.endpoints["", "Jira", ""].public_address == "http://h/"
    assert "t0ken" not in "".join(faults(tmp_path, f"{text}\nx: 1", TOKEN="t0ken"))


def test_a_header_takes_its_secret_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("s3cret\n")
    path = tmp_path / "providers.yaml"
    path.write_text('providers: [{app: A, url: "http://a", headers: {X: "Bearer ${file:token}, ${NAME}"}}]')
    (endpoint,) = read_configuration(path, {"NAME": "other"}).endpoints.values()
    assert endpoint.headers == {"X": "Bearer s3cret, other"}
    assert endpoint.secrets == {"s3cret", "other"}
    assert "s3cret" not in repr(endpoint)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "cannot be read: No such file or directory"),
        (b"\n", "is empty"),
        (b"\xff", "cannot be read: it is not text"),
    ],
)
def test_a_file_that_holds_no_secret_is_refused(tmp_path: Path, content: bytes | None, reason: str) -> None:
    if content is not None:
        (tmp_path / "token").write_bytes(content)
    path = tmp_path / "providers.yaml"
    path.write_text('providers: [{app: A, url: "http://a", headers: {X: "${file:token}"}}]')
    with pytest.raises(ProvidersInvalid, match=f"the file token of header 'X' {reason}"):
        read_configuration(path, {})
