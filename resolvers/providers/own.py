"""Where this server and its database are, so that no workflow's request goes there without being allowed to."""

import asyncio
import socket
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TypeAlias

Node: TypeAlias = tuple[str, int | None]  # a host by name or address, and a port


def _no_nodes() -> Iterable[Node]:
    return ()


class Own:
    """`ports` are those that this server listens on, once it does; `nodes` says where its database is by now."""

    def __init__(self, nodes: Callable[[], Iterable[Node]] = _no_nodes) -> None:
        self.ports: set[int] = set()
        self._nodes = nodes

    def is_server(self, address: IPv4Address | IPv6Address, port: int) -> bool:
        return port in self.ports and _is_here(address)

    async def is_database(self, address: IPv4Address | IPv6Address, port: int) -> bool:
        """Names are resolved anew, and only where the port is one of the database's."""
        hosts = [host for host, its in self._nodes() if its == port]
        if not hosts:
            return False
        found = await asyncio.gather(*(_addresses_of(host) for host in hosts))
        database = {one for addresses in found for one in addresses}
        return address in database or (any(map(_is_here, database)) and _is_here(address))


def _is_here(address: IPv4Address | IPv6Address) -> bool:
    """Whether it is an address of this machine, the unspecified one among them: only such can be bound."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as one:
            one.bind((str(address), 0))
    except OSError:
        return False
    return True


async def _addresses_of(host: str) -> list[IPv4Address | IPv6Address]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [ip_address(sockaddr[0]) for *_, sockaddr in found]
