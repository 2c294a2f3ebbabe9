"""Secrets are masked where values are shown (reference/execution.md#secret-marks)."""

from typing import Any

import pytest
from jobyard.models.secrets.masking import MASK, masked

VALUES = {"password": "s3cret", "login": {"user": "ada", "keys": ["k0", "k1"]}, "a/b": 1, "plain": 2}


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ("/password", {**VALUES, "password": MASK}),
        ("/login/keys/1", {**VALUES, "login": {"user": "ada", "keys": ["k0", MASK]}}),
        ("/login", {**VALUES, "login": MASK}),
        ("/a~1b", {**VALUES, "a/b": MASK}),
        ("/variables/password", {**VALUES, "password": MASK}),
        ("/nope", VALUES),
        ("/login/keys/7", VALUES),
        ("/plain/deeper", VALUES),
        ("", VALUES),
        (None, VALUES),
    ],
)
def test_4_5_the_value_at_the_pointer_is_masked(pointer: Any, expected: Any) -> None:
    assert masked(VALUES, [{"type": "encryption", "pointer": pointer}], "variables") == expected


def test_the_values_themselves_stay_as_they_are() -> None:
    values = {"login": {"password": "s3cret"}}
    masked(values, [{"type": "encryption", "pointer": "/login/password"}])
    assert values == {"login": {"password": "s3cret"}}


@pytest.mark.parametrize("decorators", [[], [{"type": "query", "pointer": "/password"}], ["nonsense", None]])
def test_nothing_else_is_masked_nor_copied(decorators: list[Any]) -> None:
    assert masked(VALUES, decorators) is VALUES
