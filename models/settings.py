"""What the person who runs a server may choose: read once at the start, from flags and the environment."""

from dataclasses import dataclass, field
from pathlib import Path

from .engine.rules import DEFAULT_RULES, Rules


@dataclass(frozen=True)
class Settings:
    """Sizes in bytes, times in milliseconds."""

    host: str = "127.0.0.1"
    port: int = 8000
    mongodb_uri: str | None = None
    database: str = "jobyard"
    data: Path | None = None  # where a local mongod keeps its files; None: the user's data directory
    memory: bool = False
    providers: Path | None = None  # who does the tasks that are not built in
    origins: tuple[str, ...] = ()  # front ends on other origins that may call us (CORS)
    vendor_status: bool = False  # answer 500 where the documented system does
    largest_body: int = 16 * 1024 * 1024
    lease: int = 10_000  # how long a silent process keeps its jobs
    rules: Rules = DEFAULT_RULES
    open: bool = False  # no sign-in: whoever reaches the loopback address is `admin`
    admin_password: str | None = field(default=None, repr=False)  # of the first start; None: one is drawn
    token_lifetime: int = 12 * 3600 * 1000  # how long one stays signed in
    examples: bool = False  # import the example workflows at the start
