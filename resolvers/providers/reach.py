"""Which hosts a workflow's own requests may reach."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

# Here clouds give any process on a machine the machine's own credentials: all link-local, and those of Amazon
# (of machines and of pods), Google, Alibaba, Oracle and Azure that are not.
METADATA: tuple[Network, ...] = tuple(
    map(
        ip_network,
        (
            "169.254.0.0/16",
            "fe80::/10",
            "fd00:ec2::/64",
            "fd20:ce::254/128",
            "100.100.100.200/32",
            "192.0.0.192/32",
            "168.63.129.16/32",
        ),
    )
)
_NAT64 = ip_network("64:ff9b::/96")
_COMPATIBLE = ip_network("::/96")


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
        meant = {address, _inner(address)}
        if any(one in network for network in self.networks for one in meant):
            return True
        if any(one in network for network in METADATA for one in meant):
            return False
        return self.patterns is None or any(fnmatchcase(host.lower(), pattern) for pattern in self.patterns)


def _inner(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for, where a gateway or the system itself leads there."""
    if not isinstance(address, IPv6Address):
        return address
    if address in _NAT64 or (address in _COMPATIBLE and int(address) > 1):  # not ::1, which is ourselves
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
