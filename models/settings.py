"""What the person who runs a server may choose, and which values no server can work with.

`SETTINGS` is the one table of it. Flags, environment variables and the names of the settings file follow from it;
reading_settings.py reads them, and a test compares docs/operating.md.
"""

import os
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias, cast

from .engine.budget import DEFAULT_BUDGET, Budget
from .engine.lifecycle import JobEnd
from .engine.rules import DEFAULT_RULES, Rules
from .json import Json
from .retention import Keep, Retention, write_retention

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 1024


MOST_DESCENDANTS = 10_000
MOST_LEVELS = 100
SHORTEST_EVENTS = 3600 * 1000  # subscribers and tasks that listen read stored events after an interruption
LOG_FORMATS = ("text", "json")
LOG_LEVELS = ("debug", "info", "warning", "error")
_DATABASE = re.compile(r"""[^/\\. "$*<>:|?\0]{1,63}""")  # what MongoDB takes on every system
_ROOT_PATH = re.compile(r"(/[\w.~-]+)+", re.ASCII)
_COLLECTOR = re.compile(r"https?://[^/?#@\s]+(/[^?#@\s]*)?")
_ORIGIN = re.compile(r"https?://[^/?#\s]+")


Kind: TypeAlias = Literal[
    "text",
    "secret",
    "path",
    "port",
    "switch",
    "list",
    "rules",
    "number",
    "ratio",
    "choice",
    "alternative",
    "retention",
    "age",
]
Check: TypeAlias = Callable[[Any], str | None]


class SettingRefused(ValueError):
    """A setting has a value that it cannot have; the message names both."""


@dataclass(frozen=True)
class Settings:
    """Sizes in bytes, times in milliseconds."""

    config: Path | None = None  # the settings file
    host: str = "127.0.0.1"
    port: int = 8000
    mongodb_uri: str | None = field(default=None, repr=False)  # may have a password in it
    database: str = "jobyard"
    mongod: Path | None = None  # the program of a local mongod; None: the first that is found
    data: Path | None = None  # where a local mongod keeps its files; None: the user's data directory
    memory: bool = False
    providers: Path | None = None  # who does the tasks that are not built in
    trusted_documents: Path | None = None  # the operations that are all that is run over GraphQL
    origins: tuple[str, ...] = ()  # front ends on other origins that may call us (CORS)
    vendor_status: bool = False  # answer 500 where the documented system does
    largest_body: int = 16 * 1024 * 1024
    request_time: int = 15_000  # for a request to arrive, and another second for each 16 KiB of its body
    root_path: str = ""  # of a proxy that leaves its path before ours
    lease: int = 10_000  # how long a silent process keeps its jobs
    most_descendants: int = MOST_DESCENDANTS  # jobs below one that no other job started
    most_levels: int = MOST_LEVELS  # of jobs that start each other, the root included
    budget: Budget = DEFAULT_BUDGET  # of one job
    rules: Rules = DEFAULT_RULES
    open: bool = False  # no sign-in: whoever reaches the loopback address is `admin`
    admin_password: str | None = field(default=None, repr=False)  # of the first start; None: one is drawn
    secrets_key: str | None = field(default=None, repr=False)  # entries ID:KEY that seal secrets in the database
    secrets_key_file: Path | None = None  # more of them, one a line
    token_lifetime: int = 12 * 3600 * 1000  # how long one stays signed in
    trusted_proxies: tuple[str, ...] = ()  # addresses and networks whose X-Forwarded headers count
    examples: bool = False  # import the example workflows at the start
    starts_at_once: int = 32  # starts in progress, each until its job's first advance is stored
    starts_waiting: int = 500  # for one of these places; what comes beyond them is refused
    reference_executor: bool = False  # every field as graphql-core does it, without generated readers
    log_format: str = "text"  # of the lines on the error output
    log_level: str = "info"  # what is less than this is not said
    access_log: bool = False  # a line for each answer
    keep_jobs: Retention = field(default_factory=dict[JobEnd, Keep])  # by status; ended jobs of others stay
    keep_events: int = 30 * 24 * 3600 * 1000
    keep_keys: int | None = None  # idempotency keys of ended jobs; None: as long as their jobs
    keep_audit: int | None = None  # None: forever
    traces_endpoint: str | None = None  # of a collector, by OTLP over HTTP; None: no traces
    traces_ratio: float = 1  # of the traces that begin here
    mongod_retry_seconds: int = 120  # a local mongod that dies has to run again within them; then the server ends

    def __post_init__(self) -> None:
        """SettingRefused for what no server could work with."""
        for one in SETTINGS:
            fault = None if "." in one.field else one.fault_of(getattr(self, one.field))
            if fault is not None:
                raise SettingRefused(f"{one.flag or one.variable}{fault}")


def shown(settings: Settings) -> dict[str, object]:
    """The settings as JSON values, without the secret ones."""
    return {one.name: json_value(getattr(settings, one.name)) for one in fields(settings) if one.repr}


def json_value(value: Any) -> Json:
    """The value of a field as JSON."""
    if isinstance(value, Budget | Rules):
        return asdict(value)
    if isinstance(value, dict):
        return [*write_retention(cast(Retention, value))]
    return str(value) if isinstance(value, Path) else value


@dataclass(frozen=True)
class Setting:
    """How one field of Settings is set: by a flag, an environment variable or the settings file.

    `field` may be one of the budget, `budget.iterations`. A `number` is multiplied by `unit`; `values` are those of a
    `choice`, and of an `alternative`, whose second one is True. `check` returns the rest of a sentence about a value
    that no server could work with.
    """

    field: str
    flag: str = ""
    variable: str = ""
    kind: Kind = "text"
    help: str = ""  # of the flag
    metavar: str | None = None  # of the flag
    values: tuple[str, ...] = ()
    unit: int = 1
    check: Check | None = None

    @property
    def name(self) -> str:
        """The name in the settings file: the variable without its prefix, else the field."""
        return self.variable.removeprefix("JOBYARD_").lower() or self.field

    @property
    def is_secret(self) -> bool:
        return self.kind == "secret"

    def fault_of(self, value: Any) -> str | None:
        """What is wrong with the value, as the rest of a sentence that begins with the name of the setting."""
        if value is None:
            return None
        if self.kind == "choice" and value not in self.values:
            return f" {value}: this is one of {', '.join(self.values)}."
        return self.check(value) if self.check else None


def _port_fault(port: int) -> str | None:
    return None if 0 <= port <= 65_535 else f" {port}: a port is a number from 0 to 65535."


def _database_fault(name: str) -> str | None:
    if _DATABASE.fullmatch(name):
        return None
    return f" '{name}': the name of a database has 1 to 63 characters, none of them one of /\\. \"$*<>:|?"


def _password_fault(password: str) -> str | None:
    if SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        return None
    return f": a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters."


def _root_path_fault(path: str) -> str | None:
    if not path or _ROOT_PATH.fullmatch(path):
        return None
    return (
        f" {path}: a path before the paths of the server begins with a slash and does not end with one, as /automation."
    )


def _proxies_fault(proxies: tuple[str, ...]) -> str | None:
    for proxy in proxies:
        try:
            ip_network(proxy, strict=False)
        except ValueError as fault:
            return f" {proxy}: this is an address or a network, {fault}."
    return None


def _origins_fault(origins: tuple[str, ...]) -> str | None:
    wrong = next((origin for origin in origins if not _ORIGIN.fullmatch(origin)), None)
    return None if wrong is None else f" {wrong}: an origin is http:// or https://, a host and perhaps a port."


def _collector_fault(address: str) -> str | None:
    if _COLLECTOR.fullmatch(address):
        return None
    return (  # without the address, which may have a password in it
        ": a collector is http:// or https://, a host and perhaps a port and a path. "
        "OTEL_EXPORTER_OTLP_HEADERS takes its password."
    )


def _events_fault(age: int) -> str | None:
    return None if age >= SHORTEST_EVENTS else ": events are kept for 1h at least."


def _mongod_fault(binary: Path) -> str | None:
    if binary.is_file() and os.access(binary, os.X_OK):
        return None
    reason = "this file cannot be executed" if binary.is_file() else "there is no such file"
    return f" {binary}: {reason}. Name the program of a mongod, or leave the setting out."


SETTINGS: Final = (
    Setting("host", "--host", help="the address to listen on (127.0.0.1)", metavar="HOST"),
    Setting(
        "port", "--port", kind="port", help="the port to listen on (8000); 0: a free one", metavar="PORT",
        check=_port_fault,
    ),
    Setting("mongodb_uri", variable="MONGODB_URI", kind="secret"),
    Setting("database", variable="JOBYARD_DATABASE", check=_database_fault),
    Setting("mongod", variable="MONGOD", kind="path", check=_mongod_fault),
    Setting("data", "--data", kind="path", help="the folder of a local mongod's data", metavar="DIR"),
    Setting("memory", "--memory", kind="switch", help="keep everything in memory: nothing survives the server"),
    Setting(
        "providers", "--providers", "JOBYARD_PROVIDERS", "path",
        "the providers of tasks that are not built in ($JOBYARD_PROVIDERS)", "FILE",
    ),
    Setting(
        "trusted_documents", "--trusted-documents", "JOBYARD_TRUSTED_DOCUMENTS", "path",
        "execute only the GraphQL operations of this list, as front ends build it ($JOBYARD_TRUSTED_DOCUMENTS)", "FILE",
    ),
    Setting(
        "origins", "--origin", kind="list", help="allow front ends on this origin (repeatable)", metavar="ORIGIN",
        check=_origins_fault,
    ),
    Setting(
        "trusted_proxies", "--trusted-proxy", kind="list", metavar="ADDRESS",
        help="the address or network of a proxy whose X-Forwarded-For, -Proto and -Host are trusted (repeatable)",
        check=_proxies_fault,
    ),
    Setting(
        "root_path", "--root-path", "JOBYARD_ROOT_PATH", "text",
        "the path of a proxy that does not remove it, as /automation ($JOBYARD_ROOT_PATH)", "PATH",
        check=_root_path_fault,
    ),
    Setting(
        "vendor_status", "--vendor-status", kind="switch", help="answer 500 where the documented REST system does"
    ),
    Setting(
        "rules", "--rule", "JOBYARD_RULES", "rules",
        "set a rule for undocumented behavior (repeatable; docs/workflows.md has the table)", "NAME=VALUE",
    ),
    Setting(
        "open", "--open", kind="switch",
        help="no sign-in: everybody who reaches the server is `admin`; on a loopback address only"
    ),
    Setting("examples", "--examples", kind="switch", help="import the example workflows first"),
    Setting(
        "log_format", "--log-format", "JOBYARD_LOG_FORMAT", "choice",
        "the format of the log on stderr (text; $JOBYARD_LOG_FORMAT)", values=LOG_FORMATS,
    ),
    Setting(
        "log_level", "--log-level", "JOBYARD_LOG_LEVEL", "choice",
        "the lowest level of the log (info; $JOBYARD_LOG_LEVEL)", values=LOG_LEVELS,
    ),
    Setting(
        "access_log", "--access-log", "JOBYARD_ACCESS_LOG", "switch",
        "log a line for each answer ($JOBYARD_ACCESS_LOG=1)"
    ),
    Setting("admin_password", variable="JOBYARD_ADMIN_PASSWORD", kind="secret", check=_password_fault),
    Setting("secrets_key", variable="JOBYARD_SECRETS_KEY", kind="secret"),
    Setting("secrets_key_file", variable="JOBYARD_SECRETS_KEY_FILE", kind="path"),
    Setting("token_lifetime", variable="JOBYARD_TOKEN_SECONDS", kind="number", unit=1000),
    Setting("lease", variable="JOBYARD_LEASE_MS", kind="number"),
    Setting("largest_body", variable="JOBYARD_LARGEST_BODY", kind="number"),
    Setting("request_time", variable="JOBYARD_REQUEST_SECONDS", kind="number", unit=1000),
    Setting("starts_at_once", variable="JOBYARD_STARTS_AT_ONCE", kind="number"),
    Setting("starts_waiting", variable="JOBYARD_STARTS_WAITING", kind="number"),
    Setting(
        "keep_jobs", "--keep-jobs", "JOBYARD_KEEP_JOBS", "retention",
        "remove ended jobs of this status that are older, and those beyond this number (repeatable; "
        "$JOBYARD_KEEP_JOBS)", "STATUS=AGE,NUMBER",
    ),
    Setting("keep_events", variable="JOBYARD_KEEP_EVENTS", kind="age", check=_events_fault),
    Setting("keep_audit", variable="JOBYARD_KEEP_AUDIT", kind="age"),
    Setting("keep_keys", variable="JOBYARD_KEEP_KEYS", kind="age"),
    Setting("traces_endpoint", variable="JOBYARD_TRACES_ENDPOINT", check=_collector_fault),
    Setting("traces_ratio", variable="JOBYARD_TRACES_RATIO", kind="ratio"),
    Setting("mongod_retry_seconds", variable="JOBYARD_MONGOD_RETRY_SECONDS", kind="number"),
    Setting("most_descendants", variable="JOBYARD_MOST_DESCENDANTS", kind="number"),
    Setting("most_levels", variable="JOBYARD_MOST_LEVELS", kind="number"),
    Setting("budget.iterations", variable="JOBYARD_MOST_ITERATIONS", kind="number"),
    Setting("budget.attempts", variable="JOBYARD_MOST_ATTEMPTS", kind="number"),
    Setting("budget.stored", variable="JOBYARD_MOST_BYTES", kind="number"),
    Setting(
        "reference_executor", variable="JOBYARD_EXECUTOR", kind="alternative", values=("readers", "reference")
    ),
)  # fmt: skip
