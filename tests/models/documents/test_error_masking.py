"""Secrets are masked in what is said of a job that went wrong."""

from typing import Any
from urllib.parse import quote

import pytest
from jobyard.models.secrets.error_masking import MOST_SPELLINGS, mask_value
from jobyard.models.secrets.masking import MASK

SECRET = 'p"w\\ö/ZZ secret\n9417'


@pytest.mark.parametrize(
    ("said", "secret", "expected"),
    [
        ("not the text 'ZZsecretZZ'.", "ZZsecretZZ", f"not the text '{MASK}'."),
        ("ZZsecretZZ and ZZsecretZZ", "ZZsecretZZ", f"{MASK} and {MASK}"),
        (SECRET, SECRET, MASK),
        ('{"a":"p\\"w\\\\ö/ZZ secret\\n9417"}', SECRET, f'{{"a":"{MASK}"}}'),
        ('{"a":"p\\"w\\\\\\u00f6/ZZ secret\\n9417"}', SECRET, f'{{"a":"{MASK}"}}'),
        (f"?q={quote(SECRET, safe='')}&r=1", SECRET, f"?q={MASK}&r=1"),
        ("KeyError: " + repr(SECRET), SECRET, f"KeyError: '{MASK}'"),
        ("the text 'a very long sec'", "a very long secret that was cut off", f"the text '{MASK}'"),
        ("a very long story", "a very long secret that was cut off", f"{MASK}tory"),
        ("ab is no cab", "ab", f"{MASK} is no cab"),
        ("PIN 7 of 71", 7, f"PIN {MASK} of 71"),
        ("it is 12345.5", 12345.5, f"it is {MASK}"),
        ("true, null and false", [True, None, False, ""], "true, null and false"),
        ("user ada, key k0k0", {"user": "ada", "keys": ["k0k0"]}, f"user {MASK}, key {MASK}"),
        ({"status": 500, "body": {"said": ["ZZsecretZZ", 1], "ZZsecretZZ": None}}, "ZZsecretZZ",
         {"status": 500, "body": {"said": [MASK, 1], MASK: None}}),
        ({"pin": 123456}, "123456", {"pin": MASK}),
        ("nothing", "other", "nothing"),
        ("ZZsecretZZ", "  ZZsecretZZ ", MASK),
    ],
)  # fmt: skip
def test_a_secret_is_masked_in_every_spelling(said: Any, secret: Any, expected: Any) -> None:
    assert mask_value(said, [secret]) == expected


def test_longer_secrets_are_looked_for_first() -> None:
    assert mask_value("abcdef", ["abcd", "abcdef"]) == MASK


def test_of_a_job_with_very_many_secrets_nothing_is_said() -> None:
    assert mask_value("anything", [f"secret {number}" for number in range(MOST_SPELLINGS)]) == MASK
