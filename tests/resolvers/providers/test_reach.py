"""Which hosts restCall may reach."""

from ipaddress import ip_address

import pytest
from jobyard.resolvers.providers.egress import EgressPolicy


@pytest.mark.parametrize(
    ("reach", "host", "address", "permitted"),
    [
        (EgressPolicy(), "api.example", "192.0.2.1", True),
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
        (EgressPolicy(), "metadata.internal", "2001:db8::5efe:a9fe:a9fe", False),
        (EgressPolicy(), "metadata.internal", "2001:db8::200:5efe:6464:64c8", False),
        (EgressPolicy(), "metadata.internal", "2001:db8:64::a9fe:a9fe", False),  # a NAT64 prefix of its own
        (EgressPolicy(), "metadata.internal", "fd00:c1::a9fe:a9fe", False),
        (EgressPolicy(), "metadata.internal", "fd00:42::42", False),
        (EgressPolicy(), "all", "224.0.0.1", False),
        (EgressPolicy(), "all", "255.255.255.255", False),
        (EgressPolicy(), "all", "ff02::1", False),
        (EgressPolicy(), "site", "fec0::1", False),
        (EgressPolicy(), "router", "100.64.0.1", True),
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
        (EgressPolicy.from_entries([]), "api.example", "192.0.2.1", False),
        (EgressPolicy.from_entries(["api.example"]), "API.example", "192.0.2.1", True),
        (EgressPolicy.from_entries(["*.example"]), "api.example", "192.0.2.1", True),
        (EgressPolicy.from_entries(["*.example"]), "example", "192.0.2.1", False),
        (EgressPolicy.from_entries(["*.example"]), "api.example.evil", "192.0.2.1", False),
        (EgressPolicy.from_entries(["10.0.0.0/8"]), "router", "10.1.2.3", True),
        (EgressPolicy.from_entries(["10.1.2.3/8"]), "router", "10.9.9.9", True),
        (EgressPolicy.from_entries(["10.0.0.0/8"]), "router", "11.1.2.3", False),
        (EgressPolicy.from_entries(["2001:db8::/32"]), "router", "2001:db8::1", True),
    ],
)
def test_a_host_is_in_reach(reach: EgressPolicy, host: str, address: str, permitted: bool) -> None:
    assert reach.permits(host, ip_address(address)) is permitted
