"""What a client accepts, by RFC 9110: ranges of media types with weights, of which the most specific one counts.

Of types with the same weight the one that is named first is preferred: clients that name several, as urql does, put
the best one first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.request import parse_http_list

JSON = "application/json"
GRAPHQL_RESPONSE = "application/graphql-response+json"
EVENT_STREAM = "text/event-stream"
MULTIPART = "multipart/mixed"
ANYTHING = "*/*"

Protocol = Literal["http", "sse", "multipart-subscription"]

_Rank = tuple[float, int]  # weight; the earlier, the larger
_NOT: _Rank = (0.0, 0)


@dataclass(frozen=True)
class Range:
    media: str
    parameters: dict[str, str]
    rank: _Rank


def ranges_of(headers: Iterable[str]) -> list[Range]:
    """Of all Accept headers of a request; none accept everything."""
    named = [part for part in parse_http_list(",".join(headers)) if part.strip()]
    return [_range(part, -position) for position, part in enumerate(named or [ANYTHING])]


def _range(text: str, position: int) -> Range:
    media, *others = (part.strip() for part in text.split(";"))
    parameters = {
        name.strip().lower(): value.strip().strip("\"'") for name, _, value in (one.partition("=") for one in others)
    }
    return Range(media.lower(), parameters, (_weight(parameters.get("q", "1")), position))


def _weight(text: str) -> float:
    """From 0 to 1; what is no weight counts as none given."""
    try:
        weight = float(text)
    except ValueError:
        return 1.0
    return weight if 0 <= weight <= 1 else 1.0


def answer_type(ranges: list[Range]) -> str:
    """The JSON to answer with; plain JSON also where neither is accepted: there is nothing else to say it in."""
    plain, own = _rank(ranges, JSON), _rank(ranges, GRAPHQL_RESPONSE)
    named = any(one.media == GRAPHQL_RESPONSE for one in ranges)  # a wildcard alone means plain JSON
    return GRAPHQL_RESPONSE if own[0] and (not plain[0] or (named and own > plain)) else JSON


def takes_events_alone(ranges: list[Range]) -> bool:
    return _json(ranges)[0] == 0 < _rank(ranges, EVENT_STREAM)[0]


def protocol_of(ranges: list[Range], *, subscription: bool) -> Protocol:
    """How to answer: a query or a mutation as events only to who takes no JSON or prefers events.

    A subscription is answered by a stream to who names one: who accepts just anything expects one answer.
    """
    if not subscription:
        events = _rank(ranges, EVENT_STREAM)
        return "sse" if events > _json(ranges) and events[0] else "http"
    events = _rank([one for one in ranges if one.media != ANYTHING], EVENT_STREAM)
    parts = max((one.rank for one in ranges if _is_multipart_subscription(one)), default=_NOT)
    if not (events[0] or parts[0]):
        return "http"
    return "sse" if events > parts or not parts[0] else "multipart-subscription"


def _json(ranges: list[Range]) -> _Rank:
    return max(_rank(ranges, JSON), _rank(ranges, GRAPHQL_RESPONSE))


def _rank(ranges: list[Range], media: str) -> _Rank:
    """That of the most specific range that holds the type."""
    for pattern in (media, f"{media.partition('/')[0]}/*", ANYTHING):
        ranks = [one.rank for one in ranges if one.media == pattern]
        if ranks:
            return max(ranks)
    return _NOT


def _is_multipart_subscription(one: Range) -> bool:
    return one.media == MULTIPART and one.parameters.get("subscriptionspec", "").startswith("1.0")
