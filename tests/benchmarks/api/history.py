"""What was measured, kept in a file that is no part of the project: a line of JSON for each work."""

import json
import os
from datetime import UTC, datetime

from tests import processes
from tests.benchmarks.api.cost import Rounds
from tests.parts import ROOT

FILE = ROOT / "build" / "bench-api.jsonl"


def remember(found: Rounds) -> None:
    revision = processes.run(["git", "describe", "--always", "--dirty"], cwd=ROOT).stdout.strip()
    FILE.parent.mkdir(exist_ok=True)
    line = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "revision": revision,
        "load": round(os.getloadavg()[0], 1),
        "work": found.work,
        "ratios": {server: [round(one, 3) for one in found.ratios(server, found.base)] for server in found.costs},
        "ms": {
            server: [[round(one.server, 3), round(one.mongod, 3)] for one in costs]
            for server, costs in found.costs.items()
        },
    }
    with FILE.open("a") as file:
        file.write(json.dumps(line) + "\n")
