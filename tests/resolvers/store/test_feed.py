"""The feed: each event once, in order, from any cursor, on any process."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from beanie import init_beanie
from jobyard.models.documents.event import JobEvent, job_event
from jobyard.models.documents.shapes.events import JobEventDocument
from jobyard.models.errors import CursorLost, TooSlow
from jobyard.resolvers.store import feed as store_feed
from jobyard.resolvers.store.connect import Store, open_store
from jobyard.resolvers.store.feed import Feed

from ...mongo_proxy import mongo_proxy

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def feed_on(store: Store) -> AsyncGenerator[Feed]:
    await init_beanie(database=store.database, document_models=[JobEvent])
    feed = Feed(streams=store.change_streams)
    closing = asyncio.Event()
    hearing = asyncio.create_task(feed.run(closing))
    try:
        yield feed
    finally:
        closing.set()
        await hearing
        await feed.close()


def event(job: str, seq: int) -> JobEventDocument:
    header: Any = {"_id": job, "name": "w", "metrics": {"start_time": 0}}
    return job_event(header, seq, "running", "running", [], datetime.now(UTC))


async def first(count: int, events: Any) -> list[Any]:
    async with aclosing(events) as stream:
        return [await anext(stream) for _ in range(count)]


async def test_an_event_that_is_stored_again_is_told_once(store: Store) -> None:
    async with feed_on(store) as feed:
        heard = asyncio.create_task(first(2, feed.follow_job("a")))
        for one in (event("a", 0), event("a", 0), event("a", 1)):
            await feed.publish(one)
        assert [one["seq"] for one in await heard] == [0, 1]
        assert [one["seq"] for one in await feed.history("a", -1)] == [0, 1]


async def test_a_job_is_told_from_its_start_and_then_live(store: Store) -> None:
    async with feed_on(store) as feed:
        for seq in range(3):
            await feed.publish(event("a", seq))
            await feed.publish(event("b", seq))
        async with aclosing(feed.follow_job("a", after=0)) as events:
            assert [(await anext(events))["seq"] for _ in range(2)] == [1, 2]
            await feed.publish(event("b", 3))
            await feed.publish(event("a", 3))
            assert (await anext(events))["seq"] == 3


async def test_events_of_other_jobs_take_no_room_of_a_subscriber(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_feed, "MOST_WAITING", 100)
    async with (
        feed_on(store) as feed,
        aclosing(feed.follow_job("a")) as events,
        aclosing(feed.follow_job("a")) as others,
        aclosing(feed.follow_all()) as of_all,
    ):
        waiting = asyncio.create_task(anext(events))
        hearing_all = asyncio.create_task(anext(of_all))
        other = asyncio.create_task(anext(others))
        await asyncio.sleep(0)
        assert feed.subscribers == 3
        other.cancel()
        published = 0
        while not (waiting.done() and hearing_all.done()):  # few are published until both listen
            await feed.publish(event("a", published))
            published += 1
            await asyncio.wait((waiting, hearing_all), timeout=0.1, return_when=asyncio.ALL_COMPLETED)
        for seq in range(150):
            await feed.publish(event("b", seq))
        await feed.publish(event("a", published))
        while (await anext(events))["seq"] < published:
            pass
        with pytest.raises(TooSlow):
            async for _ in of_all:
                pass


async def test_whoever_comes_back_with_a_cursor_misses_nothing_and_hears_nothing_twice(store: Store) -> None:
    async with feed_on(store) as feed:
        heard = asyncio.create_task(first(1, feed.follow_all()))
        await asyncio.sleep(0)
        while not heard.done():  # the first subscriber hears what comes after it began to listen
            await feed.publish(event("a", len(await feed.history("a", -1))))
        (one,) = heard.result()
        told, cursor = [one.event["seq"]], one.cursor
        for job in range(50):
            await feed.publish(event(f"j{job}", 0))
            (one,) = await first(1, feed.follow_all(cursor))
            told, cursor = [*told, one.event["_id"]], one.cursor
        known = [one["_id"] async for one in feed._events.find({}).sort("$natural", 1)]
        start = known.index(f"a/{told[0]}")
        assert told[1:] == known[start + 1 :][: len(told) - 1]


async def test_another_process_on_the_same_database_hears_the_same_with_the_same_cursors(kept_store: Store) -> None:
    async with feed_on(kept_store) as one, feed_on(kept_store) as other:
        listening = [asyncio.create_task(first(20, feed.follow_all())) for feed in (one, other)]
        await asyncio.gather(one._listening.wait(), other._listening.wait())
        for number in range(20):
            await (one, other)[number % 2].publish(event(f"j{number}", 0))
        here, there = await asyncio.gather(*listening)
        assert [told.event["_id"] for told in here] == [f"j{number}/0" for number in range(20)]
        assert there == here
        again = await first(10, other.follow_all(here[9].cursor))
        assert again == here[10:]


@pytest.mark.parametrize("cursor", ["nonsense", "", "0" * 15, "f" * 16, "82" + "0" * 60])
async def test_a_cursor_that_is_none_is_refused(store: Store, cursor: str) -> None:
    async with feed_on(store) as feed:
        with pytest.raises(CursorLost):
            await first(1, feed.follow_all(cursor))


async def test_what_happened_since_a_moment_is_told_once_and_then_live(store: Store) -> None:
    async with feed_on(store) as feed:
        early = event("a", 0)
        late = event("a", 1)
        late["stored"] = early["stored"] + timedelta(seconds=2)
        for one in (early, late):
            await feed.publish(one)
        moment = int(early["stored"].timestamp() * 1000) + 1000
        async with aclosing(feed.follow_all_since(moment)) as events:
            assert (await anext(events))["_id"] == "a/1"
            await feed.publish({**event("b", 0), "stored": late["stored"]})
            assert (await anext(events))["_id"] == "b/0"


async def test_who_listens_to_all_goes_on_when_the_change_stream_lost_its_place(kept_store: Store) -> None:
    async with feed_on(kept_store) as feed, asyncio.timeout(30):
        one, other = event("a", 0), event("b", 0)
        async with aclosing(feed.follow_all_since(int(one["stored"].timestamp() * 1000))) as events:
            await feed.publish(one)
            assert (await anext(events))["_id"] == "a/0"
            feed._disconnect()
            await feed.publish(other)
            assert "b/0" in [(await anext(events))["_id"] for _ in range(2)]


async def test_who_follows_misses_nothing_when_the_change_stream_breaks_off(
    mongodb_uri: str, new_database: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with (
        mongo_proxy(mongodb_uri) as proxy,
        open_store(proxy.uri, None, memory=False, database_name=new_database) as store,
        feed_on(store) as feed,
        asyncio.timeout(60),
    ):
        heard = asyncio.create_task(first(2, feed.follow_all()))
        await feed._listening.wait()
        await feed.publish(event("a", 0))
        # The driver itself opens a stream again once.
        streams = proxy.lose(
            lambda name, command: "job_events" in map(command.get, ("collection", "aggregate")), before=False, times=6
        )
        await streams.happened.wait()
        await feed.publish(event("a", 1))
        assert [told.event["_id"] for told in await heard] == ["a/0", "a/1"]
    assert "Traceback" not in caplog.text
