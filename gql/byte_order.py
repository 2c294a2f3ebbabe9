"""JSON as some programs write it, with a byte order mark before it: RFC 8259 lets a reader pass over that."""

from codecs import BOM_UTF8
from typing import overload


@overload
def unmarked(text: bytes) -> bytes: ...
@overload
def unmarked(text: str | bytes) -> str | bytes: ...
def unmarked(text: str | bytes) -> str | bytes:
    return text.removeprefix(BOM_UTF8) if isinstance(text, bytes) else text.removeprefix("\ufeff")
