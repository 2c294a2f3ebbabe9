"""Which hosts restCall may reach."""

from ipaddress import ip_address, ip_network

import pytest
from jobyard.resolvers.providers.egress import EgressPolicy
from jobyard.resolvers.providers.special_networks import SPECIAL, Network, purpose_of


@pytest.mark.parametrize(
    ("reach", "host", "address", "permitted"),
    [
        (EgressPolicy(), "api.example", "93.184.215.14", True),
        (EgressPolicy(), "localhost", "127.0.0.1", True),
        (EgressPolicy(), "metadata.internal", "169.254.169.254", False),
        (EgressPolicy(), "metadata.internal", "::ffff:169.254.169.254", False),
        (EgressPolicy(), "metadata.internal", "fe80::1%eth0", False),
        (EgressPolicy(), "metadata.internal", "fd00:ec2::254", False),
        (EgressPolicy(), "metadata.internal", "fd00:ec2::23", False),
        (EgressPolicy(), "metadata.internal", "fd20:ce::254", False),
        (EgressPolicy(), "metadata.internal", "100.100.100.200", False),
        (EgressPolicy(), "metadata.internal", "192.0.0.192", False),
        (EgressPolicy(), "metadata.internal", "168.63.129.16", False),
        (EgressPolicy(), "metadata.internal", "64:ff9b::a9fe:a9fe", False),
        (EgressPolicy(), "metadata.internal", "2002:a9fe:a9fe::", False),
        (EgressPolicy(), "metadata.internal", "::169.254.169.254", False),
        (EgressPolicy(), "metadata.internal", "64:ff9b:1::a9fe:a9fe", False),
        (EgressPolicy(), "metadata.internal", "64:ff9b:1:a9fe:a9:fe00::", False),
        (EgressPolicy(), "metadata.internal", "::ffff:0:a9fe:a9fe", False),
        (EgressPolicy(), "metadata.internal", "2001:0:a9fe:a9fe::1", False),
        (EgressPolicy(), "metadata.internal", "2001:0:c000:201::5601:5601", False),  # Teredo: 169.254.169.254, inverted
        (EgressPolicy(), "metadata.internal", "2606:2800::5efe:a9fe:a9fe", False),
        (EgressPolicy(), "metadata.internal", "2606:2800::200:5efe:6464:64c8", False),
        (EgressPolicy(), "metadata.internal", "2606:2800:64::a9fe:a9fe", False),  # a NAT64 prefix of its own
        (EgressPolicy(), "metadata.internal", "fd00:c1::a9fe:a9fe", False),
        (EgressPolicy(), "metadata.internal", "fd00:42::42", False),
        (EgressPolicy(), "all", "224.0.0.1", False),
        (EgressPolicy(), "all", "255.255.255.255", False),
        (EgressPolicy(), "all", "ff02::1", False),
        (EgressPolicy(), "site", "fec0::1", False),
        (EgressPolicy(), "router", "100.64.0.1", False),
        (EgressPolicy.from_entries(["100.64.0.0/10"]), "router", "100.64.0.1", True),
        (EgressPolicy(), "router", "192.0.0.9", True),  # a smaller network within 192.0.0.0/24
        (EgressPolicy(), "router", "2001:db7::1", True),
        (EgressPolicy(), "router", "::ffff:192.0.2.1", False),
        (EgressPolicy(), "router", "fd00:1::1", True),
        (
            EgressPolicy.from_entries(["10.0.0.0/8"]),
            "x",
            "2001:0:a00:1::5601:5601",
            False,
        ),  # Teredo: by a server within it
        (EgressPolicy.from_entries(["10.0.0.0/8"]), "x", "2001:0:a00:1::f5ff:fffe", True),
        (EgressPolicy.from_entries(["224.0.0.0/4"]), "all", "224.0.0.1", True),
        (EgressPolicy(), "localhost", "::1", True),
        (EgressPolicy(), "router", "64:ff9b::10.1.2.3", True),
        (EgressPolicy.from_entries(["10.0.0.0/8"]), "router", "64:ff9b::10.1.2.3", True),
        (EgressPolicy.from_entries(["64:ff9b::/96"]), "router", "64:ff9b::10.1.2.3", True),
        (EgressPolicy.from_entries(["*"]), "metadata.internal", "169.254.169.254", False),
        (EgressPolicy.from_entries(["169.254.169.254"]), "anything", "169.254.169.254", True),
        (EgressPolicy.from_entries([]), "api.example", "93.184.215.14", False),
        (EgressPolicy.from_entries(["api.example"]), "API.example", "93.184.215.14", True),
        (EgressPolicy.from_entries(["*.example"]), "api.example", "93.184.215.14", True),
        (EgressPolicy.from_entries(["*.example"]), "example", "93.184.215.14", False),
        (EgressPolicy.from_entries(["*.example"]), "api.example.evil", "93.184.215.14", False),
        (EgressPolicy.from_entries(["10.0.0.0/8"]), "router", "10.1.2.3", True),
        (EgressPolicy.from_entries(["10.1.2.3/8"]), "router", "10.9.9.9", True),
        (EgressPolicy.from_entries(["10.0.0.0/8"]), "router", "11.1.2.3", False),
        (EgressPolicy.from_entries(["2001:db8::/32"]), "router", "2001:db8::1", True),
    ],
)
def test_a_host_is_in_reach(reach: EgressPolicy, host: str, address: str, permitted: bool) -> None:
    assert reach.permits(host, ip_address(address)) is permitted


@pytest.mark.parametrize("network", SPECIAL, ids=str)
def test_each_special_network_is_refused_or_open_from_its_first_address_to_its_last(network: Network) -> None:
    within = [one for one in SPECIAL if one.version == network.version and one != network and one.subnet_of(network)]  # type: ignore[arg-type]
    for address in (network[0], network[1 if network.num_addresses > 1 else 0], network[-1]):
        if any(address in one for one in within):
            continue
        assert purpose_of(address) == SPECIAL[network]
        if "the address in it counts" not in SPECIAL[network].why:
            assert EgressPolicy().permits("router", address) is SPECIAL[network].open
        assert EgressPolicy.from_entries([str(network)]).permits("router", address)


# What the registries of IANA call not globally reachable, without the private networks and loopback.
RESERVED = """
    0.0.0.0/8 100.64.0.0/10 169.254.0.0/16 192.0.0.0/24 192.0.0.0/29 192.0.0.8/32 192.0.0.170/32 192.0.0.171/32
    192.0.2.0/24 192.88.99.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 240.0.0.0/4 255.255.255.255/32
    224.0.0.0/4 ::/128 64:ff9b:1::/48 100::/64 100:0:0:1::/64 2001::/23 2001::/32 2001:2::/48 2001:10::/28
    2001:db8::/32 2002::/16 3fff::/20 5f00::/16 fe80::/10 fec0::/10 ff00::/8
"""


@pytest.mark.parametrize("network", RESERVED.split())
def test_what_is_reserved_is_refused(network: str) -> None:
    assert not SPECIAL[ip_network(network)].open


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "100.63.255.255", "100.128.0.0", "192.0.1.0", "198.20.0.0",
    "223.255.255.255", "2606:4700::1111", "2a00::1", "2001:200::1", "2003::1", "3ffe::1", "4000::1"])  # fmt: skip
def test_addresses_of_the_internet_have_no_special_purpose(address: str) -> None:
    assert purpose_of(ip_address(address)) is None
    assert EgressPolicy().permits("api.example", ip_address(address))
