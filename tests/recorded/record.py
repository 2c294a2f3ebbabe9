"""Records the jobs of `cases` as another checkout of jobyard, of an earlier release, leaves them when it is killed:

    python -m tests.recorded.record CHECKOUT FOLDER [CASE ...]

A job is read in the middle, as it lies in a real database; its clock stands still.
"""

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from bson import json_util
from pymongo import MongoClient

from ..endpoints import NEVER as NO_ANSWER
from ..endpoints import Asked, Reply, answering, replying
from .cases import CASES, LONG, NEVER

NOW = 1_733_346_922_873
PATIENCE = 15  # seconds for one job
ADA = "65f000000000000000000ada"


class StandingClock:
    def now(self) -> int:
        return NOW

    async def sleep_until(self, at: int) -> None:
        await (asyncio.Event().wait() if at > NOW else asyncio.sleep(0))


def provider(asked: Asked) -> Reply:
    return NO_ANSWER if asked.json["app"] == NEVER else replying({"state": "failure"})(asked)


async def forever(*_: Any, **__: Any) -> Any:
    await asyncio.Event().wait()


class Killed(Exception):
    """What did not come about before the end."""


KILLED = asyncio.Event()


async def until_killed(*_: Any, **__: Any) -> Any:
    await KILLED.wait()
    raise Killed


class Recorder:
    """Of one yard of the other checkout; `database` is where its jobs lie."""

    def __init__(self, services: Any, database: Any) -> None:
        from jobyard.models.visibility import SYSTEM, Caller
        from jobyard.resolvers.jobs import control, members
        from jobyard.resolvers.jobs import start as jobs_start
        from jobyard.resolvers.tasks import work as tasks

        self.services, self.database, self.system, self.ada = services, database, SYSTEM, Caller(ADA, "ada")
        self.jobs, self.people, self.steering, self.tasks = jobs_start, members, control, tasks

    async def start(self, name: str) -> str:
        from jobyard.models.documents.new_job import JobRequest

        request = JobRequest(name, "admin", variables=dict(CASES[name].variables))
        return (await self.jobs.start_or_find(self.services, self.system, request))["_id"]

    async def until(self, collection: str, **query: Any) -> Any:
        async with asyncio.timeout(PATIENCE):
            while (found := self.database[collection].find_one(query)) is None:  # noqa: ASYNC110 -- in a database
                await asyncio.sleep(0.01)
        return found

    async def waits(self, job: str, task: str, kind: str = "person", iteration: int = 1) -> str:
        query = {"job._id": job, "job.task": task, "waits_for": kind, "iteration": iteration}
        found = await self.until("tasks", **query)
        await self.until("jobs", _id=job, **{f"tasks.{task}.waits_for": kind})
        return found["_id"]

    async def status(self, job: str, status: str) -> Any:
        return await self.until("jobs", _id=job, status=status)

    async def child(self, job: str, name: str) -> str:
        return (await self.until("jobs", name=name, **{"parent.job": job}))["_id"]

    async def answer(self, job: str, task: str, state: Any = "success", iteration: int = 1) -> None:
        waited = await self.waits(job, task, iteration=iteration)
        given = self.tasks.Answer(state, {"choice": "first"})
        await self.tasks.finish(self.services, self.system, job, task, given)
        await self.until("tasks", _id=waited, waits_for={"$ne": "person"})

    async def steer(self, job: str, order: str, becomes: str) -> None:
        await self.steering.command(self.services, self.system, job, getattr(self.steering, order))
        await self.status(job, becomes)


Reach = Callable[[Recorder, str], Awaitable[Any]]


def waiting(task: str = "a1", kind: str = "person") -> Reach:
    return lambda recorder, job: recorder.waits(job, task, kind)


def child_waiting(*names: str, task: str = "a1", kind: str = "person") -> Reach:
    async def reach(recorder: Recorder, job: str) -> None:
        for name in names:
            job = await recorder.child(job, name)
        await recorder.waits(job, task, kind)

    return reach


async def claimed(recorder: Recorder, job: str) -> None:
    await recorder.tasks.claim(recorder.services, recorder.ada, await recorder.waits(job, "a1"))


async def people(recorder: Recorder, job: str) -> None:
    await recorder.answer(job, "a1")
    await recorder.waits(job, "b2")


async def answered(recorder: Recorder, job: str) -> None:
    await recorder.answer(job, "a1")
    await recorder.waits(job, "b2", "time")


async def providers(recorder: Recorder, job: str) -> None:
    await recorder.until("jobs", _id=job, **{"tasks.a1.waits_for": "provider"})
    await recorder.waits(job, "b2", "time")
    await recorder.waits(job, "d4")


async def children(recorder: Recorder, job: str) -> None:
    ids = [await recorder.child(job, f"children_{number}") for number in range(5)]
    await recorder.status(ids[0], "complete")
    await recorder.waits(ids[1], "a1")
    await recorder.status(ids[2], "error")
    await recorder.until("jobs", _id=ids[3], **{"tasks.a1.waits_for": "provider"})
    await recorder.waits(ids[4], "a1")
    await recorder.steer(ids[4], "PAUSE", "paused")


async def one_of_a_loop(recorder: Recorder, job: str) -> None:
    name = recorder.database["jobs"].find_one({"_id": job})["name"]
    first = await recorder.child(job, f"{name}_1")
    await recorder.answer(first, "a1")
    await recorder.status(first, "complete")
    await recorder.until("tasks", waits_for="person", **{"job._id": {"$ne": first}, "job.ancestors": job})


async def child_paused(recorder: Recorder, job: str) -> None:
    child = await recorder.child(job, "child_paused_1")
    await recorder.waits(child, "a1")
    await recorder.steer(child, "PAUSE", "paused")


async def child_canceled(recorder: Recorder, job: str) -> None:
    child = await recorder.child(job, "child_canceled_1")
    await recorder.waits(child, "a1")
    await recorder.steer(child, "CANCEL", "canceled")
    await recorder.status(job, "error")


async def each_second(recorder: Recorder, job: str) -> None:
    await recorder.answer(job, "b2")
    await recorder.waits(job, "b2", iteration=2)


async def nested(recorder: Recorder, job: str) -> None:
    await recorder.answer(job, "b3")
    await recorder.waits(job, "b3", iteration=2)


async def reverted(recorder: Recorder, job: str) -> None:
    await recorder.answer(job, "b2", "failure")
    await recorder.waits(job, "b2", iteration=2)


async def reverted_by_hand(recorder: Recorder, job: str) -> None:
    await recorder.answer(job, "a1")
    await recorder.status(job, "error")
    await recorder.steering.revert_job(recorder.services, recorder.system, job, "b2", "a1")
    await recorder.waits(job, "a1", iteration=2)


async def in_error(recorder: Recorder, job: str) -> None:
    await recorder.status(job, "error")
    await recorder.until("jobs", _id=job, lease={"$exists": False})


async def retried(recorder: Recorder, job: str) -> None:
    await recorder.status(job, "error")
    await recorder.steering.retry_task(recorder.services, recorder.system, job, "a1", {"fate": "success"})
    await recorder.waits(job, "b2")


async def continued(recorder: Recorder, job: str) -> None:
    await recorder.status(job, "error")
    await recorder.steering.continue_job(recorder.services, recorder.system, job, "c3", {}, dry_run=False)
    await recorder.waits(job, "c3")


def paused(kind: str) -> Reach:
    async def reach(recorder: Recorder, job: str) -> None:
        await recorder.waits(job, "a1", kind)
        await recorder.steer(job, "PAUSE", "paused")

    return reach


async def asked_to_pause(recorder: Recorder, job: str) -> None:
    from jobyard.models.documents.commands import inbox_entry
    from jobyard.models.engine.events import Paused

    await recorder.waits(job, "a1")
    await recorder.services.jobs.store_command(job, inbox_entry("e" * 32, Paused(), ADA), ("running",))


async def asked_to_retry(recorder: Recorder, job: str) -> None:
    from jobyard.models.documents.commands import inbox_entry
    from jobyard.models.engine.events import Retried

    await in_error(recorder, job)
    entry = inbox_entry("f" * 32, Retried("a1", {"fate": "success"}), ADA)
    await recorder.services.jobs.store_command(job, entry, ("error",))


def left_an_answer(choice: str) -> Reach:
    async def reach(recorder: Recorder, job: str) -> None:
        iteration = await recorder.waits(job, "a1")
        kept = {"finish_state": "success", "variables": {"choice": choice}, "at": NOW}
        await recorder.services.jobs.tasks.answer(iteration, job, ADA, kept)

    return reach


async def killed_before_the_header(recorder: Recorder, job: str) -> None:
    """The iterations of an advance are written, and the header that refers to them is not."""
    await recorder.waits(job, "a1")
    store = recorder.services.jobs
    headers = store._jobs

    class Headers:
        def __getattr__(self, name: str) -> Any:
            return forever if name == "find_one_and_update" else getattr(headers, name)

    store._jobs = Headers()
    given = recorder.tasks.Answer("success", {"choice": "first"})
    answering = asyncio.create_task(recorder.tasks.finish(recorder.services, recorder.system, job, "a1", given))
    await recorder.until("tasks", waits_for="person", **{"job._id": job, "job.task": "b2"})
    store._jobs = headers
    answering.cancel()


async def in_groups(recorder: Recorder, job: str) -> None:
    await recorder.waits(job, "a1")
    await recorder.people.add_groups(recorder.services, recorder.system, job, ["a" * 24])
    await recorder.people.add_watchers(recorder.services, recorder.system, job, [ADA])


async def canceled(recorder: Recorder, job: str) -> None:
    await recorder.waits(job, "a1")
    await recorder.steer(job, "CANCEL", "canceled")
    await recorder.until("jobs", _id=job, lease={"$exists": False})


async def complete(recorder: Recorder, job: str) -> None:
    await recorder.until("jobs", _id=job, status="complete", lease={"$exists": False})


async def nothing(recorder: Recorder, job: str) -> None:
    pass


async def parent_alone(recorder: Recorder, job: str) -> None:
    await recorder.until("jobs", _id=job, **{"tasks.a1.waits_for": "children"})


REACHED: dict[str, Reach] = {
    "person_claimed": claimed,
    "people": people,
    "person_answered": answered,
    "time": waiting(kind="time"),
    "retry": waiting(kind="retry"),
    "provider": waiting(kind="provider"),
    "providers": providers,
    "child": child_waiting("child_1"),
    "child_time": child_waiting("child_time_1", kind="time"),
    "children": children,
    "loop_parallel": one_of_a_loop,
    "loop_sequential": one_of_a_loop,
    "grandchild": child_waiting("grandchild_1", "grandchild_2"),
    "child_paused": child_paused,
    "child_canceled": child_canceled,
    "child_not_started": parent_alone,
    "each": each_second,
    "each_time": waiting("b2", "time"),
    "each_nested": nested,
    "reverted": reverted,
    "reverted_by_hand": reverted_by_hand,
    "error": in_error,
    "retried": retried,
    "continued": continued,
    "paused": paused("person"),
    "paused_time": paused("time"),
    "secrets": waiting("b2"),
    "secrets_child": waiting("b2"),
    "large": waiting("b2"),
    "large_child": child_waiting("large_child_1"),
    "inbox_pause": asked_to_pause,
    "inbox_retry": asked_to_retry,
    "answer_not_taken": left_an_answer("mine"),
    "large_answer_not_taken": left_an_answer(LONG),
    "event_not_told": waiting("b2"),
    "header_not_written": killed_before_the_header,
    "not_begun": nothing,
    "in_groups": in_groups,
    "complete": complete,
    "canceled": canceled,
}


def family(database: Any, job: str) -> dict[str, list[Any]]:
    """All that is stored of a job and of those below it."""
    jobs = list(database["jobs"].find({"ancestors": job}))
    ids = [one["_id"] for one in jobs]
    versions = {one["workflow_version"] for one in jobs}
    return {
        "jobs": jobs,
        "tasks": list(database["tasks"].find({"job._id": {"$in": ids}})),
        "job_events": list(database["job_events"].find({"job": {"$in": ids}, "seq": {"$exists": True}})),
        "job_data": list(database["job_data"].find({"job_id": {"$in": ids}})),
        "workflow_versions": list(database["workflow_versions"].find({"_id": {"$in": sorted(versions)}})),
    }


def told(documents: dict[str, list[Any]]) -> bool:
    """Whether each job's last event is stored."""
    known = {one["_id"] for one in documents["job_events"]}
    return all(one["event"]["_id"] in known for one in documents["jobs"])


async def record(recorder: Recorder, name: str) -> dict[str, list[Any]]:
    job = await recorder.start(name)
    await REACHED.get(name, waiting())(recorder, job)
    async with asyncio.timeout(PATIENCE):
        while not told(documents := family(recorder.database, job)):  # noqa: ASYNC110 -- in a database
            await asyncio.sleep(0.01)
    if name == "event_not_told":
        last = documents["jobs"][0]["event"]["_id"]
        documents["job_events"] = [one for one in documents["job_events"] if one["_id"] != last]
    return documents


def written(documents: dict[str, list[Any]]) -> str:
    """JSON with a line for each document."""
    kinds = [
        f"{json_util.dumps(kind)}: [\n" + ",\n".join(json_util.dumps(one) for one in several) + "\n]"
        for kind, several in documents.items()
    ]
    return "{" + ",\n".join(kinds) + "}\n"


async def main(checkout: Path, folder: Path, *names: str) -> None:
    package = ModuleType("jobyard")
    package.__path__ = [str(checkout)]
    sys.modules["jobyard"] = package
    from jobyard.models.settings import Settings
    from jobyard.resolvers import lifespan
    from jobyard.resolvers.jobs import children as jobs_children
    from jobyard.resolvers.runner.embedded import EmbeddedRunner
    from jobyard.resolvers.store.local_mongod import local_mongod
    from jobyard.resolvers.store.mongod import find_mongod
    from jobyard.resolvers.workflows import imports as workflows

    start_child, ensure = jobs_children.start_child, EmbeddedRunner.ensure
    with tempfile.TemporaryDirectory() as data, answering(provider) as server:
        providers = Path(data) / "providers.yaml"
        urls = "".join(f"  - {{app: {app}, url: '{server.address}', timeout: 3600}}\n" for app in (NEVER, "Failing"))
        providers.write_text(f"providers:\n{urls}")
        async with local_mongod(str(find_mongod()), Path(data) / "mongod") as uri:
            for name in names or CASES:
                jobs_children.start_child = until_killed if name == "child_not_started" else start_child
                EmbeddedRunner.ensure = forever if name == "not_begun" else ensure
                settings = Settings(open=True, mongodb_uri=uri, database=f"r_{name}", providers=providers)
                yard_open = lifespan.open_services(settings, StandingClock())
                with MongoClient[Any](uri, tz_aware=True) as client:
                    async with yard_open as services:
                        await workflows.import_documents(CASES[name].workflows)
                        recorder = Recorder(services, client[settings.database])
                        if name == "not_begun":
                            starting = asyncio.create_task(recorder.start(name))
                            job = (await recorder.until("jobs", name=name))["_id"]
                            documents = family(recorder.database, job)
                            starting.cancel()
                        else:
                            documents = await record(recorder, name)
                        if name == "child_not_started":
                            KILLED.set()
                    (folder / f"{name}.json").write_text(written(documents))
                    print(name, {kind: len(several) for kind, several in documents.items()}, flush=True)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:]))
