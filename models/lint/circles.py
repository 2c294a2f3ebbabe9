"""What leads back to itself: tasks that go round without waiting, and workflows that start each other."""

from collections.abc import Collection, Mapping


def circles_of(ways: Mapping[str, Collection[str]]) -> dict[str, int]:
    """Of each name the number of its circle, the same for all that lead to each other; one that no way leads back to
    has a number of its own. Targets that are no key lead nowhere.
    """
    back: dict[str, list[str]] = {name: [] for name in ways}
    for source, targets in ways.items():
        for target in targets:
            if target in back:
                back[target].append(source)
    found: dict[str, int] = {}
    for number, first in enumerate(reversed(_left_last(ways))):
        waiting = [first]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found[name] = number
                waiting += back[name]
    return found


def _left_last(ways: Mapping[str, Collection[str]]) -> list[str]:
    """The names in the order in which a walk in depth leaves them (Kosaraju's first pass)."""
    order: list[str] = []
    seen: set[str] = set()
    for first in ways:
        path = [] if first in seen else [(first, iter(ways[first]))]
        seen.add(first)
        while path:
            name, targets = path[-1]
            target = next((one for one in targets if one in ways and one not in seen), None)
            if target is None:
                order.append(name)
                path.pop()
            else:
                seen.add(target)
                path.append((target, iter(ways[target])))
    return order
