"""A GraphQL client of a running server, as the command line uses it. Whatever goes wrong there is one sentence."""

from __future__ import annotations

import json
import os
import re
import ssl
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from ...models.errors import (
    PROBLEMS,
    CallerGone,
    DocumentNotTrusted,
    HostRefused,
    JobNotFound,
    NotAllowed,
    NotSignedIn,
    OperationRefused,
    OriginRefused,
    RequestInvalid,
    RequestRefused,
    TooManyAttempts,
    ValueRefused,
)
from ...models.json import Json, JsonObject, array_at, is_object, object_at, text_at
from .startup import lazy

if TYPE_CHECKING:
    import httpx
else:
    httpx = lazy("httpx")  # half of what `jobyard --help` would load

DEFAULT_SERVER = "http://127.0.0.1:8000"
CONNECT_SECONDS = 10
ANSWER_SECONDS = 60  # without a byte; a stream that has nothing to tell says so more often
LARGEST_ANSWER = 256 * 2**20

# Exit codes: 2 is the one of argparse, for what cannot be meant.
REFUSED = 1
FORBIDDEN = 3
NOT_FOUND = 4
UNREACHABLE = 5
SERVER_GONE = "SERVER_GONE"  # a code of ours: the server broke off, and is not asked again
_AWAY = frozenset(code for code, kind in PROBLEMS.items() if kind.retry and kind.status == 503) - {CallerGone.code}
_FORBIDDEN = {code for code, kind in PROBLEMS.items() if kind.status in (401, 403)} | {TooManyAttempts.code}

_TOKEN = re.compile(r"[\w.~+/-]{1,16384}=*", re.ASCII)  # RFC 6750, 2.1

# Codes of errors that come again however often one asks.
_FINAL = frozenset(
    kind.code
    for kind in (
        NotSignedIn,
        NotAllowed,
        OriginRefused,
        HostRefused,
        JobNotFound,
        RequestInvalid,
        RequestRefused,
        DocumentNotTrusted,
        OperationRefused,
        ValueRefused,
    )
)

# Codes of what was refused before anything was done. Another one, or one of a newer server, leaves open
# what was done; so does an error that says it by `mayBeDone`.
_NOTHING_DONE = frozenset(code for code, kind in PROBLEMS.items() if kind.undone)


class ServerRefused(Exception):
    """The server answered with errors, or did not answer: the message is for people.

    `code` is that of the first error, where it has one; it decides the exit code of a command.
    """

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code

    @property
    def exit_code(self) -> int:
        if self.code == SERVER_GONE:
            return UNREACHABLE
        if self.code in _FORBIDDEN:
            return FORBIDDEN
        return NOT_FOUND if self.code.endswith("NOT_FOUND") else REFUSED


class ServerGone(ServerRefused):
    """The server broke off or cannot answer now: what was asked may be asked again.

    `heard` says that what was asked for may have been done: the request reached it, and the answer does not deny it.
    `there` says that it answered, and asks to come again.
    """

    def __init__(self, message: str, code: str = "", *, heard: bool = True, there: bool = False) -> None:
        super().__init__(message, code)
        self.heard = heard
        self.there = there

    @property
    def exit_code(self) -> int:
        return UNREACHABLE if not self.code or self.code in _AWAY else super().exit_code


class Client:
    def __init__(self, address: str | None = None, token: str | None = None) -> None:
        self.address = (address or os.environ.get("JOBYARD_SERVER") or DEFAULT_SERVER).rstrip("/")
        token = (token or os.environ.get("JOBYARD_TOKEN") or "").strip()
        if token and not _TOKEN.fullmatch(token):
            raise ServerRefused("The token is none: `jobyard login` prints one, of letters and digits.")
        http_client = httpx.Client  # loads it, before anything is made of what may be half there after a Ctrl-C
        try:
            self._http = http_client(
                timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
                headers={"authorization": f"Bearer {token}"} if token else None,
            )
        except (OSError, ValueError, ImportError, httpx.InvalidURL) as fault:  # what the environment says of both
            raise ServerRefused(f"The settings of proxies or certificates (SSL_CERT_FILE) do not work: {fault}") from (
                fault
            )

    def console_of(self, job_id: str) -> str:
        """The address of the job's page."""
        return f"{self.address}/jobs/{job_id}"

    def ask(self, document: str, /, **variables: Json) -> JsonObject:
        """The `data` of the answer."""
        with self._posted("/graphql", {"query": document, "variables": variables}) as answer:
            return self._data(answer)

    def log_in(self, username: str, password: str) -> str:
        """A token."""
        with self._posted("/login", {"user": {"username": username, "password": password}}) as answer:
            if answer.status_code != 200:
                self._refuse(answer)
            token = self._content(answer).decode("ascii", "replace").strip()
        if not _TOKEN.fullmatch(token):
            raise ServerRefused(f"{self.address} is no jobyard: it answered with something else than a token.")
        return token

    def follow(self, document: str, /, **variables: Json) -> Iterator[JsonObject | None]:
        """The `data` of each result of a subscription, as server-sent events; None when the server says it is there.

        It ends when the server says that there is no more; ServerGone when it breaks off before.
        """
        asked = {"query": document, "variables": variables}
        with self._posted("/graphql", asked, accept="text/event-stream") as answer:
            if answer.status_code != 200 or _media_type(answer) != "text/event-stream":
                self._data(answer)
                raise ServerRefused(f"{self.address} does not answer subscriptions with server-sent events.")
            complete = yield from self._results(answer.iter_lines())
        if not complete:
            raise ServerGone(f"{self.address} broke off.")

    def _results(self, lines: Iterable[str]) -> Generator[JsonObject | None, None, bool]:
        """Whether they came to their end."""
        for line in lines:
            name, _, value = line.partition(":")
            value = value.strip()
            if name == "event" and value == "complete":
                return True
            if name == "data" and value:
                result = self._parsed(value)
                if result.get("errors"):
                    raise _told(result)
                yield object_at(result, "data")
            elif line.startswith(":"):
                yield None
        return False

    @contextmanager
    def _posted(self, path: str, body: JsonObject, accept: str = "application/json") -> Generator[httpx.Response]:
        try:
            with self._http.stream("POST", f"{self.address}{path}", json=body, headers={"accept": accept}) as answer:
                yield answer
        except (httpx.UnsupportedProtocol, httpx.InvalidURL) as fault:
            raise ServerRefused(
                f"{self.address} is no address of a server: {_reason(fault)}. Write it like {DEFAULT_SERVER}."
            ) from fault
        except (httpx.ConnectError, httpx.ConnectTimeout) as fault:
            raise self._unreachable(fault) from fault
        except httpx.TransportError as fault:
            raise ServerGone(f"{self.address} broke off: {_reason(fault)}.") from fault
        except httpx.HTTPError as fault:
            raise ServerRefused(f"{self.address} is no jobyard: {_reason(fault)}.") from fault
        except (UnicodeError, ValueError) as fault:  # NaN, infinities and halves of characters
            raise ServerRefused(f"What was given cannot be sent: {fault}.") from fault

    def _unreachable(self, fault: httpx.TransportError) -> ServerRefused:
        if any(isinstance(cause, ssl.SSLError) for cause in _causes(fault)):
            return ServerRefused(
                f"No safe connection to {self.address}: {_reason(fault)}. It may be a server without TLS (http://), or "
                "one whose certificate this machine does not know (SSL_CERT_FILE names more)."
            )
        return ServerGone(
            f"No server at {self.address}: {_reason(fault)}. "
            "Start one with `jobyard serve`, or name one with --server.",
            heard=False,
        )

    def _data(self, answer: httpx.Response) -> JsonObject:
        body = self._parsed(self._content(answer), answer)
        if body.get("errors"):
            raise _told(body, away=answer.status_code >= 500)
        if not is_object(body.get("data")):
            self._refuse(answer, body)
        return body["data"]

    def _refuse(self, answer: httpx.Response, body: JsonObject | None = None) -> NoReturn:
        """With what the answer says of itself. A server that is in trouble may be well again later."""
        body = self._parsed(self._content(answer), answer) if body is None else body
        said = text_at(body, "message")
        if said and 400 <= answer.status_code < 500:
            code = text_at(object_at(body, "metadata"), "code")
            raise ServerRefused(said, code)  # it says what of the request it does not like
        message = f"{self.address} answered {_status(answer)}: {said or 'nothing of what was asked for'}"
        if answer.status_code >= 500:
            facts = object_at(body, "metadata")
            raise ServerGone(message, heard=_leaves_open(facts), there="retryAfter" in facts)
        raise ServerRefused(message)

    def _content(self, answer: httpx.Response) -> bytes:
        content = bytearray()
        for part in answer.iter_bytes():
            content += part
            if len(content) > LARGEST_ANSWER:
                raise ServerRefused(f"{self.address} answered more than {LARGEST_ANSWER // 2**20} MiB.")
        return bytes(content)

    def _parsed(self, content: str | bytes, answer: httpx.Response | None = None) -> JsonObject:
        try:
            parsed: Json = json.loads(content)
        except (ValueError, RecursionError):
            parsed = None
        if is_object(parsed):
            return parsed
        if answer is not None and answer.status_code >= 500:  # a proxy's page, as a rule
            raise ServerGone(f"{self.address} cannot answer now: {_status(answer)}.")
        if answer is not None and answer.has_redirect_location:
            raise ServerRefused(f"{self.address} sends to {answer.headers['location']}: name that one with --server.")
        said = (
            "something else than JSON" if answer is None else f"{_status(answer)}, {_media_type(answer) or 'untyped'}"
        )
        raise ServerRefused(f"{self.address} is no GraphQL server: it answered {said}.")


def _told(body: JsonObject, *, away: bool = False) -> ServerRefused:
    errors = [error for error in array_at(body, "errors") if is_object(error)]
    codes = {text_at(object_at(error, "extensions"), "code") for error in errors}
    again = away or (bool(codes - {""}) and not codes & {*_FINAL, ""})
    messages = [text_at(error, "message") for error in errors]
    message = "\n".join(filter(None, messages)) or "The server answered with errors and does not say which."
    code = next(filter(None, sorted(codes)), "")
    if not again:
        return ServerRefused(message, code)
    facts = [object_at(error, "extensions") for error in errors]
    there = any("retryAfter" in one for one in facts)
    return ServerGone(message, code, heard=not facts or any(map(_leaves_open, facts)), there=there)


def _leaves_open(facts: JsonObject) -> bool:
    """Whether an error, by its code and facts, leaves it open that something was done."""
    said = facts.get("mayBeDone")
    return said if isinstance(said, bool) else text_at(facts, "code") not in _NOTHING_DONE


def _status(answer: httpx.Response) -> str:
    return f"{answer.status_code} {answer.reason_phrase}".strip()


def _media_type(answer: httpx.Response) -> str:
    return answer.headers.get("content-type", "").partition(";")[0].strip().lower()


def _reason(fault: Exception) -> str:
    """Some have no words of their own."""
    match fault:
        case httpx.ConnectTimeout():
            return f"no answer within {CONNECT_SECONDS} s"
        case httpx.ReadTimeout():
            return f"not a byte of an answer within {ANSWER_SECONDS} s"
        case _:
            return str(fault).rstrip(".") or type(fault).__name__


def _causes(fault: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = fault
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__
