"""Flags come before the environment, the environment before the file; what is wrong in any of them is named."""

import os
import re
from pathlib import Path

import pytest
from jobyard.models.engine.rules import Rules
from jobyard.models.reading_settings import (
    LARGEST_FILE,
    chosen_settings,
    find_settings_file,
    misspelt_variables,
    read_settings_file,
    settings_of,
)
from jobyard.models.retention import Keep
from jobyard.models.settings import SETTINGS, SettingRefused, Settings

DAY = 24 * 3600 * 1000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "jobyard.toml"


def settings_in(path: Path, text: str, flags: dict[str, object] | None = None, **environment: str) -> Settings:
    path.write_text(text)
    return settings_of(flags or {}, environment, read_settings_file(path))


def test_every_setting_can_stand_in_the_file(path: Path) -> None:
    program = path.with_name("mongod")
    program.touch(0o755)
    of_kind = {
        "port": "0", "number": "7", "switch": "true", "list": "[]", "rules": "{}", "text": '"t"', "path": '"p"',
        "secret": '"secret of ours"', "retention": '["complete=30d,1000"]', "age": '"30d"', "ratio": "0.5",
    }  # fmt: skip
    of_name = {"mongod": '"mongod"', "root_path": '"/t"', "traces_endpoint": '"http://c"'}
    values = {
        one.name: f'"{one.values[-1]}"' if one.values else of_name.get(one.name) or of_kind[one.kind]
        for one in SETTINGS
        if one.field != "data"  # excludes `memory`
    }
    settings = settings_in(path, "\n".join(f"{name} = {value}" for name, value in values.items()))
    assert (settings.lease, settings.token_lifetime, settings.budget.stored) == (7, 7000, 7)
    assert (settings.mongod, settings.providers) == (program, path.parent / "p")
    assert (settings.memory, settings.reference_executor, settings.config) == (True, True, path)
    assert (settings.keep_jobs, settings.keep_audit) == ({"complete": Keep(30 * DAY, 1000)}, 30 * DAY)


@pytest.mark.parametrize(
    ("line", "refusal"),
    [
        ('keep_jobs = "complete=30d"', ':1: keep_jobs must be a list of texts, as in ["complete=30d,10000"].'),
        ('keep_jobs = ["running=30d"]', ":1: keep_jobs 'running=30d': write STATUS=AGE, STATUS=NUMBER or"),
        ("keep_audit = 30", ':1: keep_audit must be an age in quotes, as "30d".'),
        ('keep_audit = "a year"', ":1: keep_audit 'a year' is no age: write a number and s, m, h or d, as 30d"),
        ('keep_events = "1m"', ":1: keep_events: events are kept for 1h at least."),
    ],
)
def test_a_bad_retention_is_named_with_its_place(path: Path, line: str, refusal: str) -> None:
    with pytest.raises(SettingRefused, match=re.escape(refusal)):
        settings_in(path, line)


def test_a_flag_comes_before_the_variable_and_the_variable_before_the_file(path: Path) -> None:
    text = 'providers = "of-file.yaml"\nlog_level = "error"\nlease_ms = 5\naccess_log = true\n'
    flags: dict[str, object] = {"log_level": "debug"}
    settings = settings_in(path, text, flags, JOBYARD_LOG_LEVEL="warning", JOBYARD_LEASE_MS="6", JOBYARD_ACCESS_LOG="0")
    assert (settings.log_level, settings.lease, settings.access_log) == ("debug", 6, False)
    assert settings.providers == path.parent / "of-file.yaml"
    found = chosen_settings(flags, {"JOBYARD_LEASE_MS": "6"}, read_settings_file(path))
    places = {one.setting.name: one.place for one in found}
    assert places["log_level"] == "--log-level"
    assert places["lease_ms"] == "JOBYARD_LEASE_MS"
    assert places["providers"] == f"{path}:1"
    assert places["host"] == "default"


def test_each_rule_has_its_own_place(path: Path) -> None:
    text = '[rules]\ndead_ends = "ignore"\nmerge_single = "null"\ntime_reading = "strict"\n'
    flags: dict[str, object] = {"rules": ["merge_single=object"]}
    settings = settings_in(path, text, flags, JOBYARD_RULES="dead_ends=await")
    assert settings.rules == Rules(dead_ends="await", merge_single="object", time_reading="strict")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("prot = 1", "1: there is no setting 'prot': did you mean 'port'?"),
        ("\n[prot]\nx = 1", "2: there is no setting 'prot'"),
        ("qqqqqq = 1", "there is no setting 'qqqqqq': the settings are access_log, admin_password, "),
        ('# the port\nport = "1"', "2: port must be a whole number, without quotes."),
        ("port = true", "1: port must be a whole number"),
        ("port = 99999", "1: port 99999: a port is a number from 0 to 65535."),
        ("lease_ms = 0", "1: lease_ms must be a whole number of at least 1"),
        ("lease_ms = 1.5", "1: lease_ms must be a whole number of at least 1"),
        ('access_log = "yes"', "1: access_log must be true or false, without quotes."),
        ('log_level = "loud"', '1: log_level must be one of "debug", "info", "warning", "error".'),
        ('executor = "fast"', '1: executor must be one of "readers", "reference".'),
        ("host = 1", "1: host must be a text in quotes."),
        ("traces_ratio = 1.1", "1: traces_ratio must be a number from 0 to 1, without quotes."),
        ('traces_ratio = "1"', "1: traces_ratio must be a number from 0 to 1"),
        ("traces_ratio = nan", "1: traces_ratio must be a number from 0 to 1"),
        ('host = ""', "1: host must be a text in quotes."),
        ('origins = "https://a.example"', '1: origins must be a list of texts, as in ["one", "two"].'),
        ('origins = ["a.example"]', "1: origins a.example: an origin is http:// or https://"),
        ('trusted_proxies = ["ten"]', "1: trusted_proxies ten: this is an address or a network"),
        ('database = "a/b"', "1: database 'a/b': the name of a database"),
        ('mongod = "nowhere"', "there is no such file. Name the program of a mongod, or leave the setting out."),
        ('admin_password = "short"', "1: admin_password: a password has 8 to 1024 characters."),
        ("rules = 1", "1: rules must be a table of names and texts."),
        ('[rules]\ntime_readng = "strict"', "2: There is no rule 'time_readng'."),
        ('[rules]\ntime_reading = "odd"', "2: The rule time_reading cannot be 'odd'"),
        ("port = \nhost = 1", "is no TOML: Invalid value (at line 1, column 8)"),
        ("port = 1\nport = 2", "is no TOML"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(path: Path, text: str, message: str) -> None:
    with pytest.raises(SettingRefused) as refused:
        settings_in(path, text)
    assert message in str(refused.value)
    assert str(path) in str(refused.value)


def test_all_faults_are_named_at_once(path: Path) -> None:
    with pytest.raises(SettingRefused) as refused:
        settings_in(path, "prot = 1\nlease_ms = 0\n", {"log_level": "loud"}, JOBYARD_ACCESS_LOG="yes")
    assert len(str(refused.value).splitlines()) == 4


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"\xff", "is no text in UTF-8"), (b"#" * (LARGEST_FILE + 1), "is over the limit of 1,048,576 bytes")],
)
def test_a_file_that_cannot_be_settings_is_refused(path: Path, content: bytes, reason: str) -> None:
    path.write_bytes(content)
    with pytest.raises(SettingRefused, match=reason):
        read_settings_file(path)


@pytest.mark.parametrize("written", ["yes", "on", "2", " 1"])
def test_a_switch_of_the_environment_is_one_or_zero(written: str) -> None:
    with pytest.raises(SettingRefused, match=r"JOBYARD_ACCESS_LOG '.*': this is 1 or true, 0 or false"):
        settings_of({}, {"JOBYARD_ACCESS_LOG": written})


@pytest.mark.parametrize(("written", "value"), [("1", True), ("TRUE", True), ("0", False), ("false", False)])
def test_a_switch_of_the_environment_is_read(written: str, value: bool) -> None:
    assert settings_of({}, {"JOBYARD_ACCESS_LOG": written}).access_log is value


@pytest.mark.parametrize("written", ["", "1.5", "-1", "nan", "10%", "1e-3"])
def test_a_ratio_of_the_environment_is_from_0_to_1(written: str) -> None:
    with pytest.raises(SettingRefused, match=r"JOBYARD_TRACES_RATIO '.*': this is a number from 0 to 1"):
        settings_of({}, {"JOBYARD_TRACES_RATIO": written})
    assert settings_of({}, {"JOBYARD_TRACES_RATIO": "0.25"}).traces_ratio == 0.25


def test_memory_and_a_folder_for_data_exclude_each_other(path: Path) -> None:
    with pytest.raises(SettingRefused, match=r"--memory and .*jobyard.toml:1 exclude each other"):
        settings_in(path, 'data = "here"', {"memory": True})


def test_a_mongod_must_be_a_program(tmp_path: Path) -> None:
    with pytest.raises(SettingRefused, match=r"MONGOD /nofile: there is no such file. Name the program of a mongod"):
        settings_of({}, {"MONGOD": "/nofile"})
    (tmp_path / "mongod").write_text("")
    with pytest.raises(SettingRefused, match="this file cannot be executed"):
        settings_of({}, {"MONGOD": str(tmp_path / "mongod")})
    assert settings_of({}, {"MONGOD": ""}).mongod is None


def test_the_file_is_the_flag_s_then_the_variable_s_then_that_of_this_folder(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_settings_file(None, {}) is None
    path.write_text("")
    (tmp_path / "other.toml").write_text("")
    for flag, environment, name in (
        (None, {}, "jobyard.toml"),
        (None, {"JOBYARD_CONFIG": "other.toml"}, "other.toml"),
        (Path("jobyard.toml"), {"JOBYARD_CONFIG": "other.toml"}, "jobyard.toml"),
    ):
        found = find_settings_file(flag, environment)
        assert found is not None
        assert found.path == Path(name)
    with pytest.raises(SettingRefused, match=r"The settings file none.toml cannot be read: No such file"):
        find_settings_file(Path("none.toml"), {})


def test_a_file_of_this_folder_that_another_user_owns_must_be_named(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path.write_text("")
    owner = path.stat().st_uid
    monkeypatch.setattr(os, "getuid", lambda: owner + 1)
    if owner == 0:
        os.chown(path, 12345, -1)
    with pytest.raises(SettingRefused, match="belongs to another user: name it with --config"):
        find_settings_file(None, {})
    assert find_settings_file(Path("jobyard.toml"), {}) is not None


def test_a_variable_that_resembles_a_setting_is_found_and_one_of_others_is_not() -> None:
    names = ("JOBYARD_LOG_LEVL", "JOBYARD_PORT", "JOBYARD_SERVICE_HOST", "JOBYARD_LEASE_MS")
    environment: dict[str, str] = dict.fromkeys(names, "1")
    assert misspelt_variables(environment) == {"JOBYARD_LOG_LEVL": "JOBYARD_LOG_LEVEL"}
