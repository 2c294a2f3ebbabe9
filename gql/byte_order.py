"""JSON as some programs write it, with a byte order mark before it: RFC 8259 lets a reader pass over that."""

from codecs import BOM_UTF8
from typing import TypeVar

Text = TypeVar("Text", str, bytes)


def unmarked(text: Text) -> Text:
    return text.removeprefix(BOM_UTF8) if isinstance(text, bytes) else text.removeprefix("\ufeff")
