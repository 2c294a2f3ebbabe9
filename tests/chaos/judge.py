"""What became of the jobs of a run: what callers and followers know, against what the database holds.

Every workflow of the load is sound and every person answers, so that in the end each job is complete, with the values
that were given. What is otherwise is named for what it is.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf

from .record import Record
from .seen import ACTIVE, Document, Seen
from .stuck import reason_stuck
from .workflows import MAPPED, PERSON, TASKS, large_text

Finding = tuple[str, str]  # what it is, and of which job

IN_ERROR = "in error though sound"
OPEN_AGAIN = "open again though over"
STALE = "value other than the job's"
ANSWER_LOST = "acknowledged answer lost"
ANSWER_OTHER = "answer with another value"
NOT_RUN = "complete though a task did not run"
FAMILY = "family without all its children's results"
LARGE_VALUE = "large value lost or another"
EVENTS = "events missing"
HEARD_TWICE = "heard twice or out of order"
NOT_HEARD = "not heard by the follower"
TOO_SHORT = "over before its delay was"
TOO_LONG = "waits longer than its delay says"


@dataclass
class Verdict:
    """`waiting` are jobs that rightly wait: for the person of a start that nobody was told of."""

    lost: list[Finding] = field(default_factory=list[Finding])
    twice: list[Finding] = field(default_factory=list[Finding])
    stuck: list[Finding] = field(default_factory=list[Finding])
    wrong: list[Finding] = field(default_factory=list[Finding])
    waiting: int = 0

    @property
    def sound(self) -> bool:
        return not (self.lost or self.twice or self.stuck or self.wrong)

    def kinds(self) -> Counter[str]:
        return Counter(what for what, _ in (*self.lost, *self.twice, *self.stuck, *self.wrong))


def judge(
    seen: Seen,
    record: Record,
    done_twice: Iterable[str],
    heard: Iterable[tuple[str, int]],
    last_heard: Mapping[str, float] | None = None,
    longest_delay: float = inf,
) -> Verdict:
    """`done_twice` are iterations that a provider was asked under two keys, `heard` the events that a follower heard,
    and `last_heard` when it heard the last one of a job.

    Nothing may change any more when `seen` was read.
    """
    verdict = Verdict()
    jobs = {job["_id"]: job for job in seen.jobs if job["_id"] not in record.probes}
    iterations = _by_job(seen.iterations)
    children = _children(seen.jobs)
    verdict.lost = [("lost", id) for id in record.started if id not in jobs]
    verdict.twice = [("two jobs of a key", key) for key in record.two_jobs_of_a_key]
    verdict.twice += [("asked of the provider under two keys", one) for one in done_twice]
    for id, job in jobs.items():
        verdict.twice += [(f"element {n} started as two children", id) for n in _twice(children.get(id, []))]
        if job["status"] in ACTIVE:
            reason = reason_stuck(job, iterations.get(id, {}), children.get(id, []), seen.at)
            if reason is not None:
                verdict.stuck.append((reason, id))
            elif any((task.get("wake_at") or 0) > seen.at + longest_delay * 1000 for task in job["tasks"].values()):
                verdict.wrong.append((TOO_LONG, id))
            else:
                verdict.waiting += 1
        else:
            verdict.wrong += [(what, id) for what in _wrong(job, iterations.get(id, {}))]
    verdict.wrong += _answers(record, jobs, iterations)
    verdict.wrong += _families(record, jobs)
    verdict.wrong += _large_values(record, jobs, iterations)
    heard = list(heard)
    verdict.wrong += _events(jobs, seen.events, heard, record.missed)
    verdict.wrong += _delays(record, jobs, set(heard), last_heard or {})
    return verdict


def _by_job(iterations: Iterable[Document]) -> dict[str, dict[str, Document]]:
    """The iterations by job and task; no task of the load has a second one."""
    by_job: dict[str, dict[str, Document]] = defaultdict(dict)
    for one in iterations:
        by_job[one["job"]["_id"]][one["job"]["task"]] = one
    return by_job


def _children(jobs: Iterable[Document]) -> dict[str, list[Document]]:
    children: dict[str, list[Document]] = defaultdict(list)
    for job in jobs:
        if job.get("parent"):
            children[job["parent"]["job"]].append(job)
    return children


def _twice(children: Iterable[Document]) -> list[int]:
    times = Counter(child["parent"]["element"] for child in children)
    return [element for element, count in times.items() if count > 1]


def _wrong(job: Document, iterations: Mapping[str, Document]) -> Iterable[str]:
    """Of a job that is over."""
    if job["status"] != "complete":
        message = str((job.get("error") or [{}])[0].get("message", ""))
        yield f"{IN_ERROR}: {job['status']}, {message[:70]}"
        return
    if any(job["tasks"].get(id, {}).get("finish_state") != "success" for id in TASKS[job["name"]] if "_" not in id):
        yield NOT_RUN
    if any(one["status"] != "complete" or one.get("waits_for") for one in iterations.values()):
        yield OPEN_AGAIN
    if job["name"] in MAPPED:
        task, name = MAPPED[job["name"]]
        outgoing = iterations.get(task, {}).get("variables", {}).get("outgoing") or {}
        if outgoing.get(name) != job["variables"].get(name):
            yield STALE


def _answers(
    record: Record, jobs: Mapping[str, Document], iterations: Mapping[str, Mapping[str, Document]]
) -> Iterable[Finding]:
    for id, answer in record.answers.items():
        if id not in jobs:
            continue
        taken = jobs[id]["variables"].get("answer")
        stored = iterations.get(id, {}).get(PERSON, {}).get("answer")
        if taken is not None and taken != answer.value:
            yield ANSWER_OTHER, id
        elif taken is None and answer.acknowledged and stored is None:
            yield ANSWER_LOST, id


def _families(record: Record, jobs: Mapping[str, Document]) -> Iterable[Finding]:
    for id, start in record.started.items():
        if start.workflow == "family" and jobs.get(id, {}).get("status") == "complete":
            results = (jobs[id]["variables"].get("details") or {}).get("loop") or []
            if [one.get("after") for one in results] != [f"{start.number}.{n}." for n in range(start.size)]:
                yield FAMILY, id


def _large_values(
    record: Record, jobs: Mapping[str, Document], iterations: Mapping[str, Mapping[str, Document]]
) -> Iterable[Finding]:
    """The job and the iteration that made it hold the same, beside which nothing else could be told from a loss."""
    for id, start in record.started.items():
        if start.workflow == "large" and jobs.get(id, {}).get("status") == "complete":
            text = large_text(start.number)
            outgoing = iterations.get(id, {}).get("a1", {}).get("variables", {}).get("outgoing") or {}
            found = (jobs[id]["variables"].get("after"), outgoing.get("combinedStrings"))
            if found != (f"{text}..", f"{text}."):
                yield LARGE_VALUE, id


def _delays(
    record: Record, jobs: Mapping[str, Document], heard: set[tuple[str, int]], last_heard: Mapping[str, float]
) -> Iterable[Finding]:
    """From when a job was asked for until its end was heard of, its delay passed."""
    for id, start in record.started.items():
        ended = id in jobs and jobs[id]["status"] not in ACTIVE and (id, jobs[id]["seq"]) in heard
        if ended and last_heard.get(id, inf) - record.asked.get(id, -inf) < start.seconds:
            yield TOO_SHORT, id


def _events(
    jobs: Mapping[str, Document], stored: Iterable[tuple[str, int]], heard: list[tuple[str, int]], missed: set[str]
) -> Iterable[Finding]:
    """The events of a job that is over are stored without a gap, and a follower heard each once, in order.

    Of those in `missed` it need not have heard all.
    """
    told: dict[str, set[int]] = defaultdict(set)
    for id, number in stored:
        told[id].add(number)
    listened: dict[str, list[int]] = defaultdict(list)
    for id, number in heard:
        listened[id].append(number)
    for id, job in jobs.items():
        if job["status"] not in ACTIVE and told[id] != set(range(job["seq"] + 1)):
            yield EVENTS, id
        if any(after <= before for before, after in pairwise(listened[id])):
            yield HEARD_TWICE, id
        if id not in missed and told[id] - set(listened[id]):
            yield NOT_HEARD, id
