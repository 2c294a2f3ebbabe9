"""The classes of errors: what each of them says, and that nothing answers with a code of none of them."""

import re
from pathlib import Path

import pytest
from jobyard.gql.rest.openapi import openapi
from jobyard.gql.rest.table import ROUTES
from jobyard.models.errors import PROBLEMS, Problem

ROOT = Path(__file__).parents[2]
OF_THE_COMMAND_LINE = {"SERVER_GONE", "NOT_FOUND"}  # no server answers them


@pytest.mark.parametrize("kind", PROBLEMS.values(), ids=lambda kind: kind.code)
def test_a_class_says_its_code_and_status(kind: type[Problem]) -> None:
    assert re.fullmatch(r"[A-Z]+(_[A-Z]+)+|OVERLOADED", kind.code)
    assert kind.status == 200 or 400 <= kind.status < 600
    assert kind.status < 500 or kind.rest


def test_two_classes_have_two_codes() -> None:
    with pytest.raises(TypeError, match="JobGone and JobNotFound have the same code"):
        type("JobGone", (Problem,), {"code": "JOB_NOT_FOUND", "status": 404})


def test_every_code_in_the_sources_is_that_of_a_class() -> None:
    sources = [path for layer in ("gql", "resolvers", "models") for path in (ROOT / layer).rglob("*.py")]
    lines = [line for path in sources for line in re.findall(r".*\bcode\b\"?(?:: \w+)? *[=:].*", path.read_text())]
    raised = [line for path in sources for line in re.findall(r"ServerRefused\(.*", path.read_text())]
    codes = {code for line in (*lines, *raised) for code in re.findall(r"\"([A-Z][A-Z_]{4,})\"", line)}
    assert {"NOT_SIGNED_IN", "BODY_TOO_LARGE", "INTERNAL_ERROR", "NOT_FOUND"} <= codes
    assert codes - OF_THE_COMMAND_LINE == set(PROBLEMS)


def test_every_route_documents_the_statuses_of_the_classes() -> None:
    statuses = {str(kind.status) for kind in PROBLEMS.values() if kind.rest}
    documented = openapi(ROUTES)["paths"]
    for verbs in (documented[route.path] for route in ROUTES):
        for operation in verbs.values():
            assert set(operation["responses"]) == {"200", *statuses}
