"""Shows a job on the terminal as it goes."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from ...models.engine.lifecycle import ENDED
from ...models.json import JsonObject, array_at
from .client import SERVER_GONE, Client, ServerGone, ServerRefused

EVENTS = """
subscription Follow($id: ID!, $after: String) {
  jobChanged(id: $id, after: $after) { cursor status latest tasks { task name status finishState iteration } }
}
"""
JOB = "query Ended($id: ID!) { job(id: $id) { status variables error { task message } } }"
WAITS = "query Waits($id: ID!) { job(id: $id) { waitsFor { taskId name summary kind } } }"
OVER = tuple(status.upper() for status in ENDED)
RECONNECT_SECONDS = 60.0
_PAUSES = (0.1, 0.2, 0.5, 1.0, 2.0)  # seconds between one try and the next; the last one goes on

Answer = TypeVar("Answer")


def follow(client: Client, job_id: str, reconnect: float = RECONNECT_SECONDS, *, there: bool = False) -> int:
    """Print a line a change, until the job is over as it is now; 0 when it completed, 1 when it ended otherwise.

    What was mended is not over: an error ends it only where it is the last that happened. A server that goes away, or
    is stopped, is tried again for so many seconds; one that never was there is not, unless `there` says that it was.
    """
    print(f"job {job_id}", flush=True)
    if there:
        print(client.console_of(job_id), flush=True)
    outage = Outage(reconnect, "The job does not need us to go on.", there=there)
    cursor: str | None = None
    silent = False
    told: set[str] = set()
    while True:
        status = None
        for event in _events(client, job_id, cursor, outage):
            for change in event["tasks"]:
                state = (change["finishState"] or change["status"]).lower()
                print(f"{change['task']:>14}  {change['name']}  {state}  #{change['iteration']}", flush=True)
            cursor, status = event["cursor"], event["status"]
            if event["latest"] and any(change["status"] == "RUNNING" for change in event["tasks"]):
                _tell_who_is_awaited(client, job_id, told, outage)
        job: JsonObject | None = outage.insist(lambda: client.ask(JOB, id=job_id)["job"])
        if job is None:
            raise ServerRefused(f"The job {job_id} was deleted.", "JOB_NOT_FOUND")
        if status in OVER and job["status"] in OVER:
            break
        if cursor is None:  # of another program's job nothing is told; once, the server may have been stopped just then
            if silent or job["status"] in OVER:
                break
            silent = True
        # It was mended in the meantime, or the server is being stopped, and another one tells the rest.
        time.sleep(_PAUSES[0])
    for error in job["error"] or ():
        print(f"error of {error['task']}: {_text(error['message'])}")
    print(f"{job['status'].lower()} {json.dumps(job['variables'], ensure_ascii=not _shows_all())}", flush=True)
    if job["status"] not in OVER:
        raise ServerRefused("Another program stored this job: nobody tells what happens in it.")
    return 0 if job["status"] == "COMPLETE" else 1


def _tell_who_is_awaited(client: Client, job_id: str, told: set[str], outage: "Outage") -> None:
    """Say of each task that waits for a person, once, how one answers it."""
    job: JsonObject | None = outage.insist(lambda: client.ask(WAITS, id=job_id)["job"])
    for one in array_at(job or {}, "waitsFor"):
        if one["kind"] == "PERSON" and one["taskId"] not in told:
            told.add(one["taskId"])
            title = _text(one["summary"] or one["name"])
            print(f"{one['taskId']} waits for a person: {title}", flush=True)
            print(f"  jobyard finish {job_id} {one['taskId']} --state success", flush=True)
            print(f"  {client.console_of(job_id)}", flush=True)


def _events(client: Client, job_id: str, cursor: str | None, outage: "Outage") -> Iterator[JsonObject]:
    """The events behind the cursor, up to the one that the job is over with, over as many connections as it takes."""
    while True:
        try:
            for result in client.follow(EVENTS, id=job_id, after=cursor):
                outage.end()
                if result is None:
                    continue
                event: JsonObject = result["jobChanged"]
                cursor = event["cursor"]
                yield event
                if event["status"] in OVER and event["latest"]:
                    return
        except ServerGone as gone:
            outage.bear(gone)
        else:
            return


class Outage:
    """How long a server that was there may be away; `advice` is for when it does not come back."""

    def __init__(self, seconds: float, advice: str, *, there: bool = False) -> None:
        self._seconds = seconds
        self._advice = advice
        self._there = there
        self._tries = 0
        self._until = 0.0

    def end(self) -> None:
        """The server is there."""
        self._there, self._tries = True, 0

    def bear(self, gone: ServerGone) -> None:
        """Wait for the next try; raise what happened when the time is over, or when the server never was there."""
        self._there = self._there or gone.there
        if not self._there or not self._seconds:
            raise gone
        if not self._tries:
            self._until = time.monotonic() + self._seconds
            print(f"jobyard: {gone} It is tried again for {self._seconds:g} s.", file=sys.stderr, flush=True)
        left = self._until - time.monotonic()
        if left <= 0:
            tried = f"{gone} It was tried again for {self._seconds:g} s. {self._advice}"
            raise ServerRefused(tried, SERVER_GONE) from gone
        time.sleep(min(left, _PAUSES[min(self._tries, len(_PAUSES) - 1)]))
        self._tries += 1

    def insist(self, ask: Callable[[], Answer]) -> Answer:
        while True:
            try:
                return ask()
            except ServerGone as gone:
                self.bear(gone)


def _shows_all() -> bool:
    """Whether the terminal has every character; where it does not, JSON has escapes of its own."""
    return sys.stdout is not None and (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"


def _text(message: object) -> str:
    return message if isinstance(message, str) else json.dumps(message, ensure_ascii=False)
