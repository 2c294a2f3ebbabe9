"""The library gql, as pip installs it, over each of its transports. Prints one line of JSON."""

import asyncio
import json
import os
from typing import Any

from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.aiohttp_websockets import AIOHTTPWebsocketsTransport
from gql.transport.exceptions import TransportQueryError
from gql.transport.httpx import HTTPXAsyncTransport, HTTPXTransport
from gql.transport.requests import RequestsHTTPTransport
from gql.transport.websockets import WebsocketsTransport

from gql import Client, gql

URL = f"{os.environ['JOBYARD_SERVER']}/graphql"
SOCKET = URL.replace("http", "ws", 1)
TOKEN, WORKFLOW = os.environ["JOBYARD_TOKEN"], os.environ["JOBYARD_WORKFLOW"]
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
START = "mutation ($workflow: String!) { startJob(workflow: $workflow, options: {}) { id } }"
FOLLOW = "subscription ($id: ID!) { jobChanged(id: $id) { status } }"
PAGE = """
query ($first: Int!, $after: String, $name: String!) {
  jobs(first: $first, after: $after, filter: { name: { equals: $name } }) {
    edges { node { id } } pageInfo { endCursor }
  }
}
"""
UNKNOWN = '{ job(id: "ffffffffffffffffffffffff") { id } }'


def request(text: str, **variables: Any) -> Any:
    made = gql(text)
    made.variable_values = variables
    return made


def code_of(refusal: TransportQueryError) -> str:
    return (refusal.errors or [])[0]["extensions"]["code"]


def at_once(transport: Any) -> Any:
    """With the schema that the server tells, against which every operation is checked."""
    with Client(transport=transport, fetch_schema_from_transport=True) as session:
        started = session.execute(request(START, workflow=WORKFLOW))["startJob"]["id"]
        first = session.execute(request(PAGE, first=1, name=WORKFLOW))["jobs"]
        second = session.execute(request(PAGE, first=1, after=first["pageInfo"]["endCursor"], name=WORKFLOW))["jobs"]
        batch = session.execute_batch([request("{ viewer { username } }"), request(PAGE, first=1, name=WORKFLOW)])
        try:
            refused = str(session.execute(request(UNKNOWN)))
        except TransportQueryError as refusal:
            refused = code_of(refusal)
    paged = [page["edges"][0]["node"]["id"] for page in (first, second)]
    return {"started": started, "paged": paged, "refused": refused, "batch": batch[0]}


async def in_turn(transport: Any, *, streams: bool = False) -> Any:
    async with Client(transport=transport) as session:
        started = (await session.execute(request(START, workflow=WORKFLOW)))["startJob"]["id"]
        first = (await session.execute(request(PAGE, first=1, name=WORKFLOW)))["jobs"]
        after = first["pageInfo"]["endCursor"]
        second = (await session.execute(request(PAGE, first=1, after=after, name=WORKFLOW)))["jobs"]
        heard = []
        if streams:
            heard = [one["jobChanged"]["status"] async for one in session.subscribe(request(FOLLOW, id=started))]
        try:
            refused = str(await session.execute(request(UNKNOWN)))
        except TransportQueryError as refusal:
            refused = code_of(refusal)
    paged = [page["edges"][0]["node"]["id"] for page in (first, second)]
    return {"started": started, "paged": paged, "refused": refused, "followed": heard}


async def main() -> None:
    told = {
        "requests": await asyncio.to_thread(at_once, RequestsHTTPTransport(url=URL, headers=HEADERS)),
        "httpx": await asyncio.to_thread(at_once, HTTPXTransport(url=URL, headers=HEADERS)),
        "httpx, async": await in_turn(HTTPXAsyncTransport(url=URL, headers=HEADERS)),
        "aiohttp": await in_turn(AIOHTTPTransport(url=URL, headers=HEADERS)),
        "websockets": await in_turn(WebsocketsTransport(url=SOCKET, init_payload={"token": TOKEN}), streams=True),
        "aiohttp, websockets": await in_turn(
            AIOHTTPWebsocketsTransport(url=SOCKET, init_payload={"token": TOKEN}), streams=True
        ),
    }
    print(json.dumps(told))


asyncio.run(main())
