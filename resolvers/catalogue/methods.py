"""JavaScript's own methods, which transformations already have, for the tasks that are named after them."""

from ...models.json import Json, is_array
from ...models.language.code_units import join_units, well_formed
from ...models.language.transformation.budget import Budget
from ...models.language.transformation.calls import ABSENT, Call, World
from ...models.language.transformation.methods import METHODS
from ...models.language.undefined import UNDEFINED
from .arguments import unset, whole


def method(name: str, *arguments: Json) -> Json:
    """What the method "Library.name" gives: a JSON value, NaN or UNDEFINED. Too much work is a LanguageError.

    Values inside of the arguments are not copied, and not looked at where the method does not.
    """
    world = World(draw=_never_drawn, now=0, query=None, budget=Budget())
    found = METHODS[name](Call(name, arguments, world))
    return [_plain(item) for item in found] if is_array(found) else _plain(found, absent=UNDEFINED)


def position(value: Json, name: str) -> Json:
    """A whole number, or no argument at all where the document leaves it out."""
    return ABSENT if unset(value) else whole(value, name)


def optional(value: Json) -> Json:
    """The value, or no argument at all where it is null or undefined."""
    return ABSENT if value is None or value is UNDEFINED else value


def _plain(value: Json, absent: Json = None) -> Json:
    if value is UNDEFINED:
        return absent
    return well_formed(join_units(value)) if isinstance(value, str) else value


def _never_drawn() -> float:
    raise AssertionError("No task draws lots.")
