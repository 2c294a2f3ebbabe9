"""Cursors: the position of a document in an order, as a text that callers hand back as it is."""

import base64
import binascii

from bson import BSON
from bson.codec_options import CodecOptions, DatetimeConversion
from bson.errors import BSONError

from ...models.errors import Fault, RequestInvalid
from ...models.json import JsonObject, is_array
from .orders import Order, Position

LONGEST = 32 * 1024

_AWARE: CodecOptions[JsonObject] = CodecOptions(tz_aware=True, datetime_conversion=DatetimeConversion.DATETIME_AUTO)


def cursor_of(order: Order, document: JsonObject) -> str:
    content = BSON.encode({"order": order.name, "at": list(order.position(document))})
    return base64.urlsafe_b64encode(content).decode()


def position_of(cursor: str, order: Order, argument: str) -> Position:
    """Where the document of this cursor stands; RequestInvalid unless it came from the same order, either way."""
    content = _content(cursor)
    at: object = content.get("at")
    if content.get("order") != order.name or not is_array(at) or not order.has(at):
        message = f"must be a cursor of a page in the same order ({order.name}), as it was answered"
        raise RequestInvalid([Fault("cursor", f"/{argument}", f"#/properties/{argument}", message)])
    return tuple(at)


def _content(cursor: str) -> JsonObject:
    if len(cursor) > LONGEST:
        return {}
    try:
        return BSON(base64.urlsafe_b64decode(cursor.encode())).decode(_AWARE)
    except (BSONError, binascii.Error, ValueError, RecursionError):
        return {}
