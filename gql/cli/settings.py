"""`jobyard serve` and `jobyard config`: the settings of a server from flags, environment and file."""

import argparse
import gc
import os
import re
from pathlib import Path
from typing import Any

from ...models.json import Json, JsonObject
from ...models.reading_settings import (
    FILE_NAME,
    VARIABLE,
    chosen_settings,
    find_settings_file,
    settings_of,
)
from ...models.retention import write_age
from ...models.settings import SETTINGS, Setting, SettingRefused, Settings, json_value
from .client import ARGUMENT_INVALID, ServerRefused
from .output import Result, show

MASK = "********"
_PRIVATE = re.compile(r"//.*@", re.DOTALL)  # name and password in an address, also where they are written badly
# Options of an address that say how to reach a database, and never how to get in.
_PUBLIC_OPTIONS = (
    *("replicaset", "authsource", "authmechanism", "tls", "ssl", "directconnection", "loadbalanced", "readpreference"),
    *("readconcernlevel", "w", "journal", "retrywrites", "retryreads", "appname", "maxpoolsize", "minpoolsize"),
    *("serverselectiontimeoutms", "connecttimeoutms", "sockettimeoutms", "compressors"),
)


def add_settings(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--config", type=Path, metavar="FILE", help=f"the settings file (${VARIABLE}, else ./{FILE_NAME} if it exists)"
    )
    for setting in SETTINGS:
        if setting.flag:
            _add_setting(command, setting)


def _add_setting(command: argparse.ArgumentParser, setting: Setting) -> None:
    flag, field, help = setting.flag, setting.field, setting.help
    match setting.kind:
        case "switch":
            command.add_argument(flag, dest=field, action="store_true", help=help)
        case "list" | "rules" | "retention":
            command.add_argument(flag, dest=field, action="append", metavar=setting.metavar, help=help)
        case "choice":
            command.add_argument(flag, dest=field, choices=setting.values, help=help)
        case _:
            read = {"path": Path, "port": int}.get(setting.kind, str)
            command.add_argument(flag, dest=field, type=read, metavar=setting.metavar, help=help)


def run_server(options: argparse.Namespace) -> int:
    # What is loaded stays: the collector, which `serve` enables once it has started, would visit it again and again.
    gc.disable()
    from ..http.serving import serve

    def read_settings() -> Settings:
        return settings_of(vars(options), os.environ, find_settings_file(options.config, os.environ))

    try:
        return serve(read_settings(), read_settings)
    except SettingRefused as refusal:
        raise ServerRefused(str(refusal), ARGUMENT_INVALID) from refusal


def print_settings(options: argparse.Namespace) -> int:
    """Print each setting with its value in force and its place; secrets are masked."""
    try:
        file = find_settings_file(options.config, os.environ)
        found = chosen_settings(vars(options), os.environ, file)
        in_force = settings_of(vars(options), os.environ, file)
    except SettingRefused as refusal:
        raise ServerRefused(str(refusal), ARGUMENT_INVALID) from refusal
    rows: list[JsonObject] = [
        {"setting": one.setting.name, "value": _value(one.setting, in_force), "from": one.place} for one in found
    ]
    return show(Result(rows, ("setting", "value", "from")), options.output)


def _value(setting: Setting, settings: Settings) -> Json:
    owner, _, name = setting.field.rpartition(".")
    value: Any = getattr(getattr(settings, owner) if owner else settings, name)
    if setting.is_secret and value:
        return _masked_address(value) if setting.field == "mongodb_uri" else MASK
    if setting.kind == "alternative":
        return setting.values[int(value)]
    if setting.kind == "age":
        return None if value is None else write_age(value)
    return json_value(value // setting.unit if setting.kind == "number" else value)


def _masked_address(uri: str) -> str:
    """The address of a database without what only its owner may know."""
    address, mark, options = _PRIVATE.sub(f"//{MASK}@", uri).partition("?")
    options_of_address = (
        option if option.partition("=")[0].lower() in _PUBLIC_OPTIONS else f"{option.partition('=')[0]}={MASK}"
        for option in re.split("[&;]", options)
    )
    return f"{address}{mark}{'&'.join(options_of_address) if options else ''}"
