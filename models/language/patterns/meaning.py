"""Which regular expressions the library `regex` takes for something else than ECMA-262 does.

ECMA-262 forgets the captures of a repeated part at the beginning of each round, and gives up a round that is not
required and took nothing (RepeatMatcher); `regex` does neither. What cannot tell the difference is left to it.
"""

from .tree import Back, Character, Choice, Edge, Group, Look, Node, Repeat, Sequence, Set, Tree, may_be_empty


def means_the_same(tree: Tree) -> bool:
    """Whether `regex` finds the same matches with the same captures in every text."""
    return not any(_differs(node, tree) for node in _within(tree.root))


def _within(node: Node) -> list[Node]:
    found = [node]
    for one in found:
        found += _parts(one)
    return found


def _parts(node: Node) -> tuple[Node, ...]:
    match node:
        case Sequence():
            return node.items
        case Choice():
            return node.options
        case Group() | Look() | Repeat():
            return (node.inner,)
        case Character() | Set() | Back() | Edge():
            return ()


def _differs(node: Node, tree: Tree) -> bool:
    match node:
        case Repeat() if node.most > 1 or node.least == 0:
            return _differs_repeated(node)
        case Group() if node.number:
            return any(isinstance(one, Back) and one.number == node.number for one in _within(node.inner))
        case Look() if not node.ahead or not node.positive:
            return any(isinstance(one, Back) or (isinstance(one, Group) and one.number) for one in _within(node.inner))
        case Back():
            return tree.folded
        case Set():
            return tree.folded and bool(node.properties)
        case _:
            return False


def _differs_repeated(node: Repeat) -> bool:
    if node.most > 0 and may_be_empty(node.inner):
        return True
    if node.most == 1 or not node.groups:
        return False
    if set(node.groups) - _always_captured(node.inner):
        return True
    return any(isinstance(one, Back) and one.number in node.groups for one in _within(node.inner))


def _always_captured(node: Node) -> set[int]:
    """The groups that take part in every match of the node."""
    match node:
        case Sequence():
            return {number for item in node.items for number in _always_captured(item)}
        case Choice():
            return set[int].intersection(*map(_always_captured, node.options))
        case Group():
            return _always_captured(node.inner) | ({node.number} if node.number else set[int]())
        case Look() if node.positive:
            return _always_captured(node.inner)
        case Repeat() if node.least > 0:
            return _always_captured(node.inner)
        case _:
            return set()
