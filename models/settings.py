"""What the person who runs a server may choose: read once at the start, from flags and the environment.

`SETTINGS` is the one table of it. The command `serve` has its flags, `settings_of` reads the variables, and a test
compares docs/operating.md.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal, TypeAlias, cast

from .engine.budget import DEFAULT_BUDGET, Budget
from .engine.lifecycle import JobEnd
from .engine.rules import DEFAULT_RULES, Rules, rules_of
from .retention import Keep, Retention, RetentionRefused, read_age, read_retention, write_retention

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 1024


MOST_DESCENDANTS = 10_000
MOST_LEVELS = 100
SHORTEST_EVENTS = 3600 * 1000  # subscribers and tasks that listen read stored events after an interruption
LOG_FORMATS = ("text", "json")
LOG_LEVELS = ("debug", "info", "warning", "error")
_DATABASE = re.compile(r"""[^/\\. "$*<>:|?\0]{1,63}""")  # what MongoDB takes on every system
_ORIGIN = re.compile(r"https?://[^/?#\s]+")


Kind: TypeAlias = Literal[
    "text", "secret", "path", "port", "switch", "list", "rules", "number", "choice", "alternative", "retention", "age"
]


class SettingRefused(ValueError):
    """A setting has a value that it cannot have; the message names both."""


@dataclass(frozen=True)
class Settings:
    """Sizes in bytes, times in milliseconds."""

    host: str = "127.0.0.1"
    port: int = 8000
    mongodb_uri: str | None = field(default=None, repr=False)  # may have a password in it
    database: str = "jobyard"
    data: Path | None = None  # where a local mongod keeps its files; None: the user's data directory
    memory: bool = False
    providers: Path | None = None  # who does the tasks that are not built in
    trusted_documents: Path | None = None  # the operations that are all that is run over GraphQL
    origins: tuple[str, ...] = ()  # front ends on other origins that may call us (CORS)
    vendor_status: bool = False  # answer 500 where the documented system does
    largest_body: int = 16 * 1024 * 1024
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
    starts_at_once: int = 8  # starts in progress, each until its job's first advance is stored
    starts_waiting: int = 500  # for one of these places; what comes beyond them is refused
    reference_executor: bool = False  # every field as graphql-core does it, without generated readers
    log_format: str = "text"  # of the lines on the error output
    log_level: str = "info"  # what is less than this is not said
    access_log: bool = False  # a line for each answer
    keep_jobs: Retention = field(default_factory=dict[JobEnd, Keep])  # by status; ended jobs of others stay
    keep_events: int = 30 * 24 * 3600 * 1000
    keep_keys: int | None = None  # idempotency keys of ended jobs; None: as long as their jobs
    keep_audit: int | None = None  # None: forever
    mongod_retry_seconds: int = 120  # a local mongod that dies has to run again within them; then the server ends

    def __post_init__(self) -> None:
        """SettingRefused for what no server could work with."""
        if not 0 <= self.port <= 65_535:
            raise SettingRefused(f"--port {self.port}: a port is a number from 0 to 65535.")
        for name, value, known in (
            ("log-format", self.log_format, LOG_FORMATS),
            ("log-level", self.log_level, LOG_LEVELS),
        ):
            if value not in known:
                raise SettingRefused(f"--{name} {value}: this is one of {', '.join(known)}.")
        if self.keep_events < SHORTEST_EVENTS:
            raise SettingRefused("JOBYARD_KEEP_EVENTS: events are kept for 1h at least.")
        if not _DATABASE.fullmatch(self.database):
            raise SettingRefused(
                f"JOBYARD_DATABASE '{self.database}': the name of a database has 1 to 63 characters, none of them "
                'one of /\\. "$*<>:|?'
            )
        if self.admin_password is not None and not SHORTEST_PASSWORD <= len(self.admin_password) <= LONGEST_PASSWORD:
            raise SettingRefused(
                f"JOBYARD_ADMIN_PASSWORD: a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters."
            )
        for proxy in self.trusted_proxies:
            try:
                ip_network(proxy, strict=False)
            except ValueError as fault:
                raise SettingRefused(f"--trusted-proxy {proxy}: this is an address or a network, {fault}.") from fault
        for origin in self.origins:
            if not _ORIGIN.fullmatch(origin):
                raise SettingRefused(f"--origin {origin}: an origin is http:// or https://, a host and perhaps a port.")


def shown(settings: Settings) -> dict[str, object]:
    """The settings as JSON values, without the secret ones."""
    return {one.name: _shown(getattr(settings, one.name)) for one in fields(settings) if one.repr}


def _shown(value: object) -> object:
    if isinstance(value, Budget | Rules):
        return asdict(value)
    if isinstance(value, dict):
        return write_retention(cast(Retention, value))
    return str(value) if isinstance(value, Path) else value


def whole_number(environment: Mapping[str, str], name: str, default: int) -> int:
    """The setting of this name, a whole number of at least 1; SettingRefused for anything else."""
    written = environment.get(name)
    if written is None:
        return default
    if not (written.isascii() and written.isdigit() and int(written)):
        raise SettingRefused(f"{name} '{written}': this is a whole number of at least 1.")
    return int(written)


def chosen(environment: Mapping[str, str], name: str, values: tuple[str, ...]) -> str:
    """The setting of this name, else the first of the values; SettingRefused for what is none of them."""
    written = environment.get(name, values[0])
    if written not in values:
        raise SettingRefused(f"{name} '{written}': this is one of {', '.join(values)}.")
    return written


@dataclass(frozen=True)
class Setting:
    """How one field of Settings is set: by a flag, by an environment variable, or by either; the flag comes first.

    `field` may be one of the budget, `budget.iterations`. A `number` of the environment is multiplied by `unit`;
    `values` are those of a `choice`, and of an `alternative`, whose second one is True; a `switch` of the environment
    is on with 1.
    """

    field: str
    flag: str = ""
    variable: str = ""
    kind: Kind = "text"
    help: str = ""  # of the flag
    metavar: str | None = None  # of the flag
    values: tuple[str, ...] = ()
    unit: int = 1


SETTINGS = (
    Setting("host", "--host", help="the address to listen on (127.0.0.1)", metavar="HOST"),
    Setting("port", "--port", kind="port", help="the port to listen on (8000); 0: a free one", metavar="PORT"),
    Setting("mongodb_uri", variable="MONGODB_URI"),
    Setting("database", variable="JOBYARD_DATABASE"),
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
        "origins", "--origin", kind="list", help="allow front ends on this origin (repeatable)", metavar="ORIGIN"
    ),
    Setting(
        "trusted_proxies", "--trusted-proxy", kind="list", metavar="ADDRESS",
        help="the address or network of a proxy whose X-Forwarded-For, -Proto and -Host are trusted (repeatable)",
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
    Setting("admin_password", variable="JOBYARD_ADMIN_PASSWORD", kind="secret"),
    Setting("secrets_key", variable="JOBYARD_SECRETS_KEY", kind="secret"),
    Setting("secrets_key_file", variable="JOBYARD_SECRETS_KEY_FILE", kind="path"),
    Setting("token_lifetime", variable="JOBYARD_TOKEN_SECONDS", kind="number", unit=1000),
    Setting("lease", variable="JOBYARD_LEASE_MS", kind="number"),
    Setting("starts_at_once", variable="JOBYARD_STARTS_AT_ONCE", kind="number"),
    Setting("starts_waiting", variable="JOBYARD_STARTS_WAITING", kind="number"),
    Setting(
        "keep_jobs", "--keep-jobs", "JOBYARD_KEEP_JOBS", "retention",
        "remove ended jobs of this status that are older, and those beyond this number (repeatable; "
        "$JOBYARD_KEEP_JOBS)", "STATUS=AGE,NUMBER",
    ),
    Setting("keep_events", variable="JOBYARD_KEEP_EVENTS", kind="age"),
    Setting("keep_audit", variable="JOBYARD_KEEP_AUDIT", kind="age"),
    Setting("keep_keys", variable="JOBYARD_KEEP_KEYS", kind="age"),
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


def settings_of(flags: Mapping[str, Any], environment: Mapping[str, str]) -> Settings:
    """The settings from flags, by the names of fields, and variables. RuleRefused, SettingRefused for bad ones."""
    found = {one.field: _value(one, flags.get(one.field), environment) for one in SETTINGS}
    chosen: dict[str, Any] = {name: value for name, value in found.items() if value is not None}
    budget = {name: chosen.pop(name) for name in list(chosen) if name.startswith("budget.")}
    return Settings(**chosen, budget=Budget(**{name.partition(".")[2]: value for name, value in budget.items()}))


def _value(one: Setting, given: Any, environment: Mapping[str, str]) -> Any:
    """The value of the setting; None if neither flag nor variable sets it. `given` is argparse's value of the flag."""
    written = environment.get(one.variable) if one.variable else None
    match one.kind:
        case "number":
            return None if written is None else whole_number(environment, one.variable, 1) * one.unit
        case "alternative":
            return chosen(environment, one.variable, one.values) == one.values[1]
        case "rules":
            return rules_of(" ".join(given or ()), rules_of(written or ""))
        case "retention":
            return _retention(given or (written or "").split(), one.flag if given else one.variable)
        case "age":
            return None if written is None else _age(written, one.variable)
        case "list":
            return tuple(given or ())
        case "switch":
            return bool(given) or written == "1"
        case "path":
            return given or (Path(written) if written else None)
        case "secret":
            return written or None
        case "text" | "choice" | "port":
            return written if given is None else given


def _retention(texts: Sequence[str], name: str) -> dict[JobEnd, Keep]:
    try:
        return read_retention(texts)
    except RetentionRefused as refusal:
        raise SettingRefused(f"{name} {refusal}") from refusal


def _age(text: str, name: str) -> int:
    try:
        return read_age(text)
    except RetentionRefused as refusal:
        raise SettingRefused(f"{name} {refusal}") from refusal
