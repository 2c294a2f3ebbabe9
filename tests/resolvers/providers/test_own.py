"""A workflow's own requests do not come back to this server, nor to its database."""

from collections.abc import AsyncGenerator
from ipaddress import ip_address

import pytest
from jobyard.models.engine.outcomes import Finish
from jobyard.models.json import Json
from jobyard.resolvers.providers.egress import EgressPolicy, OwnAddresses
from jobyard.resolvers.providers.exchange import Exchanges
from jobyard.resolvers.providers.rest_call import do_rest_call

from ...documents import chain, task
from ...endpoints import answering, replying
from ...servers import graphql, import_documents, serving
from .calls import call

pytestmark = pytest.mark.anyio


@pytest.fixture
async def exchanges() -> AsyncGenerator[Exchanges]:
    exchanges = Exchanges()
    yield exchanges
    await exchanges.close()


async def get(exchanges: Exchanges, own: OwnAddresses, uri: str, reach: EgressPolicy | None = None) -> Finish:
    perform = do_rest_call(exchanges, reach or EgressPolicy(), 20, own=own)
    incoming: dict[str, Json] = {"uri": uri, "verb": "GET", "user": "", "password": "", "headers": "", "body": ""}
    return await perform(call("restCall", app="WorkFlowEngine", **incoming))


SPELLINGS = ("127.0.0.1", "localhost", "127.1", "2130706433", "127.9.9.9", "0.0.0.0", "[::ffff:127.0.0.1]")


@pytest.mark.parametrize("host", SPELLINGS)
@pytest.mark.parametrize("what", ["server", "database"])
async def test_neither_this_server_nor_its_database_is_asked(exchanges: Exchanges, what: str, host: str) -> None:
    with answering(replying({})) as server:
        port = server.server_port
        own = OwnAddresses(lambda: [("localhost", port)] if what == "database" else [])
        own.ports |= {port} if what == "server" else set()
        finish = await get(exchanges, own, f"http://{host}:{port}/")
        assert server.asked == []
        other = await get(
            exchanges, OwnAddresses(lambda: [("localhost", 1), ("nowhere.invalid", port)]), server.address
        )
    assert finish.state == "error"
    assert finish.error.startswith("restCall may not reach ")
    assert other.state == "success"


async def test_who_runs_the_server_may_let_workflows_ask_it_and_never_its_database(exchanges: Exchanges) -> None:
    loopback = EgressPolicy.from_entries(["127.0.0.0/8"])
    by_name = EgressPolicy.from_entries(["127.0.0.1*", "localhost"])
    with answering(replying({})) as server:
        own, database = OwnAddresses(), OwnAddresses(lambda: [("127.0.0.1", server.server_port)])
        own.ports.add(server.server_port)
        assert (await get(exchanges, own, server.address, loopback)).state == "success"
        named = server.address.replace("127.0.0.1", "localhost")
        assert (await get(exchanges, own, named, by_name)).state == "error"
        assert (await get(exchanges, database, server.address, loopback)).state == "error"


def test_an_address_of_another_machine_is_not_this_server() -> None:
    own = OwnAddresses()
    own.ports.add(8000)
    assert own.is_server(ip_address("127.0.0.1"), 8000)
    assert not own.is_server(ip_address("127.0.0.1"), 8001)
    assert not own.is_server(ip_address("192.0.2.1"), 8000)
    assert not own.is_server(ip_address("2001:db8::1"), 8000)


def test_a_server_does_not_ask_itself_nor_its_database(mongodb_uri: str, new_database: str) -> None:
    with serving(MONGODB_URI=mongodb_uri, JOBYARD_DATABASE=new_database) as server:
        database = mongodb_uri.rpartition("@")[2].partition("/")[0]
        for address in (server.address, f"http://{database}"):
            ask_endpoint = task("restCall", uri=f"{address}/healthz", verb="GET", responseHeaders=False)
            rest = dict.fromkeys(("user", "password", "headers", "body"), "")
            ask_endpoint["variables"]["incoming"] |= rest
            import_documents(server, chain("w", a1=ask_endpoint))
            start = 'mutation { startJob(workflow: "w", options: {}, waitSeconds: 60) { error { message } } }'
            told = str(graphql(server, start))
            assert "restCall may not reach 127.0.0.1 (127.0.0.1) from this server." in told
