"""The languages of workflow authors alone: `make bench`. Ratios within one run are what counts."""

import gc
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import checkout  # noqa: F401 -- names the checkout jobyard
from jobyard.models.json import Json, JsonObject
from jobyard.models.language.patterns import Pattern
from jobyard.models.language.query.query import query
from jobyard.models.language.transformation import compile_document, transform
from jobyard.models.schemas.checking import check

ROUNDS = 5
DEVICES: list[Json] = [
    {
        "name": f"edge-{n}",
        "address": f"10.0.{n // 256}.{n % 256}",
        "ports": [{"id": p, "up": p % 2 == 0} for p in range(4)],
    }
    for n in range(200)
]
CONFIGURATION = "".join(
    f"interface GigabitEthernet0/{n}\n description link to edge-{n}\n mtu 1500\n" for n in range(200)
)
SCHEMA: JsonObject = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["name", "address"],
        "properties": {
            "name": {"type": "string", "pattern": "^[a-z]+-\\d+$"},
            "address": {"type": "string", "format": "ipv4"},
            "ports": {"type": "array", "items": {"type": "object", "properties": {"id": {"type": "integer"}}}},
        },
    },
}


TEXT = {"location": "incoming", "name": "text", "ptr": ""}


def _transformation() -> JsonObject:
    """Splits the text, joins it, and makes it large."""
    calls = (("String", "split", TEXT, "\n"), ("Array", "join", 1, ";"), ("String", "toUpperCase", 2))
    steps: list[Json] = []
    for id, (library, method, first, *rest) in enumerate(calls, 1):
        steps.append({"id": id, "type": "method", "library": library, "method": method, "args": [None, *rest]})
        source = {"location": "method", "name": first, "ptr": "/return"} if isinstance(first, int) else first
        steps.append(_assign(100 + id, source, {"location": "method", "name": id, "ptr": "/args/0/value"}))
    steps.append(
        _assign(
            200,
            {"location": "method", "name": 3, "ptr": "/return"},
            {"location": "outgoing", "name": "large", "ptr": ""},
        )
    )
    return {"name": "t", "incoming": [{"$id": "text"}], "outgoing": [{"$id": "large"}], "functions": [], "steps": steps}


def _assign(id: int, source: Json, to: Json) -> JsonObject:
    return {"id": id, "type": "assign", "from": source, "to": to}


def _works() -> dict[str, Callable[[], object]]:
    address = Pattern(r"^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$")
    interface = Pattern(r"interface (\S+)\n description link to (\S+)", "gi")
    words = Pattern(r"\bedge-\d+\b", "i")
    compiled = compile_document(_transformation())
    names = {"text": CONFIGURATION}
    return {
        "pattern, short text": lambda: [address.search("192.168.100.200") for _ in range(200)],
        "pattern, all matches": lambda: interface.all_matches(CONFIGURATION),
        "pattern, not there": lambda: [words.search("no such thing in here" * 10) for _ in range(100)],
        "patterns, new ones": lambda: [Pattern(f"^a{n}(?:b|c)*[d-f]+$") for n in range(50)],
        "query, filter": lambda: [query(f"devices[name=edge-{n}].address", {"devices": DEVICES}) for n in range(20)],
        "query, all": lambda: query("devices[*].ports[**].id", {"devices": DEVICES}),
        "transformation": lambda: [transform(compiled, names, {}) for _ in range(20)],
        "schema": lambda: check(SCHEMA, DEVICES, []),
    }


def seconds(work: Callable[[], object]) -> float:
    """The best of ROUNDS, in processor time."""
    best = float("inf")
    for _ in range(ROUNDS):
        gc.collect()
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best


def main() -> None:
    for name, work in _works().items():
        print(f"{name:<22}{seconds(work) * 1e3:>10.2f} ms")


if __name__ == "__main__":
    main()
