"""Tasks of HTTP endpoints: a request has {app, name, location, incoming, key}, an answer {state, outgoing, error}.

`key` identifies the attempt. A call that is repeated after a crash has the same key, in the body and in a header.
"""

import asyncio
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

import httpx

from ...models.documents.stored import NotStorable, to_stored
from ...models.engine.events import ProviderCall
from ...models.engine.outcomes import Finish, FinishState
from ...models.json import Json, is_array, is_object, text_at
from ...models.language.errors import LanguageError
from ...models.language.javascript.coercion import to_json
from ..metrics import PROVIDER_CALLS, PROVIDER_SECONDS, timed
from ..runner.protocol import Perform
from ..traces import TRACEPARENT, traceparent
from .configuration import Endpoint
from .exchange import Answer, Exchanges, NoAnswer, Unreachable

_STATES: Final[Mapping[str, FinishState]] = MappingProxyType(
    {"success": "success", "failure": "failure", "error": "error"}
)
_SHAPE = 'It must answer 200 with {"state": "success", "failure" or "error", "outgoing": {...}, "error": ...}.'


def ask_endpoint(endpoint: Endpoint, exchanges: Exchanges) -> Perform:
    """Run tasks by requests to this endpoint. A failed request is the task's error."""

    async def ask(call: ProviderCall) -> Finish:
        with timed(PROVIDER_SECONDS.labels(endpoint.public_address)):
            finish = await answer_to(call)
        PROVIDER_CALLS.labels(endpoint.public_address, finish.state).inc()
        return finish

    async def answer_to(call: ProviderCall) -> Finish:
        app, name = text_at(call.definition, "app"), text_at(call.definition, "name")
        who = f"The provider of {app}.{name}, {endpoint.public_address},"
        try:
            async with exchanges.places.place(endpoint.public_address, endpoint.at_once):
                answer = await exchanges.send(await _request(endpoint, call), endpoint.timeout, endpoint.retries)
        except Unreachable as trouble:
            return Finish("error", error=f"{who} {trouble}. Start it, or mend its url in the providers file.")
        except NoAnswer as trouble:
            return Finish("error", error=f"{who} {trouble}. Look at it, and at its entry in the providers file.")
        return _mask_finish(await _finish(who, answer, endpoint.secrets), endpoint.secrets)

    return ask


async def _request(endpoint: Endpoint, call: ProviderCall) -> httpx.Request:
    body: Json = {key: text_at(call.definition, key) for key in ("app", "name", "location")}
    body |= {"incoming": call.incoming, "key": call.key}
    written = await asyncio.to_thread(to_json, body)
    # The key contains a task id, which an author wrote: a header must be ASCII.
    key = quote(call.key, safe="/")
    headers = httpx.Headers({"Content-Type": "application/json", "Accept": "application/json"})
    if (place := traceparent()) is not None:
        headers[TRACEPARENT] = place
    headers.update({endpoint.key_header: key, **endpoint.headers})
    # A text that is not valid Unicode is sent with JSON escapes.
    content = written.encode(errors="backslashreplace")
    return httpx.Request(endpoint.method, endpoint.url, headers=headers, content=content)


async def _finish(who: str, answer: Answer, secrets: frozenset[str]) -> Finish:
    if not 200 <= answer.status < 300:
        moved = " Redirects are not followed: name the final address." if 300 <= answer.status < 400 else ""
        said = f": {_excerpt(str(_mask(secrets, answer.text)))}" if answer.body else ""
        return Finish("error", error=f"{who} answered {answer.status}{said}.{moved} {_SHAPE}")
    try:
        body = await answer.json()
    except LanguageError as refusal:
        return Finish("error", error=f"{who} answered no JSON. {refusal.message} {_SHAPE}")
    if not is_object(body) or (state := _STATES.get(text_at(body, "state"))) is None:
        return Finish("error", error=f"{who} answered without a state that is known here. {_SHAPE}")
    outgoing, error = body.get("outgoing"), body.get("error")
    if outgoing is not None and not is_object(outgoing):
        return Finish("error", error=f"{who} answered with an outgoing that is no object. {_SHAPE}")
    try:
        await asyncio.to_thread(to_stored, [outgoing, error], what="its answer")
    except NotStorable as refusal:
        return Finish("error", error=f"{who} was heard, but {refusal}.")
    if state == "error" and error is None:
        error = f"{who} ended the task in error and did not say why: it can, in the error of its answer."
    return Finish(state, outgoing or {}, error=error)


def _excerpt(text: str) -> str:
    """An excerpt for a message. Secrets are masked before: half of a secret is too much, too."""
    words = " ".join(text[:400].split())
    return words if len(words) <= 200 else f"{words[:200]}..."


def _mask_finish(finish: Finish, secrets: frozenset[str]) -> Finish:
    """The finish without secrets of the configuration: an endpoint may repeat headers of the request in an error."""
    return finish if finish.state != "error" else Finish("error", finish.outgoing, _mask(secrets, finish.error))


def _mask(secrets: frozenset[str], value: Json) -> Json:
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, "***")
        return value
    if is_object(value):
        return {key: _mask(secrets, item) for key, item in value.items()}
    return [_mask(secrets, item) for item in value] if is_array(value) else value
