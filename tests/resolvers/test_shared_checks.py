"""What many ask about one event is asked once, by who asks first."""

import asyncio

import pytest
from jobyard.resolvers.jobs import shared_checks
from jobyard.resolvers.jobs.shared_checks import FRESH_SECONDS, SharedChecks

pytestmark = pytest.mark.anyio


class Asked:
    def __init__(self, *answers: bool | Exception) -> None:
        self.answers = list(answers)
        self.times = 0
        self.go_on = asyncio.Event()

    async def __call__(self) -> bool:
        self.times += 1
        await self.go_on.wait()
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


async def test_those_that_ask_about_the_same_share_the_answer() -> None:
    checks, asked = SharedChecks(lambda: 0.0), Asked(False)
    waiting = [asyncio.create_task(checks.holds("event", asked)) for _ in range(100)]
    await asyncio.sleep(0)
    asked.go_on.set()
    assert await asyncio.gather(*waiting) == [False] * 100
    assert await checks.holds("event", asked) is False
    assert asked.times == 1


async def test_another_event_or_caller_is_asked_about_anew() -> None:
    checks, asked = SharedChecks(lambda: 0.0), Asked(False, True)
    asked.go_on.set()
    assert await checks.holds(("event", "one"), asked) is False
    assert await checks.holds(("event", "another"), asked) is True


async def test_who_is_late_asks_anew() -> None:
    at = [0.0]
    checks, asked = SharedChecks(lambda: at[0]), Asked(True, False)
    asked.go_on.set()
    assert await checks.holds("event", asked) is True
    at[0] = FRESH_SECONDS
    assert await checks.holds("event", asked) is False


async def test_what_failed_is_asked_again() -> None:
    checks, asked = SharedChecks(lambda: 0.0), Asked(ConnectionError("away"), True)
    asked.go_on.set()
    with pytest.raises(ConnectionError):
        await checks.holds("event", asked)
    assert await checks.holds("event", asked) is True


async def test_who_leaves_takes_the_answer_from_nobody() -> None:
    checks, asked = SharedChecks(lambda: 0.0), Asked(True)
    first = asyncio.create_task(checks.holds("event", asked))
    second = asyncio.create_task(checks.holds("event", asked))
    await asyncio.sleep(0)
    first.cancel()
    asked.go_on.set()
    assert await second is True
    assert asked.times == 1


async def test_only_so_many_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_checks, "REMEMBERED", 2)
    checks, asked = SharedChecks(lambda: 0.0), Asked(True, True, True, False)
    asked.go_on.set()
    for one in "abc":
        assert await checks.holds(one, asked) is True
    assert await checks.holds("a", asked) is False
