"""Which hosts a workflow's own requests may reach."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

# Here clouds give any process on a machine the machine's own credentials: all link-local, and one that is not.
METADATA: tuple[Network, ...] = tuple(map(ip_network, ("169.254.0.0/16", "fe80::/10", "fd00:ec2::254/128")))


@dataclass(frozen=True)
class Reach:
    """Without `patterns` every host is in reach. Addresses of METADATA are so only where one of `networks` has them."""

    patterns: tuple[str, ...] | None = None
    networks: tuple[Network, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[str]) -> "Reach":
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
        """`address` is what the name resolved to: a name in reach may not lead to metadata."""
        if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        if any(address in network for network in self.networks):
            return True
        if any(address in network for network in METADATA):
            return False
        return self.patterns is None or any(fnmatchcase(host.lower(), pattern) for pattern in self.patterns)
