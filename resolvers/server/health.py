"""How this server is, in the documented words, with the keys that its readers need (reference/clients.md#health).

The documented system runs on Node.js. What that has and Python has not, versions of its parts and a heap of its own, is
an empty text or what comes nearest.
"""

import os
import platform
import socket
import ssl
import sys
import time
import unicodedata
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from ...models.errors import PartNotFound
from ...models.json import JsonObject
from ...models.version import own_version
from ..builtin_tasks.registry import BUILT_IN
from ..search import rows
from ..search.documented_fields import NUMBER, TEXT
from ..services import Services

# Clients choose by this which API they speak: below 2021.2 an older one (reference/clients.md#release).
RELEASE: Final = "2023.2.0"
LARGEST: Final = 2**31 - 1  # readers keep sizes in 32 bits
MOST_PARTS: Final = 1000
_FIELDS: Final[rows.RowFields] = {
    **dict.fromkeys(
        ("id", "package_id", "version", "type", "description", "routePrefix", "state", "connection.state"), TEXT
    ),
    **dict.fromkeys(("uptime", "pid", "timestamp"), NUMBER),
}
_NODE: Final = (
    "node",
    "acorn",
    "ada",
    "ares",
    "brotli",
    "cjs_module_lexer",
    "cldr",
    "icu",
    "llhttp",
    "modules",
    "napi",
    "nghttp2",
    "openssl",
    "simdutf",
    "tz",
    "undici",
    "unicode",
    "uv",
    "uvwasi",
    "v8",
    "zlib",
)


def server(services: Services) -> JsonObject:
    known = {
        "openssl": ssl.OPENSSL_VERSION,
        "unicode": unicodedata.unidata_version,
        "zlib": zlib.ZLIB_VERSION,
        "python": platform.python_version(),
        "jobyard": own_version(),
    }
    return {
        "version": own_version(),
        "release": RELEASE,
        "arch": platform.machine(),
        "platform": sys.platform,
        "versions": {**dict.fromkeys(_NODE, ""), **known},
        "memoryUsage": _memory(),
        "cpuUsage": _cpu(),
        "uptime": _uptime(services),
        "pid": os.getpid(),
    }


def system() -> JsonObject:
    pages = os.sysconf("SC_PAGE_SIZE")
    return {
        "arch": platform.machine(),
        "release": platform.release(),
        "uptime": time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)),
        "freemem": pages * os.sysconf("SC_AVPHYS_PAGES"),
        "totalmem": pages * os.sysconf("SC_PHYS_PAGES"),
        "loadavg": list(os.getloadavg()),
        "cpus": [*_processors()],
    }


async def status(services: Services) -> JsonObject:
    service: JsonObject | None = (
        {"service": "mongo", "status": await _database(services)} if services.store.durable else None
    )
    return {
        "host": socket.gethostname(),
        "serverId": services.jobs.owner,
        "serverName": None,
        "services": [service] if service else [],
        "timestamp": services.clock.now(),
        "apps": "running",
        "adapters": "running",
    }


def unready(services: Services) -> str:
    """Why this server cannot serve now, in a word or two; empty where it can. It asks nobody, and costs nothing."""
    if services.closing.is_set():
        return "draining"
    if not services.admission.active:
        return "deactivated"
    if services.pulse.away:
        return "database"
    if not services.feed.is_listening():
        return "change stream"
    if not services.jobs.servers.is_fresh():
        return "heartbeat"
    return f"secrets key {services.missing_keys[0]} missing" if services.missing_keys else ""


def applications(services: Services, parameters: JsonObject) -> JsonObject:
    """Those of the built-in tasks: they all run in this process."""
    return _listed(_applications(services).values(), parameters)


def adapters(services: Services, parameters: JsonObject) -> JsonObject:
    """Those that the providers file names. Whether they answer is known only when a task asks them."""
    return _listed(_adapters(services).values(), parameters)


def application(services: Services, name: str) -> JsonObject:
    return _named(_applications(services), "application", name)


def adapter(services: Services, name: str) -> JsonObject:
    return _named(_adapters(services), "adapter", name)


def _applications(services: Services) -> dict[str, JsonObject]:
    names = {app for app, _ in BUILT_IN}
    return {name: {**_part(services, name, "Application"), "connection": None} for name in names}


def _adapters(services: Services) -> dict[str, JsonObject]:
    connection: JsonObject = {"state": "UNKNOWN"}
    return {
        name: {**_part(services, name, "Adapter"), "connection": connection} for name in services.providers.adapters
    }


def _named(parts: dict[str, JsonObject], kind: str, name: str) -> JsonObject:
    if name not in parts:
        raise PartNotFound(kind, name)
    return parts[name]


def _part(services: Services, name: str, kind: str) -> JsonObject:
    return {
        "id": name,
        "package_id": f"@jobyard/{name.lower()}",
        "version": own_version(),
        "type": kind,
        "description": None,
        "routePrefix": name.lower(),
        "state": "RUNNING",
        "uptime": _uptime(services),
        "memoryUsage": _memory(),
        "cpuUsage": _cpu(),
        "pid": os.getpid(),
        "logger": {"console": "info", "file": None, "syslog": None},
        "timestamp": services.clock.now(),
        "prevUptime": 0,
    }


def _listed(parts: Iterable[JsonObject], parameters: JsonObject) -> JsonObject:
    """All that are found, unless a limit is parameters."""
    found = rows.list_rows(list(parts), {"limit": MOST_PARTS, **parameters}, _FIELDS, first="id")
    return {"results": [*found.documents], "total": found.metadata["total"]}


async def _database(services: Services) -> str:
    """Within the patience of the pulse."""
    return "stopped" if services.pulse.away or not await services.pulse.look() else "running"


def _uptime(services: Services) -> float:
    return max(0, services.clock.now() - services.opened) / 1000


def _memory() -> JsonObject:
    """In bytes. Python has no heap apart: its parts are what the whole process has."""
    used = min(_resident(), LARGEST)
    return {"rss": used, "heapTotal": used, "heapUsed": used, "external": 0, "arrayBuffers": 0}


def _resident() -> int:
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):  # not on Linux
        return 0


def _cpu() -> JsonObject:
    """In microseconds, as far as 32 bits hold them."""
    used = os.times()
    return {"user": min(int(used.user * 1e6), LARGEST), "system": min(int(used.system * 1e6), LARGEST)}


def _processors() -> list[JsonObject]:
    """Milliseconds by what each did; nothing where the system does not say it as Linux does."""
    try:
        lines = [line.split() for line in Path("/proc/stat").read_text().splitlines() if line.startswith("cpu")]
    except OSError:
        return []
    tick = 1000 // os.sysconf("SC_CLK_TCK")
    names = ("user", "nice", "sys", "idle", "", "irq")
    return [
        {
            "model": platform.processor() or platform.machine(),
            "speed": 0,
            "times": {name: int(value) * tick for name, value in zip(names, values, strict=False) if name},
        }
        for cpu, *values in lines
        if cpu != "cpu"
    ]
