"""Which version of our own state a stored document holds, and how an older one becomes one of today's.

Servers of several versions may share a database, while one after the other is replaced. A newer one goes on with what
an older one stored: it takes one step for each version in between. An older one leaves alone what a newer one stored:
it shows it as well as it can, and neither runs nor changes it.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias, overload

from ..json import JsonObject
from .shapes.jobs import JobHeader
from .shapes.tasks import IterationDocument

Kind: TypeAlias = Literal["header", "iteration", "wording"]
Step: TypeAlias = Callable[[JsonObject], JsonObject]

VERSION_KEY: Final = "state_version"


def as_it_is(document: JsonObject) -> JsonObject:
    return document


# A step makes a document of one version one of the next, and changes no document in place. It may meet some of the
# document's keys alone, where the others were not read. The first one is for documents without a version: those of
# releases that wrote none, which may lack `outbox`, `lease.adoptions` and the `seq` of iterations, as readers know, and
# those of other programs, which it leaves as they are.
STEPS: Final[Mapping[Kind, tuple[Step, ...]]] = MappingProxyType(
    {"header": (as_it_is,), "iteration": (as_it_is,), "wording": (as_it_is,)}
)
STATE_VERSION: Final = len(STEPS["header"])

# A query's condition: of a version that this server knows.
KNOWN: Final[Mapping[str, Any]] = MappingProxyType({VERSION_KEY: {"$not": {"$gt": STATE_VERSION}}})


def version_of(document: Mapping[str, object]) -> int:
    version = document.get(VERSION_KEY)
    return version if isinstance(version, int) else 0


def is_newer(document: Mapping[str, object]) -> bool:
    """Whether a newer server wrote it, so that it is not ours to change."""
    return version_of(document) > STATE_VERSION


@overload
def upgraded(
    kind: Literal["header"], document: JobHeader, steps: Mapping[Kind, tuple[Step, ...]] = STEPS
) -> JobHeader: ...
@overload
def upgraded(
    kind: Literal["iteration"], document: IterationDocument, steps: Mapping[Kind, tuple[Step, ...]] = STEPS
) -> IterationDocument: ...
@overload
def upgraded(
    kind: Kind, document: Mapping[str, object], steps: Mapping[Kind, tuple[Step, ...]] = STEPS
) -> Mapping[str, object]: ...
def upgraded(kind: Kind, document: Any, steps: Mapping[Kind, tuple[Step, ...]] = STEPS) -> Any:
    """The document as today's servers write it; the very same where it is of today's version, or of a newer one."""
    for step in steps[kind][version_of(document) :]:
        document = step(document)
    return document


def upgrade_of(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, object]:
    """The update that makes a stored document the upgraded one; empty where they are the same but for the version."""
    changed = {key: value for key, value in after.items() if key not in before or before[key] != value}
    gone = dict.fromkeys(before.keys() - after.keys(), "")
    if not changed and not gone:
        return {}
    return {"$set": {**changed, VERSION_KEY: STATE_VERSION}, **({"$unset": gone} if gone else {})}
