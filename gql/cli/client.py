"""The command line's GraphQL client of a running server. Every error becomes one sentence for people."""

from __future__ import annotations

import json
import os
import re
import ssl
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

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
    httpx = lazy("httpx")  # the import would double the start time of `jobyard --help`

DEFAULT_SERVER = "http://127.0.0.1:8000"
CONNECT_SECONDS = 10
ANSWER_SECONDS = 60  # without a byte; an idle stream sends comments more often
LARGEST_ANSWER = 256 * 2**20

# Exit codes; argparse has 2 for invalid arguments.
REFUSED = 1
MISUSED = 2  # argparse ends so, too
FORBIDDEN = 3
NOT_FOUND = 4
UNREACHABLE = 5
ARGUMENT_INVALID = "ARGUMENT_INVALID"  # a code of the client: what the command line said makes no sense
SERVER_GONE = "SERVER_GONE"  # a code of the client: the server broke off, and the client gives up
_AWAY = frozenset(code for code, kind in PROBLEMS.items() if kind.retry and kind.status == 503) - {CallerGone.code}
_FORBIDDEN = {code for code, kind in PROBLEMS.items() if kind.status in (401, 403)} | {TooManyAttempts.code}

_TOKEN = re.compile(r"[\w.~+/-]{1,16384}=*", re.ASCII)  # RFC 6750, 2.1

# Codes of errors that a repeated request cannot avoid.
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

# Codes of errors without any effect. Other codes, and codes of a newer server, leave open whether the request had an
# effect, and so does an error with `mayBeDone`.
_NOTHING_DONE = frozenset(code for code, kind in PROBLEMS.items() if kind.undone)


Reply: TypeAlias = dict[str, Any]
"""What a server answers to an operation: the document of the operation says what is in it."""


class ServerRefused(Exception):
    """The server answered with errors, or did not answer; the message is for people.

    `code` is the code of the first error with a code, and decides the exit code of a command.
    """

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code

    @property
    def exit_code(self) -> int:
        if self.code == SERVER_GONE:
            return UNREACHABLE
        if self.code == ARGUMENT_INVALID:
            return MISUSED
        if self.code in _FORBIDDEN:
            return FORBIDDEN
        return NOT_FOUND if self.code.endswith("NOT_FOUND") else REFUSED


class ServerGone(ServerRefused):
    """The server broke off or is unavailable: the client may repeat the request.

    `may_be_done`: the request reached the server, and may have had its effect. `reached`: the server answered with
    the time of the next attempt.
    """

    def __init__(self, message: str, code: str = "", *, may_be_done: bool = True, reached: bool = False) -> None:
        super().__init__(message, code)
        self.may_be_done = may_be_done
        self.reached = reached

    @property
    def exit_code(self) -> int:
        return UNREACHABLE if not self.code or self.code in _AWAY else super().exit_code


class Client:
    def __init__(self, address: str | None = None, token: str | None = None) -> None:
        self.address = (address or os.environ.get("JOBYARD_SERVER") or DEFAULT_SERVER).rstrip("/")
        token = (token or os.environ.get("JOBYARD_TOKEN") or "").strip()
        if token and not _TOKEN.fullmatch(token):
            raise ServerRefused("The token is not valid: `jobyard login` prints a token of letters and digits.")
        http_client = httpx.Client  # loads the module first: Ctrl-C may leave it half loaded
        try:
            self._http = http_client(
                timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
                headers={"authorization": f"Bearer {token}"} if token else None,
            )
        except (OSError, ValueError, ImportError, httpx.InvalidURL) as fault:  # from the environment
            raise ServerRefused(f"The settings of proxies or certificates (SSL_CERT_FILE) do not work: {fault}") from (
                fault
            )

    def console_of(self, job_id: str) -> str:
        """The address of the job's page."""
        return f"{self.address}/jobs/{job_id}"

    def ask(self, document: str, /, **variables: object) -> Reply:
        """Execute an operation; the `data` of the answer."""
        with self._post("/graphql", {"query": document, "variables": variables}) as answer:
            return self._data(answer)

    def log_in(self, username: str, password: str) -> str:
        """Sign in; the token."""
        with self._post("/login", {"user": {"username": username, "password": password}}) as answer:
            if answer.status_code != 200:
                self._refuse(answer)
            token = self._content(answer).decode("ascii", "replace").strip()
        if not _TOKEN.fullmatch(token):
            raise ServerRefused(f"{self.address} is not a jobyard server: the answer is not a token.")
        return token

    def follow(self, document: str, /, **variables: object) -> Iterator[Reply | None]:
        """The `data` of each result of a subscription over server-sent events; None for a sign of life.

        Ends when the server completes the subscription; ServerGone where the server breaks off before.
        """
        body = {"query": document, "variables": variables}
        with self._post("/graphql", body, accept="text/event-stream") as answer:
            if answer.status_code != 200 or _media_type(answer) != "text/event-stream":
                self._data(answer)
                raise ServerRefused(f"{self.address} does not answer subscriptions with server-sent events.")
            complete = yield from self._results(answer.iter_lines())
        if not complete:
            raise ServerGone(f"{self.address} broke off.")

    def _results(self, lines: Iterable[str]) -> Generator[JsonObject | None, None, bool]:
        """The results of a stream; returns whether the server completed the stream."""
        for line in lines:
            name, _, value = line.partition(":")
            value = value.strip()
            if name == "event" and value == "complete":
                return True
            if name == "data" and value:
                result = self._parse(value)
                if result.get("errors"):
                    raise _error_of(result)
                yield object_at(result, "data")
            elif line.startswith(":"):
                yield None
        return False

    @contextmanager
    def _post(
        self, path: str, body: Mapping[str, object], accept: str = "application/json"
    ) -> Generator[httpx.Response]:
        try:
            with self._http.stream("POST", f"{self.address}{path}", json=body, headers={"accept": accept}) as answer:
                yield answer
        except (httpx.UnsupportedProtocol, httpx.InvalidURL) as fault:
            raise ServerRefused(
                f"{self.address} is not the address of a server: {_reason(fault)}. Write an address like "
                f"{DEFAULT_SERVER}."
            ) from fault
        except (httpx.ConnectError, httpx.ConnectTimeout) as fault:
            raise self._unreachable(fault) from fault
        except httpx.TransportError as fault:
            raise ServerGone(f"{self.address} broke off: {_reason(fault)}.") from fault
        except httpx.HTTPError as fault:
            raise ServerRefused(f"{self.address} is not a jobyard server: {_reason(fault)}.") from fault
        except (UnicodeError, ValueError) as fault:  # NaN, infinities and lone surrogates
            raise ServerRefused(f"The arguments cannot be sent: {fault}.") from fault

    def _unreachable(self, fault: httpx.TransportError) -> ServerRefused:
        if any(isinstance(cause, ssl.SSLError) for cause in _causes(fault)):
            return ServerRefused(
                f"No safe connection to {self.address}: {_reason(fault)}. It may be a server without TLS (http://), or "
                "one whose certificate this machine does not know (SSL_CERT_FILE names more)."
            )
        return ServerGone(
            f"No server at {self.address}: {_reason(fault)}. "
            "Start one with `jobyard serve`, or name one with --server.",
            may_be_done=False,
        )

    def _data(self, answer: httpx.Response) -> Reply:
        body = self._parse(self._content(answer), answer)
        if body.get("errors"):
            raise _error_of(body, away=answer.status_code >= 500)
        if not is_object(data := body.get("data")):
            self._refuse(answer, body)
        return data

    def _refuse(self, answer: httpx.Response, body: JsonObject | None = None) -> NoReturn:
        """Raise the error of the answer: ServerGone for a status of 500 and above, which may be temporary."""
        body = self._parse(self._content(answer), answer) if body is None else body
        text = text_at(body, "message")
        if text and 400 <= answer.status_code < 500:
            code = text_at(object_at(body, "metadata"), "code")
            raise ServerRefused(text, code)  # the message names the fault of the request
        message = f"{self.address} answered {_status(answer)}: {text or 'without a result'}"
        if answer.status_code >= 500:
            facts = object_at(body, "metadata")
            raise ServerGone(message, may_be_done=_may_be_done(facts), reached="retryAfter" in facts)
        raise ServerRefused(message)

    def _content(self, answer: httpx.Response) -> bytes:
        content = bytearray()
        for part in answer.iter_bytes():
            content += part
            if len(content) > LARGEST_ANSWER:
                raise ServerRefused(f"{self.address} answered more than {LARGEST_ANSWER // 2**20} MiB.")
        return bytes(content)

    def _parse(self, content: str | bytes, answer: httpx.Response | None = None) -> JsonObject:
        try:
            parsed: Json = json.loads(content)
        except (ValueError, RecursionError):
            parsed = None
        if is_object(parsed):
            return parsed
        if answer is not None and answer.status_code >= 500:  # usually the page of a proxy
            raise ServerGone(f"{self.address} cannot answer now: {_status(answer)}.")
        if answer is not None and answer.has_redirect_location:
            raise ServerRefused(
                f"{self.address} redirects to {answer.headers['location']}: give that address with --server."
            )
        text = "not JSON" if answer is None else f"{_status(answer)}, {_media_type(answer) or 'untyped'}"
        raise ServerRefused(f"{self.address} is not a GraphQL server: the answer is {text}.")


def _error_of(body: JsonObject, *, away: bool = False) -> ServerRefused:
    errors = [error for error in array_at(body, "errors") if is_object(error)]
    codes = {text_at(object_at(error, "extensions"), "code") for error in errors}
    is_temporary = away or (bool(codes - {""}) and not codes & {*_FINAL, ""})
    messages = [text_at(error, "message") for error in errors]
    message = "\n".join(filter(None, messages)) or "The server answered with errors without messages."
    code = next(filter(None, sorted(codes)), "")
    if not is_temporary:
        return ServerRefused(message, code)
    facts = [object_at(error, "extensions") for error in errors]
    reached = any("retryAfter" in each for each in facts)
    return ServerGone(message, code, may_be_done=not facts or any(map(_may_be_done, facts)), reached=reached)


def _may_be_done(facts: JsonObject) -> bool:
    """Whether the request may have had an effect, by the code and the facts of the error."""
    text = facts.get("mayBeDone")
    return text if isinstance(text, bool) else text_at(facts, "code") not in _NOTHING_DONE


def _status(answer: httpx.Response) -> str:
    return f"{answer.status_code} {answer.reason_phrase}".strip()


def _media_type(answer: httpx.Response) -> str:
    return answer.headers.get("content-type", "").partition(";")[0].strip().lower()


def _reason(fault: Exception) -> str:
    """The text of a fault; some faults have no text of their own."""
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
