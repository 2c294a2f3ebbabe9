"""What goes through the pipes between the server and its workers: JSON, each with its length in front."""

import json
import struct

import orjson

from ...models.json import Json
from ...models.json_text import write_json

HEADER = struct.Struct(">I")
SECONDS = struct.Struct(">d")  # in front of a request: of the processor, 0 for no such limit


def framed(value: Json) -> bytes:
    """A TypeError, ValueError or RecursionError for what is not JSON, or nested without an end."""
    try:
        # Several times as fast: this is done in the event loop, and a value may have many megabytes.
        payload = write_json(value, orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_SUBCLASS)
        known = b"null" not in payload  # which may have been NaN
    except orjson.JSONEncodeError:  # long integers and halves of surrogate pairs, too, are known to json alone
        payload, known = b"", False
    if not known:
        payload = json.dumps(value).encode()
    return HEADER.pack(len(payload)) + payload


def length_in(header: bytes) -> int:
    """How many bytes follow the header."""
    return HEADER.unpack(header)[0]
