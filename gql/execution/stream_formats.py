"""The formats of answers that are streams: server-sent events, and parts of a multipart body."""

from collections.abc import AsyncIterator, Mapping

from strawberry.http.streaming import (
    MULTIPART_SUBSCRIPTION_BOUNDARY,
    MultipartSubscriptionTransport,
    SSETransport,
)

from ..http.negotiation import MULTIPART


class EventStream(SSETransport):
    """Server-sent events whose lines end with LF: some clients do not split at CRLF."""

    def encode_event(self, event: str, data: str | None = None) -> str:
        return f"event: {event}\ndata: {data or ''}\n\n"

    def encode_comment(self, comment: str) -> str:
        return f": {comment}\n\n"


class MultipartParts(MultipartSubscriptionTransport):
    """Multipart answers with a delimiter after each part: clients process a part when the next delimiter arrives."""

    @property
    def headers(self) -> Mapping[str, str]:
        return {
            "Content-Type": f"{MULTIPART};boundary={MULTIPART_SUBSCRIPTION_BOUNDARY};subscriptionSpec=1.0",
            "Cache-Control": "no-cache, no-transform",
            "X-Accel-Buffering": "no",
        }

    def encode_complete(self) -> str:
        return "--\r\n"


async def with_first_delimiter(stream: AsyncIterator[str]) -> AsyncIterator[str]:
    """The first delimiter, then the parts."""
    yield f"--{MULTIPART_SUBSCRIPTION_BOUNDARY}"
    async for part in stream:
        yield part
