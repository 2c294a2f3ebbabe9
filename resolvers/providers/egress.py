"""The egress policy: which hosts the requests of workflows may reach; never this server or its database by default."""

import asyncio
import re
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

from .special_networks import Address, Network, purpose_of

# Where an IPv6 address has an IPv4 address in it, and how many bits from its end that begins.
_WITH_IPV4: tuple[tuple[IPv6Network, int], ...] = (
    (IPv6Network("64:ff9b::/96"), 0),  # NAT64, RFC 6052
    (IPv6Network("::ffff:0:0/96"), 0),  # IPv4-mapped, RFC 4291
    (IPv6Network("::ffff:0:0:0/96"), 0),  # IPv4-translated, RFC 2765
    (IPv6Network("::/96"), 0),  # IPv4-compatible, RFC 4291
    (IPv6Network("2002::/16"), 80),  # 6to4, RFC 3056
    (IPv6Network("2001::/32"), 64),  # Teredo, RFC 4380: its server; see also _TEREDO
)
_TEREDO = IPv6Network("2001::/32")
_ISATAP = (0x00005EFE, 0x02005EFE)  # RFC 5214: the first half of the interface id, whatever the prefix


_PATTERN = re.compile(r"[\w*-]+(\.[\w*-]+)*\.?")
_LIKE_ADDRESS = re.compile(r"[\d.]+(/\d*)?|[\da-fA-F:.]*:[\da-fA-F:.]*:[\da-fA-F:.]*(/\d*)?")


def fault_of_entry(entry: str) -> str | None:
    """Why an entry can match no host, as the rest of a sentence about the entry."""
    try:
        ip_network(entry, strict=False)
        return None
    except ValueError:
        if _LIKE_ADDRESS.fullmatch(entry):
            return "is neither an address nor a network, as 10.0.0.5, 10.0.0.0/8 and fd00::/8 are"
    if "/" in entry:
        return "has a slash: write the host alone, without scheme and path"
    if ":" in entry:
        return "has a port: write the host alone, since the policy is by host"
    if not _PATTERN.fullmatch(entry):
        return "is no host name: it has letters, digits, hyphens and dots, and * for any characters"
    return None


@dataclass(frozen=True)
class EgressPolicy:
    """Without `patterns` every host is allowed. Addresses of a network that is not open (special_networks.py) are
    allowed only if `networks` contain them."""

    patterns: tuple[str, ...] | None = None
    networks: tuple[Network, ...] = ()

    @classmethod
    def from_entries(cls, entries: Iterable[str]) -> "EgressPolicy":
        """Each entry is an address, a network (10.0.0.0/8), a host name, or one with `*` for any characters."""
        patterns: list[str] = []
        networks: list[Network] = []
        for entry in entries:
            try:
                networks.append(ip_network(entry, strict=False))
            except ValueError:
                patterns.append(entry.lower())
        return cls(tuple(patterns), tuple(networks))

    def permits(self, host: str, address: Address) -> bool:
        """Whether the policy allows the host; `address` is its resolved address, which must be allowed, too."""
        if self.lists(address):
            return True
        purposes = map(purpose_of, embedded_addresses(address))
        if any(purpose is not None and not purpose.open for purpose in purposes):
            return False
        return self.patterns is None or any(fnmatchcase(host.lower(), pattern) for pattern in self.patterns)

    def lists(self, address: Address) -> bool:
        """Whether `networks` contain the address, or each of the IPv4 addresses embedded in it."""
        stands_for = embedded_addresses(address) - {address}
        return self._has(address) or (bool(stands_for) and all(map(self._has, stands_for)))

    def _has(self, address: Address) -> bool:
        return any(address in network for network in self.networks)


def embedded_addresses(address: Address) -> set[Address]:
    """The address itself, and each IPv4 address that a gateway, a tunnel or the system itself may read in it.

    Gateways may have prefixes of their own (RFC 6052); a link-local IPv4 address at the end is taken for one of theirs.
    """
    meant: set[Address] = {address}
    if not isinstance(address, IPv6Address):
        return meant
    number = int(address)
    last = IPv4Address(number & 0xFFFFFFFF)
    if number > 1:  # not the unspecified address, nor ourselves
        meant |= {IPv4Address(number >> bits & 0xFFFFFFFF) for network, bits in _WITH_IPV4 if address in network}
    if address in _TEREDO:
        meant.add(IPv4Address(int(last) ^ 0xFFFFFFFF))
    if number >> 32 & 0xFFFFFFFF in _ISATAP or last.is_link_local:
        meant.add(last)
    return meant


Node: TypeAlias = tuple[str, int | None]  # a host by name or address, and a port


def _no_nodes() -> Iterable[Node]:
    return ()


class OwnAddresses:
    """The addresses of this server and of its database. `ports` are the ports of this server, once it listens; `nodes`
    returns the current nodes of the database.
    """

    def __init__(self, nodes: Callable[[], Iterable[Node]] = _no_nodes) -> None:
        self.ports: set[int] = set()
        self._nodes = nodes

    def is_server(self, address: IPv4Address | IPv6Address, port: int) -> bool:
        return port in self.ports and _is_here(address)

    async def is_database(self, address: IPv4Address | IPv6Address, port: int) -> bool:
        """Whether the address is the database's. Names are resolved again, if the port is one of the database's."""
        hosts = [host for host, its in self._nodes() if its == port]
        if not hosts:
            return False
        found = await asyncio.gather(*(_addresses_of(host) for host in hosts))
        database = {one for addresses in found for one in addresses}
        return address in database or (any(map(_is_here, database)) and _is_here(address))


def _is_here(address: IPv4Address | IPv6Address) -> bool:
    """Whether the address is of this machine, or unspecified: only such an address can be bound."""
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
