"""How often somebody may fail to sign in, by account and by address: counted in memory, and bounded there."""

from collections import OrderedDict
from ipaddress import IPv6Address, ip_address, ip_network

from ...models.errors import TooManyAttempts
from ..clock import Clock

WINDOW = 5 * 60 * 1000  # milliseconds
OF_ACCOUNT = 50
OF_ADDRESS = 200
REMEMBERED = 20_000


class Attempts:
    """An attempt counts until it succeeds: those that are made at once are not more than one after the other."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._made: OrderedDict[tuple[str, str], list[int]] = OrderedDict()

    def begin(self, account: str, address: str) -> list[list[int]]:
        """Count an attempt; TooManyAttempts when there were too many in the window. Hand the answer to `succeeded`."""
        now = self._clock.now()
        counted = [
            (self._of("account", account, now), OF_ACCOUNT),
            (self._of("address", _network(address), now), OF_ADDRESS),
        ]
        for made, most in counted:
            if len(made) >= most:
                raise TooManyAttempts((made[0] + WINDOW - now) // 1000 + 1)
        for made, _ in counted:
            made.append(now)
        return [made for made, _ in counted]

    def succeeded(self, counted: list[list[int]]) -> None:
        for made in counted:
            if made:
                made.pop()

    def _of(self, kind: str, name: str, now: int) -> list[int]:
        key = (kind, name[:200])
        made = self._made.pop(key, [])
        made[:] = [at for at in made if at > now - WINDOW]
        self._made[key] = made
        if len(self._made) > REMEMBERED:
            self._made.popitem(last=False)
        return made


def _network(address: str) -> str:
    """One customer has a whole network of IPv6 addresses."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((known, 64), strict=False)) if isinstance(known, IPv6Address) else address
