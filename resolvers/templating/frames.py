"""What goes through the pipes between the server and its template workers: JSON, each with its length in front."""

import json
import struct

from ...models.json import Json

HEADER = struct.Struct(">I")


def framed(value: Json) -> bytes:
    """A ValueError or RecursionError for what is not JSON, or nested without an end."""
    payload = json.dumps(value).encode()
    return HEADER.pack(len(payload)) + payload


def length_in(header: bytes) -> int:
    """How many bytes follow the header."""
    return HEADER.unpack(header)[0]
