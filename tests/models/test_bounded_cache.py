"""What a cache holds is bounded by its number and by its weight."""

from concurrent.futures import ThreadPoolExecutor

from jobyard.models.bounded_cache import BoundedCache


def made_again(kept: BoundedCache[str, str], key: str, weight: int) -> bool:
    made: list[str] = []

    def make() -> tuple[str, int]:
        made.append(key)
        return key, weight

    assert kept.get_or_make(key, make) == key
    return bool(made)


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    kept: BoundedCache[str, str] = BoundedCache(room=10)
    assert all(made_again(kept, key, 4) for key in ("a", "b"))
    assert not made_again(kept, "a", 4)
    assert made_again(kept, "c", 4)
    assert not made_again(kept, "a", 4)
    assert made_again(kept, "b", 4)


def test_what_is_heavier_than_the_room_is_not_kept() -> None:
    kept: BoundedCache[str, str] = BoundedCache(room=10)
    assert made_again(kept, "small", 10)
    assert made_again(kept, "large", 11)
    assert made_again(kept, "large", 11)
    assert not made_again(kept, "small", 10)


def test_entries_are_bounded_in_number_and_in_weight_together() -> None:
    kept: BoundedCache[str, int] = BoundedCache(most=3, room=10)
    for number, key in enumerate("abc"):
        kept.put(key, number, 3)
    assert kept.get("a") == 0
    kept.put("d", 3, 1)
    assert ("b" in kept, len(kept), kept.weight) == (False, 3, 7)
    kept.put("c", 4, 9)  # the same again, and heavier
    assert ([key for key in "abcd" if key in kept], kept.get("c"), kept.weight) == (["c", "d"], 4, 10)
    kept.put("e", 5, 11)
    assert (len(kept), kept.weight) == (0, 0)


def test_an_entry_may_grow_and_the_newest_may_be_spared() -> None:
    kept: BoundedCache[str, int] = BoundedCache(room=10, spared=1)
    kept.put("a", 1, 4)
    kept.put("b", 2, 4)
    kept.grow("a", 3)
    assert ("a" in kept, "b" in kept, kept.weight) == (False, True, 4)
    kept.grow("a", 100)  # it is gone
    kept.grow("b", 100)
    assert (kept.get("b"), kept.weight) == (2, 104)


def test_every_value_that_goes_is_told() -> None:
    gone: list[int] = []
    kept: BoundedCache[str, int] = BoundedCache(most=2, dropped=gone.append)
    for number, key in enumerate("aabcd"):
        kept.put(key, number, 1)
    assert gone == [0, 1, 2]
    kept.pop("c")
    kept.pop("nothing")
    kept.clear()
    assert (gone, len(kept), kept.weight) == ([0, 1, 2, 3, 4], 0, 0)


def test_threads_share_a_cache() -> None:
    kept: BoundedCache[int, int] = BoundedCache(most=50, room=500)

    def use(start: int) -> None:
        for number in range(start, start + 5_000):
            key = number % 97
            assert kept.get_or_make(key, lambda key=key: (key, 1 + key % 30)) == key

    with ThreadPoolExecutor(4) as threads:
        for one in [threads.submit(use, 31 * start) for start in range(4)]:
            one.result()
    assert 0 < len(kept) <= 50
    assert kept.weight == sum(1 + key % 30 for key in range(97) if key in kept) <= 500
