"""The networks that are not the internet: IANA's two registries of special purposes (RFC 6890), and what clouds add.

https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry, as of 2025. Of several
networks that contain an address the smallest counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from types import MappingProxyType
from typing import Final, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network


@dataclass(frozen=True)
class Purpose:
    """`open`: whether workflows may contact the network by default. Devices are in private networks; in most others
    nobody has a service that a workflow needs.
    """

    why: str
    open: bool = False


_IPV4: Final = {
    "0.0.0.0/8": Purpose("this network, RFC 791"),
    "10.0.0.0/8": Purpose("private, RFC 1918", open=True),
    "100.64.0.0/10": Purpose("shared by the customers of a carrier, RFC 6598"),
    "127.0.0.0/8": Purpose("loopback, RFC 1122", open=True),
    "169.254.0.0/16": Purpose("link-local, RFC 3927"),
    "172.16.0.0/12": Purpose("private, RFC 1918", open=True),
    "192.0.0.0/24": Purpose("protocol assignments of the IETF, RFC 6890"),
    "192.0.0.0/29": Purpose("transition to IPv6, RFC 7335"),
    "192.0.0.8/32": Purpose("dummy address, RFC 7600"),
    "192.0.0.9/32": Purpose("anycast of the port control protocol, RFC 7723", open=True),
    "192.0.0.10/32": Purpose("anycast of TURN, RFC 8155", open=True),
    "192.0.0.170/32": Purpose("discovery of NAT64, RFC 8880"),
    "192.0.0.171/32": Purpose("discovery of NAT64, RFC 8880"),
    "192.0.2.0/24": Purpose("documentation, RFC 5737"),
    "192.31.196.0/24": Purpose("AS112, RFC 7535", open=True),
    "192.52.193.0/24": Purpose("automatic multicast tunneling, RFC 7450", open=True),
    "192.88.99.0/24": Purpose("relays of 6to4, RFC 7526: deprecated"),
    "192.168.0.0/16": Purpose("private, RFC 1918", open=True),
    "192.175.48.0/24": Purpose("AS112, RFC 7534", open=True),
    "198.18.0.0/15": Purpose("benchmarks, RFC 2544"),
    "198.51.100.0/24": Purpose("documentation, RFC 5737"),
    "203.0.113.0/24": Purpose("documentation, RFC 5737"),
    "224.0.0.0/4": Purpose("multicast, RFC 5771"),
    "240.0.0.0/4": Purpose("reserved, RFC 1112"),
    "255.255.255.255/32": Purpose("broadcast, RFC 8190"),
}

_IPV6: Final = {
    "::/128": Purpose("unspecified, RFC 4291"),
    "::1/128": Purpose("loopback, RFC 4291", open=True),
    "::ffff:0:0/96": Purpose("IPv4-mapped, RFC 4291: the address in it counts", open=True),
    "64:ff9b::/96": Purpose("NAT64, RFC 6052: the address in it counts", open=True),
    "64:ff9b:1::/48": Purpose("NAT64 of local use, RFC 8215: it leads to addresses that its prefix does not show"),
    "100::/64": Purpose("discarded, RFC 6666"),
    "100:0:0:1::/64": Purpose("dummy prefix, RFC 9780"),
    "2001::/23": Purpose("protocol assignments of the IETF, RFC 2928"),
    "2001::/32": Purpose("Teredo, RFC 4380"),
    "2001:1::1/128": Purpose("anycast of the port control protocol, RFC 7723", open=True),
    "2001:1::2/128": Purpose("anycast of TURN, RFC 8155", open=True),
    "2001:1::3/128": Purpose("anycast of DNS-SD, RFC 9665", open=True),
    "2001:2::/48": Purpose("benchmarks, RFC 5180"),
    "2001:3::/32": Purpose("automatic multicast tunneling, RFC 7450", open=True),
    "2001:4:112::/48": Purpose("AS112, RFC 7535", open=True),
    "2001:10::/28": Purpose("ORCHID, RFC 4843: deprecated"),
    "2001:20::/28": Purpose("ORCHIDv2, RFC 7343"),
    "2001:30::/28": Purpose("tags of drones, RFC 9374"),
    "2001:db8::/32": Purpose("documentation, RFC 3849"),
    "2002::/16": Purpose("6to4, RFC 3056"),
    "2620:4f:8000::/48": Purpose("AS112, RFC 7534", open=True),
    "3fff::/20": Purpose("documentation, RFC 9637"),
    "5f00::/16": Purpose("identifiers of segments, RFC 9602"),
    "fc00::/7": Purpose("private, RFC 4193", open=True),
    "fe80::/10": Purpose("link-local, RFC 4291"),
    "fec0::/10": Purpose("site-local, RFC 3879: deprecated"),
    "ff00::/8": Purpose("multicast, RFC 4291"),
}

# Where clouds give any process on a machine the machine's own credentials, beside the link-local networks.
_OF_CLOUDS: Final = {
    "100.100.100.200/32": Purpose("metadata of Alibaba"),
    "168.63.129.16/32": Purpose("metadata of Azure"),
    "192.0.0.192/32": Purpose("metadata of Oracle"),
    "fd00:42::42/128": Purpose("metadata of Scaleway"),
    "fd00:c1::/64": Purpose("metadata of Oracle"),
    "fd00:ec2::/64": Purpose("metadata of Amazon, of machines and of pods"),
    "fd20:ce::254/128": Purpose("metadata of Google"),
}

SPECIAL: Final[Mapping[Network, Purpose]] = MappingProxyType(
    {ip_network(network): purpose for network, purpose in {**_IPV4, **_IPV6, **_OF_CLOUDS}.items()}
)
_SMALLEST_FIRST: Final = sorted(SPECIAL, key=lambda network: -network.prefixlen)


def purpose_of(address: Address) -> Purpose | None:
    """The special purpose of an address; None for an address of the internet."""
    found = next((network for network in _SMALLEST_FIRST if address in network), None)
    return None if found is None else SPECIAL[found]
