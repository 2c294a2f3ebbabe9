"""What is kept is bounded by its weight."""

from jobyard.models.language.kept import Kept


def made_again(kept: Kept[str], key: str, weight: int) -> bool:
    made: list[str] = []

    def make() -> tuple[str, int]:
        made.append(key)
        return key, weight

    assert kept.get(key, make) == key
    return bool(made)


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    kept: Kept[str] = Kept(room=10)
    assert all(made_again(kept, key, 4) for key in ("a", "b"))
    assert not made_again(kept, "a", 4)
    assert made_again(kept, "c", 4)
    assert not made_again(kept, "a", 4)
    assert made_again(kept, "b", 4)


def test_what_is_heavier_than_the_room_is_not_kept() -> None:
    kept: Kept[str] = Kept(room=10)
    assert made_again(kept, "small", 10)
    assert made_again(kept, "large", 11)
    assert made_again(kept, "large", 11)
    assert not made_again(kept, "small", 10)
