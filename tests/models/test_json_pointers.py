"""JSON pointers, by the examples of RFC 6901 and for every way."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jobyard.models.json_pointers import keys_of, pointer_to

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("pointer", "keys"),
    [
        ("", []),
        ("/", [""]),
        ("/foo/0", ["foo", "0"]),
        ("/a~1b", ["a/b"]),
        ("/m~0n", ["m~n"]),
        ("/~01", ["~1"]),
        ("//a/", ["", "a", ""]),
    ],
)
def test_a_pointer_has_these_keys(pointer: str, keys: list[str]) -> None:
    assert keys_of(pointer) == keys
    assert pointer_to(keys) == pointer


@given(st.lists(st.text(st.sampled_from("/~01ab*"))))
def test_every_way_is_read_back(keys: list[str]) -> None:
    assert keys_of(pointer_to(keys)) == keys


def test_no_other_module_reads_or_writes_what_is_escaped() -> None:
    sources = [path for layer in ("gql", "resolvers", "models") for path in (ROOT / layer).rglob("*.py")]
    escaping = [path.name for path in sources if "'~1'" in (text := path.read_text()) or '"~1"' in text]
    assert escaping == ["json_pointers.py"]
