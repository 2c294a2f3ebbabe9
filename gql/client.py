"""A GraphQL client of a running server, as the command line uses it."""

import json
import os
from collections.abc import Iterator

import httpx

from ..models.json import Json, JsonObject

DEFAULT_SERVER = "http://127.0.0.1:8000"


class ServerRefused(Exception):
    """The server answered with errors, or did not answer: the message is for people."""


class ServerGone(ServerRefused):
    """The server broke off in the middle: what was asked may be asked again."""


class Client:
    def __init__(self, address: str | None = None, token: str | None = None) -> None:
        self.address = (address or os.environ.get("JOBYARD_SERVER") or DEFAULT_SERVER).rstrip("/")
        token = token or os.environ.get("JOBYARD_TOKEN")
        self._http = httpx.Client(timeout=60, headers={"authorization": f"Bearer {token}"} if token else None)

    def ask(self, document: str, /, **variables: Json) -> JsonObject:
        """The `data` of the answer."""
        answer = self._post("/graphql", {"query": document, "variables": variables})
        body = self._body(answer)
        if body.get("errors"):
            raise ServerRefused("\n".join(error["message"] for error in body["errors"]))
        return body["data"]

    def log_in(self, username: str, password: str) -> str:
        """A token."""
        answer = self._post("/login", {"user": {"username": username, "password": password}})
        if answer.status_code != 200:
            raise ServerRefused(str(self._body(answer).get("message")))
        return answer.text

    def _post(self, path: str, body: JsonObject) -> httpx.Response:
        try:
            return self._http.post(f"{self.address}{path}", json=body)
        except httpx.TransportError as fault:
            raise ServerRefused(
                f"No server at {self.address}: {fault}. Start one with `jobyard serve`, or name one with --server."
            ) from fault

    def _body(self, answer: httpx.Response) -> JsonObject:
        try:
            return answer.json()
        except ValueError as fault:
            raise ServerRefused(f"{self.address} is no GraphQL server: it answered {answer.status_code}.") from fault

    def follow(self, document: str, **variables: Json) -> Iterator[JsonObject]:
        """The `data` of each result of a subscription, as server-sent events."""
        request = {"query": document, "variables": variables}
        headers = {"accept": "text/event-stream"}
        try:
            with self._http.stream("POST", f"{self.address}/graphql", json=request, headers=headers) as answer:
                yield from _results(answer)
        except httpx.TransportError as fault:
            raise ServerGone(f"{self.address} broke off: {fault}.") from fault


def _results(answer: httpx.Response) -> Iterator[JsonObject]:
    for line in answer.iter_lines():
        name, _, value = line.partition(":")
        if name == "data" and value.strip():
            result: JsonObject = json.loads(value)
            if result.get("errors"):
                raise ServerRefused("\n".join(error["message"] for error in result["errors"]))
            yield result["data"]
