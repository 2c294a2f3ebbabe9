"""JSON pointers (RFC 6901): texts like `/a~1b/0`, and the keys that they lead by."""

from collections.abc import Iterable


def keys_of(pointer: str) -> list[str]:
    """The keys and indexes of `/a~1b/0`: "a/b" and "0". The empty text points at the whole value: it has none."""
    return [key.replace("~1", "/").replace("~0", "~") for key in pointer.split("/")[1:]]


def pointer_to(keys: Iterable[str | int]) -> str:
    """The pointer that leads by these keys and indexes."""
    return "".join(f"/{str(key).replace('~', '~0').replace('/', '~1')}" for key in keys)
