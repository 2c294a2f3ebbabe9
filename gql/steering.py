"""Cancels, pauses and resumes jobs on the terminal."""

import argparse
from collections.abc import Callable

from ..models.json import JsonObject
from .client import Client
from .commands.given import job_id

STEER = "mutation Steer($ids: [ID!]!) {{ {mutation}(ids: $ids) {{ id done message }} }}"
MOST_AT_ONCE = 100

# By command: what it does, the mutation, and what became of a job.
COMMANDS = {
    "cancel": ("end jobs, with all their child jobs", "cancelJobs", "canceled"),
    "pause": ("let nothing new start in jobs; what runs may finish", "pauseJobs", "paused"),
    "resume": ("let paused jobs go on", "resumeJobs", "resumed"),
}


def add_steering(one: argparse.ArgumentParser, name: str) -> None:
    _, mutation, done = COMMANDS[name]
    one.set_defaults(command=_steers(mutation, done))
    one.add_argument("ids", nargs="+", metavar="ID", help="a job: its id, or a beginning of it that no other has")


def _steers(mutation: str, done: str) -> Callable[[argparse.Namespace], int]:
    def steer(options: argparse.Namespace) -> int:
        """A line a job; 1 when one of them was refused."""
        client = Client(options.server, options.token)
        refused = 0
        for first in range(0, len(options.ids), MOST_AT_ONCE):
            ids = [job_id(client, one) for one in options.ids[first : first + MOST_AT_ONCE]]
            results: list[JsonObject] = client.ask(STEER.format(mutation=mutation), ids=ids)[mutation]
            for one in results:
                print(f"{one['id']}  {done if one['done'] else one['message']}")
                refused += not one["done"]
        return 1 if refused else 0

    return steer
