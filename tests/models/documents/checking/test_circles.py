"""What leads back to itself."""

from collections import defaultdict

from jobyard.models.lint.circles import circles_of


def together(ways: dict[str, str]) -> set[str]:
    """The names of each circle, the alphabet's order."""
    circles: dict[int, str] = defaultdict(str)
    for name, number in sorted(circles_of(ways).items()):
        circles[number] += name
    return set(circles.values())


def test_those_that_lead_to_each_other_are_one_circle() -> None:
    assert together({"a": "b", "b": "c", "c": "a", "d": "a"}) == {"abc", "d"}
    assert together({"a": "b", "b": "ac", "c": "d", "d": "c"}) == {"ab", "cd"}
    assert together({"a": "b", "b": "c", "c": ""}) == {"a", "b", "c"}


def test_what_leads_out_of_what_is_known_leads_nowhere() -> None:
    assert together({"a": "x", "b": "a"}) == {"a", "b"}


def test_a_long_line_and_many_ways_take_no_longer_than_there_are_ways() -> None:
    names = [str(at) for at in range(20_000)]
    line = {name: [names[at - 1]] for at, name in enumerate(names)}
    assert set(circles_of(line).values()) == {0}
    graph = dict.fromkeys(names, names[:20])
    assert len(set(circles_of(graph).values())) == 20_000 - 20 + 1
