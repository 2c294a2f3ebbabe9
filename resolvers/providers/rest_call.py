"""WorkFlowEngine.restCall: one HTTP request that a workflow describes, to a host within reach."""

import asyncio
import socket
from base64 import b64encode
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlencode

import httpx

from ...models.documents.stored import NotStorable, to_stored
from ...models.engine.events import ProviderCall
from ...models.engine.outcomes import Finish
from ...models.json import Json, JsonObject, is_object
from ...models.language.errors import LanguageError
from ...models.language.javascript.coercion import text, to_json
from ..builtin_tasks.arguments import json_object, string, unset
from ..builtin_tasks.task import TaskFailed
from ..metrics import PROVIDER_CALLS, PROVIDER_SECONDS, timed
from ..runner.protocol import Perform
from .egress import EgressPolicy, OwnAddresses, embedded_addresses
from .exchange import AT_ONCE, Answer, Exchanges, NoAnswer, Unreachable

VERBS = ("DELETE", "GET", "PATCH", "POST", "PUT")
_NAMED = "restCall"  # whatever host it is: authors name those
_FORM = "application/x-www-form-urlencoded"


def do_rest_call(
    exchanges: Exchanges, egress: EgressPolicy, seconds: float, at_once: int = AT_ONCE, own: OwnAddresses | None = None
) -> Perform:
    """Do restCall, of each host so many at once. A status that is no success is the task's error: {message, statusCode,
    body}.

    This server itself (`own`) is in reach only where an address or network that is allowed has it, its database never.
    """
    policy = _Policy(egress, own or OwnAddresses())

    async def rest_call(call: ProviderCall) -> Finish:
        with timed(PROVIDER_SECONDS.labels(_NAMED)):
            finish = await answer_to(call)
        PROVIDER_CALLS.labels(_NAMED, finish.state).inc()
        return finish

    async def answer_to(call: ProviderCall) -> Finish:
        try:
            request = await asyncio.to_thread(request_of, call.incoming)
            async with exchanges.places.place(f"restCall {request.url.netloc.decode()}", at_once):
                answer = await _send(exchanges, policy, request, seconds)
        except LanguageError as refusal:
            return Finish("error", error=refusal.message)
        return await _finish(request, answer, headers=call.incoming.get("responseHeaders") in (True, "true"))

    return rest_call


def request_of(incoming: JsonObject) -> httpx.Request:
    """The request that the incoming values describe, or TaskFailed."""
    verb = string(incoming.get("verb"), "verb").upper()
    if verb not in VERBS:
        raise TaskFailed(f"'verb' must be one of {', '.join(VERBS)}, not '{verb}'.")
    url = _url(string(incoming.get("uri"), "uri").strip())
    headers = httpx.Headers({"Accept": "*/*"})
    try:
        written = {} if unset(incoming.get("headers")) else json_object(incoming.get("headers"), "headers")
        # Another Host would ask for a site of the same address that nobody looked at.
        headers.update(
            {name: text(value) for name, value in written.items() if not unset(value) and name.lower() != "host"}
        )
        user = _text_or(incoming.get("user"), url.username)
        if user:
            password = _text_or(incoming.get("password"), url.password)
            headers["Authorization"] = f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"
        content = _content(verb, incoming.get("body"), headers)
        return httpx.Request(verb, url.copy_with(userinfo=b""), headers=headers, content=content)
    except UnicodeEncodeError:
        raise TaskFailed("'headers' hold a character that HTTP headers cannot have: they are ASCII.") from None


def _url(uri: str) -> httpx.URL:
    try:
        url = httpx.URL(uri)
    except (httpx.InvalidURL, ValueError):
        url = httpx.URL("")
    if url.scheme not in ("http", "https") or not url.host:
        raise TaskFailed("'uri' must be an address that begins with http:// or https:// and names a host.")
    return url


def _text_or(value: Json, otherwise: str) -> str:
    return otherwise if unset(value) else text(value)


def _content(verb: str, body: Json, headers: httpx.Headers) -> bytes | None:
    """Text goes as it is, anything else as JSON, or as a form where the headers say so."""
    if unset(body) or (verb == "GET" and body == {}):
        return None
    form = headers.get("content-type", "").lower().startswith(_FORM)
    headers.setdefault("Content-Type", "application/json")
    if is_object(body) and form:
        return urlencode({key: text(value) for key, value in body.items() if not unset(value)}).encode()
    return (body if isinstance(body, str) else to_json(body)).encode(errors="backslashreplace")


@dataclass(frozen=True)
class _Policy:
    egress: EgressPolicy
    own: OwnAddresses

    async def permits(self, host: str, address: str, port: int) -> bool:
        exact = ip_address(address)
        if not self.egress.permits(host, exact):
            return False
        listed = self.egress.lists(exact)
        for one in embedded_addresses(exact):
            if (not listed and self.own.is_server(one, port)) or await self.own.is_database(one, port):
                return False
        return True


async def _send(exchanges: Exchanges, policy: _Policy, request: httpx.Request, seconds: float) -> Answer:
    """Send it to an address that was looked at: a name may lead elsewhere when it is asked for again."""
    url, host = request.url, request.url.raw_host.decode()
    trouble: NoAnswer = Unreachable("cannot be reached: its name has no address")
    try:
        async with asyncio.timeout(seconds):
            for address in await _addresses(url, host, policy):
                to_address = httpx.Request(
                    request.method,
                    url.copy_with(host=address),
                    headers=httpx.Headers([*request.headers.multi_items()]),
                    content=request.content,
                    extensions={"sni_hostname": host},
                )
                try:
                    return await exchanges.send(to_address, seconds)
                except Unreachable as refused:
                    trouble = refused
    except TimeoutError:
        trouble = NoAnswer(f"did not answer within {seconds:g} seconds")
    except NoAnswer as told:
        trouble = told
    raise TaskFailed(f"{_shown(request)} {trouble}.")


async def _addresses(url: httpx.URL, host: str, policy: _Policy) -> list[str]:
    port = url.port or (443 if url.scheme == "https" else 80)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as fault:
        raise Unreachable(f"cannot be reached: {fault}") from None
    addresses = list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))
    permitted = [address for address in addresses if await policy.permits(host, address, port)]
    if not permitted:
        raise TaskFailed(
            f"restCall may not reach {host} ({', '.join(addresses)}) from this server. "
            "Its providers file says what it may, under rest_call.allow."
        )
    return permitted


async def _finish(request: httpx.Request, answer: Answer, *, headers: bool) -> Finish:
    body = await _parse(answer)
    try:
        await asyncio.to_thread(to_stored, body, what=f"what {_shown(request)} answered")
    except NotStorable as refusal:
        return Finish("error", error=f"{refusal}.")
    if not 200 <= answer.status < 300:
        moved = " Redirects are not followed: name the final address." if 300 <= answer.status < 400 else ""
        message = f"{_shown(request)} answered {answer.status}.{moved}"
        return Finish("error", error={"message": message, "statusCode": answer.status, "body": body})
    return Finish("success", {"response": {"body": body, "headers": dict(answer.headers)} if headers else body})


async def _parse(answer: Answer) -> Json:
    """JSON where it is that, else text; null where there is nothing."""
    if not answer.body:
        return None
    try:
        return await answer.json()
    except LanguageError:
        return answer.text


def _shown(request: httpx.Request) -> str:
    """The request as people may see it: a query may hold a secret."""
    url = request.url
    return f"{request.method} {url.copy_with(query=None, fragment=None)}"
