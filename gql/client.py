"""A GraphQL client of a running server, as the command line uses it."""

import os

import httpx

from ..models.json import Json, JsonObject

DEFAULT_SERVER = "http://127.0.0.1:8000"


class ServerRefused(Exception):
    """The server answered with errors, or did not answer: the message is for people."""


class Client:
    def __init__(self, address: str | None = None) -> None:
        self.address = (address or os.environ.get("JOBYARD_SERVER") or DEFAULT_SERVER).rstrip("/")
        self._http = httpx.Client(timeout=60)

    def ask(self, document: str, /, **variables: Json) -> JsonObject:
        """The `data` of the answer."""
        try:
            answer = self._http.post(f"{self.address}/graphql", json={"query": document, "variables": variables})
        except httpx.TransportError as fault:
            raise ServerRefused(
                f"No server at {self.address}: {fault}. Start one with `jobyard serve`, or name one with --server."
            ) from fault
        try:
            body: JsonObject = answer.json()
        except ValueError as fault:
            raise ServerRefused(f"{self.address} is no GraphQL server: it answered {answer.status_code}.") from fault
        if body.get("errors"):
            raise ServerRefused("\n".join(error["message"] for error in body["errors"]))
        return body["data"]
