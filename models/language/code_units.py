"""Text as JavaScript counts it, in UTF-16 code units: "😀" has length 2.

Half of a pair is no text that can be stored or sent: it reads as U+FFFD, the replacement character.
"""


def length(characters: str) -> int:
    return len(characters) if _is_plain(characters) else len(characters.encode("utf-16-le", "surrogatepass")) // 2


def cut(characters: str, start: int, end: int) -> str:
    """The code units from `start` to before `end`; both count from 0 and are not negative."""
    if _is_plain(characters):
        return characters[start:end]
    return characters.encode("utf-16-le", "surrogatepass")[2 * start : 2 * end].decode("utf-16-le", "replace")


def split(characters: str) -> list[str]:
    """One text per code unit."""
    return list("".join(one if one <= "\uffff" else "\ufffd\ufffd" for one in characters))


def index_of(characters: str, wanted: str) -> int:
    """Where `wanted` first begins, or -1."""
    found = characters.find(wanted)
    return found if found < 1 else length(characters[:found])


def _is_plain(characters: str) -> bool:
    return characters.isascii() or max(characters) <= "\uffff"
