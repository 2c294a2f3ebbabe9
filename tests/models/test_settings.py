"""What the person who runs a server writes is refused before anything is opened, by name and value."""

from pathlib import Path
from typing import Any

import pytest
from jobyard.models.engine.rules import Rules
from jobyard.models.reading_settings import settings_of, whole_number
from jobyard.models.settings import SettingRefused, Settings


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ({"port": 99_999}, "--port 99999: a port is a number from 0 to 65535"),
        ({"port": -1}, "--port -1"),
        ({"database": "a/b"}, "JOBYARD_DATABASE 'a/b'"),
        ({"database": ""}, "JOBYARD_DATABASE ''"),
        ({"database": "d" * 64}, "1 to 63 characters"),
        ({"admin_password": "secret!"}, "JOBYARD_ADMIN_PASSWORD: a password has 8 to 1024 characters"),
        ({"origins": ("https://app.example", "app.example")}, "--origin app.example: an origin is http"),
        ({"origins": ("*",)}, r"--origin \*"),
        ({"origins": ("https://app.example/",)}, "--origin https://app.example/"),
    ],
)
def test_what_no_server_can_work_with_is_refused(setting: dict[str, Any], told: str) -> None:
    with pytest.raises(SettingRefused, match=told):
        Settings(**setting)


def test_what_servers_work_with_is_taken() -> None:
    settings = Settings(port=0, database="d" * 63, origins=("https://app.example", "http://127.0.0.1:5173"))
    assert settings.origins == ("https://app.example", "http://127.0.0.1:5173")


@pytest.mark.parametrize("written", ["abc", "", "0", "-5", "1.5", "²", " 7"])
def test_a_number_must_be_one(written: str) -> None:
    with pytest.raises(SettingRefused, match=r"JOBYARD_LEASE_MS '.*': this is a whole number of at least 1"):
        whole_number("JOBYARD_LEASE_MS", written)


def test_a_number_that_is_not_set_is_the_default() -> None:
    assert settings_of({}, {}).lease == 10_000
    assert settings_of({}, {"JOBYARD_LEASE_MS": "250"}).lease == 250


def test_one_of_several_values_must_be_one_of_them() -> None:
    assert settings_of({}, {"JOBYARD_EXECUTOR": "readers"}).reference_executor is False
    assert settings_of({}, {"JOBYARD_EXECUTOR": "reference"}).reference_executor is True
    with pytest.raises(SettingRefused, match="JOBYARD_EXECUTOR 'fast': this is one of readers, reference"):
        settings_of({}, {"JOBYARD_EXECUTOR": "fast"})


def test_what_is_shown_of_them_has_no_password() -> None:
    settings = Settings(mongodb_uri="mongodb://ada:hunter2@127.0.0.1/", admin_password="hunter2 as well")
    assert "hunter2" not in repr(settings)


def test_a_flag_comes_before_its_variable() -> None:
    environment = {"JOBYARD_PROVIDERS": "theirs.yaml", "JOBYARD_LOG_LEVEL": "error", "JOBYARD_ACCESS_LOG": "1"}
    environment["JOBYARD_RULES"] = "dead_ends=ignore child_error=propagate"
    told = {"providers": Path("ours.yaml"), "log_level": "debug", "access_log": False, "rules": ["child_error=wait"]}
    settings = settings_of(told, environment)
    assert (settings.providers, settings.log_level, settings.access_log) == (Path("ours.yaml"), "debug", True)
    assert settings.rules == Rules(dead_ends="ignore", child_error="wait")
    settings = settings_of(dict.fromkeys(told), environment)
    assert (settings.providers, settings.log_level, settings.access_log) == (Path("theirs.yaml"), "error", True)
    assert settings.rules == Rules(dead_ends="ignore", child_error="propagate")


def test_the_lowest_port_is_a_choice_and_an_empty_secret_is_none() -> None:
    variables = ("JOBYARD_ADMIN_PASSWORD", "JOBYARD_SECRETS_KEY", "JOBYARD_SECRETS_KEY_FILE", "JOBYARD_PROVIDERS")
    settings = settings_of({"port": 0, "origins": None}, dict.fromkeys(variables, ""))
    assert settings == Settings(port=0)


def test_times_and_budgets_are_read_in_their_units() -> None:
    environment = {"JOBYARD_TOKEN_SECONDS": "60", "JOBYARD_MOST_BYTES": "5", "JOBYARD_EXECUTOR": "reference"}
    settings = settings_of({}, environment)
    assert (settings.token_lifetime, settings.budget.stored, settings.reference_executor) == (60_000, 5, True)
    assert settings.budget.attempts == Settings().budget.attempts
