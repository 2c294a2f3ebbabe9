"""What an input is: a name, who sends it, and a function that says in a few words what the server made of it."""

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import httpx
from jobyard.models.json import array_at, is_object, object_at, text_at

from .world import World

Who = Literal["nobody", "reader", "author"]
OVER_SECONDS = 12  # a job that is not over by then is cancelled
LONGEST_REFUSAL = 100_000  # characters: a hundred faults of a value, each in a few sentences
CANCEL_SECONDS = 10  # within which a cancel wins


class Wrong(Exception):
    """The server did what it must not do, whatever it cost."""


@dataclass(frozen=True)
class Input:
    """`quick` ones are sent by --quick, too."""

    name: str
    who: Who
    send: Callable[[World, Who], str]
    quick: bool = False


@contextmanager
def asking(world: World, who: Who, timeout: float = 60) -> Generator[httpx.Client]:
    with world.client(who, timeout) as http:
        http.event_hooks["response"].append(_check_status)
        yield http


def _check_status(answer: httpx.Response) -> None:
    if answer.status_code >= 500 and answer.headers.get("retry-after") is None:
        answer.read()
        raise Wrong(f"{answer.status_code} for {answer.request.method} {answer.request.url.path}: {answer.text[:200]}")


def told(answer: httpx.Response) -> str:
    """The status, the code, and the beginning of the message."""
    code, message = "", ""
    try:
        body: Any = answer.json()
    except ValueError:
        body, message = {}, answer.text[:60]
    if is_object(body) and (errors := array_at(body, "errors")):
        message, code = text_at(errors[0], "message"), text_at(object_at(errors[0], "extensions"), "code")
    elif is_object(body) and answer.status_code >= 400:
        message, code = text_at(body, "message"), text_at(object_at(body, "metadata"), "code")
    if len(answer.text) > LONGEST_REFUSAL and answer.status_code >= 400:
        raise Wrong(f"a refusal of {len(answer.text)} characters")
    return f"{answer.status_code} {code} {message[:70]}".strip()


def graphql(query: str, **variables: Any) -> Callable[[World, Who], str]:
    return posting("/graphql", lambda: {"query": query, "variables": variables})


def posting(path: str, body: Callable[[], Any]) -> Callable[[World, Who], str]:
    def send(world: World, who: Who) -> str:
        with asking(world, who) as http:
            return told(http.post(path, json=body()))

    return send


def raw_body(path: str, body: Callable[[], bytes], **headers: str) -> Callable[[World, Who], str]:
    def send(world: World, who: Who) -> str:
        with asking(world, who) as http:
            try:
                answer = http.post(path, content=body(), headers={"content-type": "application/json", **headers})
            except httpx.TransportError as fault:
                return f"closed: {type(fault).__name__}"
            return told(answer)

    return send


def getting(*paths: str) -> Callable[[World, Who], str]:
    def send(world: World, who: Who) -> str:
        with asking(world, who) as http:
            answers = [http.get(path) for path in paths]
        return ", ".join(sorted({str(answer.status_code) for answer in answers}))

    return send


def job(document: dict[str, Any], *others: Any, **variables: Any) -> Callable[[World, Who], str]:
    """Import the documents, start the first one, and see it over or cancelled."""
    return made_job(lambda: (document, *others), lambda: variables)


def made_job(
    documents: Callable[[], tuple[Any, ...]], variables: Callable[[], dict[str, Any]] = dict
) -> Callable[[World, Who], str]:
    def send(world: World, who: Who) -> str:
        made = documents()
        with asking(world, who) as http:
            imported = http.post("/graphql", json={"query": _IMPORT, "variables": {"d": list(made)}})
            if "errors" in imported.json():
                return told(imported)
            skipped: Any = imported.json()["data"]["importWorkflows"]["skipped"]
            if skipped:
                return f"skipped: {skipped[0]['reason'][:70]}"
            body = {"workflow": made[0]["name"], "options": {"variables": variables()}}
            started = http.post("/operations-manager/jobs/start", json=body)
            if started.status_code != 200:
                return told(started)
            return ending(http, started.json()["data"]["_id"])

    return send


_IMPORT = "mutation($d: [JSON!]!) { importWorkflows(documents: $d) { skipped { reason } } }"
_STATE = "query($id: ID!) { job(id: $id) { status error { message } } }"
_CANCEL = "mutation($id: ID!) { cancelJobs(ids: [$id]) { __typename } }"
_OVER = ("COMPLETE", "CANCELED", "ERROR")


def ending(http: httpx.Client, job_id: str) -> str:
    """How the job ended: by itself, or by a cancel, which must win."""
    seen = _state(http, job_id, OVER_SECONDS)
    if seen["status"] in _OVER:
        why = seen["error"][0]["message"] if seen["error"] else ""
        return f"{seen['status']} {str(why)[:70]}".strip()
    asked = time.monotonic()
    answer = http.post("/graphql", json={"query": _CANCEL, "variables": {"id": job_id}})
    if "errors" in answer.json():
        raise Wrong(f"the cancel was refused: {answer.text[:200]}")
    seen = _state(http, job_id, CANCEL_SECONDS * 3)
    waited = time.monotonic() - asked
    if seen["status"] not in _OVER or waited > CANCEL_SECONDS:
        raise Wrong(f"the cancel of {job_id} took {waited:.1f} s: {seen['status']}")
    return f"{seen['status']} {waited:.1f} s after its cancel"


def _state(http: httpx.Client, job_id: str, patience: float) -> dict[str, Any]:
    until = time.monotonic() + patience
    while True:
        seen = http.post("/graphql", json={"query": _STATE, "variables": {"id": job_id}}).json()
        found: Any = seen["data"]["job"] if seen.get("data") else None
        if found is not None and (found["status"] in _OVER or time.monotonic() > until):
            return found
        time.sleep(0.2)
