"""An answer of JSON that leaves in pieces."""

from collections.abc import Mapping

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ...models.json_text import PIECE
from ...resolvers.search.large_answers import end_budget


class JsonResponse(Response):
    """Sends the pieces of a JSON text as the client reads them, and drops each. The whole text of a long answer would
    be in memory three times on its way: joined, compressed, and in the buffer of the connection.
    """

    media_type = "application/json"

    def __init__(
        self,
        pieces: list[bytes],
        status: int,
        headers: Mapping[str, str] | None = None,
        media_type: str | None = None,
    ) -> None:
        length = str(sum(map(len, pieces)))
        super().__init__(b"", status, {**(headers or {}), "content-length": length}, media_type)
        self._pieces = pieces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        end_budget()  # the values are written: whoever reads slowly holds up nobody else's large answer
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        self._pieces.reverse()
        message = bytearray()
        while self._pieces:
            message += self._pieces.pop()
            if len(message) >= PIECE and self._pieces:
                await send({"type": "http.response.body", "body": bytes(message), "more_body": True})
                message.clear()
        await send({"type": "http.response.body", "body": bytes(message)})
