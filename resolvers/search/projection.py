"""Projections: the keys of documents to read."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fields:
    """These top-level keys, or with `all_but` every other key. `_id` is always read."""

    keys: frozenset[str]
    all_but: bool = False

    def __contains__(self, key: str) -> bool:
        return (key in self.keys) is not self.all_but

    def plus(self, *keys: str) -> "Fields":
        return Fields(self.keys.difference(keys) if self.all_but else self.keys.union(keys), self.all_but)

    def minus(self, *keys: str) -> "Fields":
        return Fields(self.keys.union(keys) if self.all_but else self.keys.difference(keys), self.all_but)

    @property
    def projection(self) -> dict[str, int] | None:
        if self.all_but:
            return dict.fromkeys(sorted(self.keys), 0) or None
        return dict.fromkeys(sorted({"_id", *self.keys}), 1)


EVERYTHING = Fields(frozenset(), all_but=True)
WITHOUT_VARIABLES = Fields(frozenset(["variables"]), all_but=True)


def fields(*keys: str) -> Fields:
    return Fields(frozenset(keys))


def is_key(name: str) -> bool:
    """Whether a document may have it: the database takes other names in a projection for something else, or fails."""
    return bool(name) and not name.startswith("$") and "\0" not in name


def top_level(paths: Iterable[str]) -> Fields:
    """The keys that hold these dotted paths; what cannot be one is no document's, and left aside."""
    return fields(*filter(is_key, (path.partition(".")[0] for path in paths)))
