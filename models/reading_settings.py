"""Reads settings: from flags, then from the environment, then from the settings file, else the default."""

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from .engine.budget import Budget
from .engine.rules import RuleRefused, choices, rules_of, with_rules
from .json import Json, JsonObject, is_array, is_object
from .retention import Retention, RetentionRefused, read_age, read_retention
from .settings import SETTINGS, Setting, SettingRefused, Settings

FILE_NAME: Final = "jobyard.toml"
VARIABLE: Final = "JOBYARD_CONFIG"
LARGEST_FILE: Final = 1024 * 1024
DEFAULT: Final = "default"
OF_CLIENTS: Final = ("JOBYARD_SERVER", "JOBYARD_TOKEN")  # of the command line
_KEY: Final = re.compile(r"""^\s*["']?([\w.-]+)["']?\s*=""")
_RATIO: Final = re.compile(r"0(\.[0-9]{1,6})?|1(\.0{1,6})?", re.ASCII)
_TRUE, _FALSE = ("1", "true"), ("0", "false")
_BY_NAME: Final = {one.name: one for one in SETTINGS}
_FORMS: Final = {
    "switch": "true or false, without quotes",
    "port": "a whole number, without quotes",
    "number": "a whole number of at least 1, without quotes",
    "ratio": "a number from 0 to 1, without quotes",
    "list": "a list of texts, as in [\"one\", \"two\"]",
    "rules": "a table of names and texts",
    "retention": "a list of texts, as in [\"complete=30d,10000\"]",
    "age": "an age in quotes, as \"30d\"",
}  # fmt: skip


@dataclass(frozen=True)
class SettingsFile:
    """The settings of a file. Paths in the file are relative to its folder."""

    path: Path
    values: JsonObject
    text: str

    def place(self, name: str) -> str:
        """The file, and the line where the name is set."""
        for number, line in enumerate(self.text.splitlines(), 1):
            found = _KEY.match(line)
            if (found and found[1] == name) or line.strip() == f"[{name}]":
                return f"{self.path}:{number}"
        return str(self.path)


@dataclass(frozen=True)
class Chosen:
    """The value of a setting, None for the default, and the place that sets it."""

    setting: Setting
    value: Any
    place: str


def find_settings_file(flag: Path | None, environment: Mapping[str, str]) -> SettingsFile | None:
    """The file of --config, else of JOBYARD_CONFIG, else jobyard.toml in the present folder if there is one.

    SettingRefused for an unreadable file, and for a jobyard.toml of the present folder that belongs to another user:
    who runs a server in a folder of others has not chosen their settings.
    """
    path = flag or Path(environment.get(VARIABLE) or FILE_NAME)
    if flag is None and not environment.get(VARIABLE):
        try:
            owner = path.stat().st_uid
        except OSError:
            return None
        if owner not in (os.getuid(), 0):
            raise SettingRefused(f"{path} in this folder belongs to another user: name it with --config to use it.")
    return read_settings_file(path)


def read_settings_file(path: Path) -> SettingsFile:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
        text = content.decode()
    except OSError as fault:
        raise SettingRefused(f"The settings file {path} cannot be read: {fault.strerror}.") from fault
    except UnicodeDecodeError as fault:
        raise SettingRefused(f"The settings file {path} is no text in UTF-8.") from fault
    if len(content) > LARGEST_FILE:
        raise SettingRefused(f"The settings file {path} is over the limit of {LARGEST_FILE:,} bytes.")
    try:
        return SettingsFile(path, tomllib.loads(text), text)
    except (tomllib.TOMLDecodeError, RecursionError) as fault:
        raise SettingRefused(f"The settings file {path} is no TOML: {fault}.") from fault


def settings_of(flags: Mapping[str, Any], environment: Mapping[str, str], file: SettingsFile | None = None) -> Settings:
    """The settings from flags, by the names of fields, variables and the file. SettingRefused names every fault."""
    found = chosen_settings(flags, environment, file)
    values = {one.setting.field: one.value for one in found if one.value is not None}
    places = {one.setting.field: one.place for one in found}
    if values.get("memory") and "data" in values:
        raise SettingRefused(
            f"{places['memory']} and {places['data']} exclude each other: memory keeps no files. Leave one of them out."
        )
    budget = {name: values.pop(name) for name in list(values) if name.startswith("budget.")}
    return Settings(
        **values,
        budget=Budget(**{name.partition(".")[2]: value for name, value in budget.items()}),
        config=None if file is None else file.path,
    )


def chosen_settings(
    flags: Mapping[str, Any], environment: Mapping[str, str], file: SettingsFile | None = None
) -> list[Chosen]:
    """Every setting with its place, in the order of the table. SettingRefused names every fault, one a line."""
    faults = [] if file is None else _unknown_names(file)
    found: list[Chosen] = []
    for setting in SETTINGS:
        try:
            chosen = _chosen(setting, flags, environment, file)
            fault = setting.fault_of(chosen.value)
            if fault is not None:
                raise SettingRefused(f"{_name_at(chosen)}{fault}")
            found.append(chosen)
        except SettingRefused as refusal:
            faults.append(str(refusal))
    if faults:
        raise SettingRefused("\n".join(faults))
    return found


def misspelt_variables(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that look like a misspelt setting, each with the variable that it resembles.

    Others may set variables that begin with JOBYARD_, as Kubernetes does for a service of that name.
    """
    known = [one.variable for one in SETTINGS if one.variable.startswith("JOBYARD_")] + [VARIABLE, *OF_CLIENTS]
    found: dict[str, str] = {}
    for name in environment:
        if name.startswith("JOBYARD_") and name not in known:
            nearest = get_close_matches(name, known, 1, cutoff=0.85)
            found |= {name: nearest[0]} if nearest else {}
    return found


def _name_at(chosen: Chosen) -> str:
    """The beginning of a sentence about a value: the flag or the variable, or the place and the name in the file."""
    setting = chosen.setting
    return chosen.place if chosen.place in (setting.flag, setting.variable) else f"{chosen.place}: {setting.name}"


def _unknown_names(file: SettingsFile) -> list[str]:
    faults: list[str] = []
    for name in file.values:
        if name not in _BY_NAME:
            nearest = get_close_matches(name, _BY_NAME, 1)
            remedy = f"did you mean '{nearest[0]}'?" if nearest else f"the settings are {', '.join(sorted(_BY_NAME))}."
            faults.append(f"{file.place(name)}: there is no setting '{name}': {remedy}")
    return faults


def _chosen(
    setting: Setting, flags: Mapping[str, Any], environment: Mapping[str, str], file: SettingsFile | None
) -> Chosen:
    if setting.kind == "rules":
        return _chosen_rules(setting, flags, environment, file)
    flag = flags.get(setting.field)
    if flag is not None and flag is not False:
        return Chosen(setting, _of_flag(setting, flag), setting.flag)
    written = environment.get(setting.variable) if setting.variable else None
    if written is not None:
        value = _of_variable(setting, written)
        if value is not None:
            return Chosen(setting, value, setting.variable)
    if file is not None and setting.name in file.values:
        return Chosen(setting, _of_file(setting, file.values[setting.name], file), file.place(setting.name))
    return Chosen(setting, None, DEFAULT)


def _of_flag(setting: Setting, flag: Any) -> Any:
    match setting.kind:
        case "list":
            return tuple(flag)
        case "retention":
            return _retention(flag, setting.flag)
        case _:
            return flag


def _retention(texts: Sequence[str], name: str) -> Retention:
    try:
        return read_retention(texts)
    except RetentionRefused as refusal:
        raise SettingRefused(f"{name} {refusal}") from refusal


def _age(text: str, name: str) -> int:
    try:
        return read_age(text)
    except RetentionRefused as refusal:
        raise SettingRefused(f"{name} {refusal}") from refusal


def _of_variable(setting: Setting, written: str) -> Any:
    """The value that a variable says; None for an empty one where it says nothing."""
    match setting.kind:
        case "number":
            return whole_number(setting.variable, written) * setting.unit
        case "ratio":
            return _ratio(setting.variable, written)
        case "alternative":
            if written not in setting.values:
                raise SettingRefused(f"{setting.variable} '{written}': this is one of {', '.join(setting.values)}.")
            return written == setting.values[1]
        case "switch":
            if written.lower() not in (*_TRUE, *_FALSE, ""):
                raise SettingRefused(f"{setting.variable} '{written}': this is 1 or true, 0 or false.")
            return written.lower() in _TRUE if written else None
        case "path":
            return Path(written) if written else None
        case "retention":
            return _retention(written.split(), setting.variable) if written else None
        case "age":
            return _age(written, setting.variable) if written else None
        case "secret":
            return written or None
        case _:
            return written


def _ratio(name: str, written: str) -> float:
    if not _RATIO.fullmatch(written):
        raise SettingRefused(f"{name} '{written}': this is a number from 0 to 1.")
    return float(written)


def whole_number(name: str, written: str) -> int:
    """A whole number of at least 1; SettingRefused for anything else."""
    if not (written.isascii() and written.isdigit() and int(written)):
        raise SettingRefused(f"{name} '{written}': this is a whole number of at least 1.")
    return int(written)


def _of_file(setting: Setting, value: Json, file: SettingsFile) -> Any:
    texts = ", ".join(f'"{one}"' for one in setting.values)
    form = _FORMS.get(setting.kind) or (f"one of {texts}" if texts else "a text in quotes")
    refusal = SettingRefused(f"{file.place(setting.name)}: {setting.name} must be {form}.")
    match setting.kind:
        case "switch":
            if not isinstance(value, bool):
                raise refusal
            return value
        case "port" | "number":
            least = 0 if setting.kind == "port" else 1
            if isinstance(value, bool) or not isinstance(value, int) or value < least:
                raise refusal
            return value * setting.unit
        case "ratio":
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
                raise refusal
            return float(value)
        case "list" | "retention":
            if not is_array(value):
                raise refusal
            entries = [one for one in value if isinstance(one, str)]
            if len(entries) < len(value):
                raise refusal
            name = f"{file.place(setting.name)}: {setting.name}"
            return tuple(entries) if setting.kind == "list" else _retention(entries, name)
        case _:
            if not isinstance(value, str) or not value or (setting.values and value not in setting.values):
                raise refusal
            if setting.kind == "alternative":
                return value == setting.values[1]
            if setting.kind == "age":
                return _age(value, f"{file.place(setting.name)}: {setting.name}")
            return file.path.parent / value if setting.kind == "path" else value


def _chosen_rules(
    setting: Setting, flags: Mapping[str, Any], environment: Mapping[str, str], file: SettingsFile | None
) -> Chosen:
    """The rules of the file, changed by the variable, changed by the flags: each rule has a place of its own."""
    rules, places = rules_of(""), list[str]()
    of_file = file.values.get(setting.name) if file else None
    if file is not None and of_file is not None:
        if not is_object(of_file):
            raise SettingRefused(f"{file.place(setting.name)}: {setting.name} must be {_FORMS['rules']}.")
        for name, value in of_file.items():
            nearest = get_close_matches(name, choices(), 1) if name not in choices() else []
            try:
                rules = with_rules({name: value}, rules)
            except RuleRefused as refusal:
                hint = f" Did you mean '{nearest[0]}'?" if nearest else ""
                raise SettingRefused(f"{file.place(name)}: {refusal}{hint}") from refusal
        places.append(file.place(setting.name))
    for place, written in (
        (setting.variable, environment.get(setting.variable, "")),
        (setting.flag, " ".join(flags.get(setting.field) or ())),
    ):
        if written:
            try:
                rules = rules_of(written, rules)
            except RuleRefused as refusal:
                raise SettingRefused(f"{place}: {refusal}") from refusal
            places.append(place)
    return Chosen(setting, rules if places else None, ", ".join(reversed(places)) or DEFAULT)
