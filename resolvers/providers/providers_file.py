"""The providers file: the providers of tasks that are not built in, read once when the server starts.

An invalid file is refused with all its faults, by line. Secrets come from the environment or from files, and no
message, log or repr shows them.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from yaml import Node

from ...models.json import Json, JsonObject, is_object, object_at, text_at
from .configuration import Configuration, Endpoint, Key
from .egress import EgressPolicy, fault_of_entry
from .exchange import AT_ONCE
from .positions import Faults, ProvidersInvalid, compose, elements, fields, scalar

ENDPOINT_FIELDS = ("url", "method", "headers", "timeout", "idempotency_header", "retries", "at_once")
ENTRY_FIELDS = ("app", "location", "name", "stub", *ENDPOINT_FIELDS)
LOCATIONS = ("Application", "Adapter", "Broker")
METHODS = ("POST", "PUT", "PATCH")
LONGEST_TIMEOUT = 3600
MOST_RETRIES = 10

_ADDRESS = re.compile(r"https?://[\x21-\x7e]+")
_SECRET = re.compile(r"\$\{(?:file:(?P<file>[^}\0]+)|(?P<variable>[A-Za-z_][A-Za-z0-9_]*))\}")
_LARGEST_SECRET = 64 * 1024  # bytes of a file that holds one
_SPEAKS_OF_SECRETS = re.compile(r"^(proxy-)?authorization$|^cookie$|token|secret|password|api-?key", re.IGNORECASE)
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e]*")


def read_configuration(path: Path, environment: Mapping[str, str]) -> Configuration:
    """Read the file; ProvidersInvalid with all its faults. Paths in the file are relative to its folder."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise ProvidersInvalid(path, [(None, f"it cannot be read: {fault}")]) from fault
    faults = Faults()
    configuration = _Reader(faults, path.parent, environment).configuration(compose(text, faults))
    if faults.found:
        raise ProvidersInvalid(path, faults.found)
    return configuration


class _Reader:
    def __init__(self, faults: Faults, folder: Path, environment: Mapping[str, str]) -> None:
        self._faults = faults
        self._folder = folder
        self._environment = environment
        self._lines: dict[Key | str, int] = {}

    def configuration(self, node: Node | None) -> Configuration:
        if node is None:
            return Configuration()
        known = fields(node, ("providers", "stub", "recorded", "rest_call"), self._faults, "the file")
        endpoints: dict[Key, Endpoint] = {}
        stubs: set[Key] = set()
        for entry in elements(known.get("providers"), self._faults, "'providers'"):
            self._entry(entry, endpoints, stubs)
        stub = self._choice(known.get("stub"), "stub", ("adapters",), "")
        recorded = [self._case(one) for one in elements(known.get("recorded"), self._faults, "'recorded'")]
        egress, timeout, at_once = self._rest_call(known.get("rest_call"))
        cases = tuple(case for case in recorded if case is not None)
        return Configuration(endpoints, frozenset(stubs), stub == "adapters", cases, egress, timeout, at_once)

    def _entry(self, node: Node, endpoints: dict[Key, Endpoint], stubs: set[Key]) -> None:
        faults = len(self._faults.found)
        known = fields(node, ENTRY_FIELDS, self._faults, "a provider")
        if len(self._faults.found) > faults and not known:
            return
        app = self._text(known.get("app"), "app", "")
        location = self._choice(known.get("location"), "location", LOCATIONS, "")
        key = (location, app, self._text(known.get("name"), "name", ""))
        if "app" not in known:
            self._faults.add(node, "'app' is missing: the application, or the type of the adapter")
        elif app:
            self._once(key, known["app"], ".".join(part for part in (app, key[2]) if part))
        if "stub" in known:
            self._stub(known, node)
            stubs.add(key)
            return
        endpoints[key] = self._endpoint(known, node)

    def _stub(self, known: Mapping[str, Node], node: Node) -> None:
        if scalar(known["stub"]) is not True:
            self._faults.add(known["stub"], "'stub' must be true, or be left out")
        besides = [name for name in known if name in ENDPOINT_FIELDS]
        if besides:
            self._faults.add(node, f"a stub has no {', '.join(map(repr, besides))}: leave out either")

    def _endpoint(self, known: Mapping[str, Node], node: Node) -> Endpoint:
        if "url" not in known:
            self._faults.add(node, "'url' is missing: the address that does the tasks, or write stub: true")
        headers, secrets = self._headers(known.get("headers"))
        key_header = self._text(known.get("idempotency_header"), "idempotency_header", "Idempotency-Key")
        if not _HEADER_NAME.fullmatch(key_header):
            self._faults.add(known["idempotency_header"], f"{key_header!r} is no name of a header")
        return Endpoint(
            self._url(known.get("url")),
            self._choice(known.get("method"), "method", METHODS, "POST"),
            headers,
            secrets,
            self._seconds(known.get("timeout"), 30),
            key_header,
            self._whole(known.get("retries"), "retries", 0, MOST_RETRIES, 0),
            self._whole(known.get("at_once"), "at_once", 1, AT_ONCE, AT_ONCE),
        )

    def _url(self, node: Node | None) -> str:
        url = self._text(node, "url", "")
        if not url or node is None:
            return ""
        try:
            parts = urlsplit(str(httpx.URL(url)))
            usable = _ADDRESS.fullmatch(url) is not None and bool(parts.hostname) and parts.port != 0
        except (ValueError, httpx.InvalidURL):
            usable, parts = False, urlsplit("")
        if not usable:
            self._faults.add(node, "'url' must be an address that begins with http:// or https://")
        elif parts.username is not None:
            self._faults.add(node, "'url' holds a user name: put it into a header, from the environment")
        return url

    def _headers(self, node: Node | None) -> tuple[dict[str, str], frozenset[str]]:
        headers: dict[str, str] = {}
        secrets: set[str] = set()
        for name, value in ({} if node is None else fields(node, None, self._faults, "'headers'")).items():
            if not _HEADER_NAME.fullmatch(name):
                self._faults.add(value, f"{name!r} is no name of a header")
            written = self._text(value, name, "")
            parts: list[str] = []
            end = 0
            for found in _SECRET.finditer(written):
                secret = self._secret(found, value, name)
                secrets.add(secret)
                parts += [written[end : found.start()], secret]
                end = found.end()
            if not parts and written and _SPEAKS_OF_SECRETS.search(name):
                self._faults.add(
                    value, f"header {name!r} holds a secret in clear: write ${{NAME}} or ${{file:PATH}} in its place"
                )
            filled = "".join((*parts, written[end:]))
            if not _HEADER_VALUE.fullmatch(filled):
                self._faults.add(value, f"the value of header {name!r} holds a line break or is not ASCII")
            headers[name] = filled
        return headers, frozenset(secrets - {""})

    def _secret(self, found: re.Match[str], node: Node, header: str) -> str:
        """What stands in the environment, or in a file without the line break at its end."""
        if variable := found["variable"]:
            secret = self._environment.get(variable, "")
            if not secret:
                self._faults.add(node, f"the environment variable {variable} of header {header!r} is not set")
            return secret
        named = found["file"]
        try:
            with (self._folder / named).open("rb") as file:
                secret = file.read(_LARGEST_SECRET).decode().rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as fault:
            reason = fault.strerror if isinstance(fault, OSError) else "it is not text"
            self._faults.add(node, f"the file {named} of header {header!r} cannot be read: {reason}")
            return ""
        if not secret:
            self._faults.add(node, f"the file {named} of header {header!r} is empty")
        return secret

    def _seconds(self, node: Node | None, default: float) -> float:
        value = default if node is None else scalar(node)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= LONGEST_TIMEOUT:
            return value
        self._faults.add(node, f"'timeout' must be a number of seconds, more than 0 and at most {LONGEST_TIMEOUT}")
        return default

    def _whole(self, node: Node | None, name: str, least: int, most: int, default: int) -> int:
        value = default if node is None else scalar(node)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self._faults.add(node, f"'{name}' must be a whole number from {least} to {most}")
        return default

    def _text(self, node: Node | None, name: str, default: str) -> str:
        if node is None:
            return default
        value = scalar(node)
        if isinstance(value, str) and value:
            return value
        self._faults.add(node, f"'{name}' must be a text; quote it where YAML reads something else")
        return default

    def _choice(self, node: Node | None, name: str, choices: tuple[str, ...], default: str) -> str:
        value = default if node is None else scalar(node)
        if node is not None and value not in choices:
            self._faults.add(node, f"'{name}' must be {' or '.join(choices)}")
        return value if isinstance(value, str) else default

    def _once(self, key: Key | str, node: Node, what: str) -> None:
        if key in self._lines:
            self._faults.add(node, f"{what} stands on line {self._lines[key]} already")
        self._lines.setdefault(key, node.start_mark.line + 1)

    def _case(self, node: Node) -> JsonObject | None:
        """A case as `jobyard rehearse` takes it: `start.workflow` and `stubs` are what is read of it."""
        name = self._text(node, "recorded", "")
        if not name:
            return None
        try:
            case: Json = json.loads((self._folder / name).read_bytes())
        except (OSError, ValueError, RecursionError) as fault:
            self._faults.add(node, f"{name} cannot be read: {fault}")
            return None
        workflow = text_at(object_at(case, "start"), "workflow") if is_object(case) else ""
        answers = object_at(case, "stubs").values() if is_object(case) else ()
        if not workflow or not answers or not all(is_object(one) and object_at(one, "outgoing") for one in answers):
            self._faults.add(node, f"{name} is no recording: it needs start.workflow, and stubs that have outgoing")
            return None
        self._once(workflow, node, f"a recording of workflow '{workflow}'")
        return case if is_object(case) else None

    def _rest_call(self, node: Node | None) -> tuple[EgressPolicy, float, int]:
        known = {} if node is None else fields(node, ("allow", "timeout", "at_once"), self._faults, "'rest_call'")
        entries = [self._allowed(one) for one in elements(known.get("allow"), self._faults, "'allow'")]
        egress = EgressPolicy.from_entries(entries) if "allow" in known else EgressPolicy()
        timeout = self._seconds(known.get("timeout"), Configuration.rest_call_timeout)
        return egress, timeout, self._whole(known.get("at_once"), "at_once", 1, AT_ONCE, AT_ONCE)

    def _allowed(self, node: Node) -> str:
        entry = self._text(node, "allow", "")
        fault = fault_of_entry(entry) if entry else None
        if fault is not None:
            self._faults.add(node, f"'{entry}' of 'allow' {fault}")
        return entry
