"""The usual request is read without Strawberry's view, and is answered as any other."""

from dataclasses import replace
from typing import Any

import httpx
import pytest
from jobyard.gql.app import create_app
from jobyard.models.settings import Settings

from ..documents import greeting
from ..doors import Doors

pytestmark = pytest.mark.anyio

JSON = {"content-type": "application/json"}
OWN = {**JSON, "accept": "application/graphql-response+json"}
NAMES = "query Names { workflows { name } }"
WORKFLOW = "query($name: String!) { workflow(name: $name) { name } }"
SUBSCRIPTION = "subscription { jobsChanged { status } }"

BODIES: dict[str, Any] = {
    "a query": {"query": NAMES},
    "a query twice, known by then": {"query": NAMES},
    "variables": {"query": WORKFLOW, "variables": {"name": "greet"}},
    "variables that are null": {"query": NAMES, "variables": None, "extensions": None, "operationName": None},
    "a variable of another type": {"query": WORKFLOW, "variables": {"name": ["greet"]}},
    "a variable that is missing": {"query": WORKFLOW},
    "variables that are no object": {"query": WORKFLOW, "variables": ["greet"]},
    "extensions that are no object": {"query": NAMES, "extensions": "none"},
    "a name": {"query": f"{NAMES} query Other {{ __typename }}", "operationName": "Other"},
    "no name of two operations": {"query": f"{NAMES} query Other {{ __typename }}"},
    "the name of no operation": {"query": NAMES, "operationName": "None"},
    "a name that is no text": {"query": NAMES, "operationName": 1},
    "a query that is no text": {"query": 1},
    "no query": {},
    "a query without text": {"query": ""},
    "an unknown field": {"query": "{ nothing }"},
    "no grammar": {"query": "{"},
    "a refusal of a resolver": {"query": 'mutation { startJob(workflow: "none", options: {}) { id } }'},
    "a start": {"query": 'mutation { startJob(workflow: "greet", options: {variables: {name: "Ada"}}) { status } }'},
    "a subscription": {"query": SUBSCRIPTION},
    "a batch": [{"query": NAMES}, {"query": "{ nothing }"}],
    "an unknown hash": {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0"}}},
    "a wrong hash": {"query": NAMES, "extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0"}}},
    "an unknown document": {"documentId": "0"},
    "a document beside the text": {"query": NAMES, "documentId": "0"},
    "a text": "query",
}


@pytest.mark.parametrize("headers", [JSON, OWN, {"content-type": "text/plain"}])
async def test_a_request_is_answered_alike_on_both_ways(doors: Doors, headers: dict[str, str]) -> None:
    await doors.import_documents(greeting())
    settings: Settings = replace(doors.services.settings, reference_executor=True)
    reference = create_app(replace(doors.services, settings=settings))
    transport = httpx.ASGITransport(reference)
    async with httpx.AsyncClient(transport=transport, base_url=doors.http.base_url) as other:
        for what, body in BODIES.items():
            one, same = [await http.post("/graphql", json=body, headers=headers) for http in (doors.http, other)]
            assert _parts(one) == _parts(same), what


def _parts(answer: httpx.Response) -> tuple[int, dict[str, str], str]:
    headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    return answer.status_code, headers, answer.text
