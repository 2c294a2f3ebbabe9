"""Content negotiation by RFC 9110: weighted ranges of media types, of which the most specific range counts.

Of types with the same weight the server prefers the first: clients that name several types, such as urql, put the best
type first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from urllib.request import parse_http_list

JSON = "application/json"
GRAPHQL_RESPONSE = "application/graphql-response+json"
EVENT_STREAM = "text/event-stream"
MULTIPART = "multipart/mixed"
ANYTHING = "*/*"

Protocol = Literal["http", "sse", "multipart-subscription"]

LONGEST_CACHED = 256  # characters of Accept headers in the cache

_Rank = tuple[float, int]  # weight, position: an earlier range has a larger position
_NOT_ACCEPTED: _Rank = (0.0, 0)


@dataclass(frozen=True)
class Range:
    media: str
    parameters: dict[str, str]
    rank: _Rank


@dataclass(frozen=True)
class Negotiated:
    """What the Accept headers of a request decide. `protocol` is that of queries and mutations."""

    answer_type: str
    takes_events_alone: bool
    protocol: Protocol
    protocol_of_subscriptions: Protocol


def negotiate(headers: Iterable[str]) -> Negotiated:
    accept = ",".join(headers)
    return _negotiate(accept) if len(accept) > LONGEST_CACHED else _negotiate_cached(accept)


def _negotiate(accept: str) -> Negotiated:
    ranges = ranges_of([accept])
    return Negotiated(
        answer_type(ranges),
        takes_events_alone(ranges),
        protocol_of(ranges, subscription=False),
        protocol_of(ranges, subscription=True),
    )


_negotiate_cached = lru_cache(256)(_negotiate)


def ranges_of(headers: Iterable[str]) -> list[Range]:
    """The ranges of all Accept headers of a request; without a header, everything."""
    parts = [part for part in parse_http_list(",".join(headers)) if part.strip()]
    return [_parse_range(part, -position) for position, part in enumerate(parts or [ANYTHING])]


def _parse_range(text: str, position: int) -> Range:
    media, *others = (part.strip() for part in text.split(";"))
    parameters = {
        name.strip().lower(): value.strip().strip("\"'")
        for name, _, value in (other.partition("=") for other in others)
    }
    return Range(media.lower(), parameters, (_weight(parameters.get("q", "1")), position))


def _weight(text: str) -> float:
    """The weight from 0 to 1; 1 for an invalid weight."""
    try:
        weight = float(text)
    except ValueError:
        return 1.0
    return weight if 0 <= weight <= 1 else 1.0


def answer_type(ranges: list[Range]) -> str:
    """The JSON type of the answer; plain JSON also where the client accepts neither type."""
    plain, own = _rank(ranges, JSON), _rank(ranges, GRAPHQL_RESPONSE)
    named = any(range.media == GRAPHQL_RESPONSE for range in ranges)  # a wildcard alone means plain JSON
    return GRAPHQL_RESPONSE if own[0] and (not plain[0] or (named and own > plain)) else JSON


def takes_events_alone(ranges: list[Range]) -> bool:
    return _json(ranges)[0] == 0 < _rank(ranges, EVENT_STREAM)[0]


def protocol_of(ranges: list[Range], *, subscription: bool) -> Protocol:
    """The protocol of the answer. Queries and mutations come as events only to clients that prefer events to JSON.

    A subscription needs an explicit streaming type: a client that accepts `*/*` expects a single answer.
    """
    if not subscription:
        events = _rank(ranges, EVENT_STREAM)
        return "sse" if events > _json(ranges) and events[0] else "http"
    events = _rank([range for range in ranges if range.media != ANYTHING], EVENT_STREAM)
    parts = max((range.rank for range in ranges if _is_multipart_subscription(range)), default=_NOT_ACCEPTED)
    if not (events[0] or parts[0]):
        return "http"
    return "sse" if events > parts or not parts[0] else "multipart-subscription"


def _json(ranges: list[Range]) -> _Rank:
    return max(_rank(ranges, JSON), _rank(ranges, GRAPHQL_RESPONSE))


def _rank(ranges: list[Range], media: str) -> _Rank:
    """The rank of the most specific range that contains the type."""
    for pattern in (media, f"{media.partition('/')[0]}/*", ANYTHING):
        ranks = [range.rank for range in ranges if range.media == pattern]
        if ranks:
            return max(ranks)
    return _NOT_ACCEPTED


def _is_multipart_subscription(range: Range) -> bool:
    return range.media == MULTIPART and range.parameters.get("subscriptionspec", "").startswith("1.0")
