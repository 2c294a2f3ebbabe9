"""The table of codes has every code that is answered, with its status."""

import re

from jobyard.gql.rest.envelope import STATUS

from ..parts import ROOT
from .pages import page

CODES = re.search(r"^\| code \|.*\n\|[-|]+\n((?:\|.*\n)+)", page("docs/errors.md"), re.MULTILINE)
NEVER_ANSWERED = {"TOO_MANY_CHILD_JOBS"}  # it ends a task, whose error shows the message alone


def test_it_names_every_code_once() -> None:
    """Those of the classes of errors, and those that are written where there is none."""
    assert CODES is not None
    rows = re.findall(r"^\| `([A-Z_]+)` \|", CODES[1], re.MULTILINE)
    sources = [path for layer in ("gql", "resolvers", "models") for path in (ROOT / layer).rglob("*.py")]
    lines = [line for path in sources for line in re.findall(r".*\bcode\b\"?(?:: \w+)? *[=:].*", path.read_text())]
    codes = {code for line in lines for code in re.findall(r"\"([A-Z][A-Z_]{4,})\"", line)}
    assert {"NOT_SIGNED_IN", "GRAPHQL_REFUSED", "GRAPHQL_VALUE_INVALID", "BODY_TOO_LARGE", "INTERNAL_ERROR"} <= codes
    assert sorted(rows) == sorted(codes - NEVER_ANSWERED)


def test_it_names_every_code_with_its_rest_status() -> None:
    assert CODES is not None
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \|.*\| (\d+) \|$", CODES[1], re.MULTILINE))
    own = {code: str(status) for code, status in STATUS.items()}
    assert rows == {**own, "BODY_TOO_LARGE": "413", "INTERNAL_ERROR": "500"}
