"""Where the secrets of a job go: into what its tasks are told and tell, and into the job that started it.

A workflow's decorators mark variables of its own jobs. What a task is told of them, and what a parent takes of a child,
are other values, and are marked here for `masked`: a `*` in a pointer stands for every element of an array. What a task
makes of a secret, a text with it inside for example, is found by `finding`, which adds the places to these marks.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from ..documents.shapes.jobs import JobHeader, SecretEntry
from ..engine.references import JOB, job_variable_of, operand_of, reference_of
from ..json import Json, array_at, is_array, is_object, object_at, text_at
from ..json_pointers import pointer_to
from .masking import ENCRYPTION, EVERY, Path, secret_paths

CHILD_SECRETS: Final = "child_secrets"  # of a job, ours alone: entries {task, pointer, variable?}
FOUND_SECRETS: Final = (
    "found_secrets"  # of a job, ours alone: {pointer} into its variables, {task, pointer} into what it gave
)
HANDED_SECRETS: Final = (
    "handed_secrets"  # of a parent as it starts a child, and nowhere stored: {pointer} into its variables
)
SECRETS: Final = "secrets"  # of an iteration, ours alone: decorators of its `variables`

_DETAILS = "job_details"


def marks(job: Mapping[str, object]) -> list[Json]:
    """The decorators of all that is secret in the job's variables, what its child jobs told it and what holds a secret
    included.
    """
    told = [
        path
        for entry in array_at(job, CHILD_SECRETS)
        if is_object(entry) and "variable" in entry
        for path in in_details(text_at(entry, "pointer"), [text_at(entry, "variable")])
    ]
    found = [
        text_at(entry, "pointer") for entry in array_at(job, FOUND_SECRETS) if is_object(entry) and "task" not in entry
    ]
    return [*array_at(job, "decorators"), *_decorators(told), *_decorators_of(found)]


def child_secret_entries(child: JobHeader, task_id: str, definition: Mapping[str, object]) -> list[SecretEntry]:
    """What a parent has to know of the secrets of a child that a task of it started."""
    target = job_variable_of(object_at(object_at(definition, "variables"), "outgoing").get(_DETAILS))
    pointers = map(pointer_to, _of_variables(child))
    if target is None:
        return [{"task": task_id, "pointer": pointer} for pointer in pointers]
    return [{"task": task_id, "pointer": pointer, "variable": target} for pointer in pointers]


def marks_of_iteration(job: JobHeader, task_id: str, definition: Mapping[str, object]) -> list[Json]:
    """The decorators of what is secret in the `variables` of the task's iterations beside those of its author."""
    secrets: dict[tuple[str, str], list[Path]] = {}
    for path in _of_variables(job):
        secrets.setdefault((JOB, path[0]), []).append(path[1:])
    for entry in job.get(CHILD_SECRETS, []):
        secrets.setdefault((entry.get("task", ""), _DETAILS), []).extend(in_details(entry["pointer"], []))
    for entry in job.get(FOUND_SECRETS, []):
        if "task" in entry and (path := secret_path(entry)):
            secrets.setdefault((entry["task"], path[0]), []).append(path[1:])
    if not secrets:
        return []
    variables = object_at(definition, "variables")
    found = [["outgoing", name, *path] for (id, name), paths in secrets.items() if id == task_id for path in paths]
    for place, owner, name, pointer in _references(object_at(variables, "incoming"), ["incoming"]):
        found += [
            place + rest for path in secrets.get((owner, name), []) if (rest := _beyond(pointer, path)) is not None
        ]
    taken = {"error": variables.get("error")}
    for place, target in (
        *((["outgoing", name], target) for name, target in object_at(variables, "outgoing").items()),
        *(([name], target) for name, target in taken.items()),
    ):
        found += [place + path for path in secrets.get((JOB, job_variable_of(target) or ""), [])]
    return _decorators(found)


def _of_variables(job: JobHeader) -> list[Path]:
    return secret_paths(marks(job), job["variables"], "variables")


def secret_path(entry: SecretEntry) -> Path:
    """Where the entry's pointer leads."""
    return next((path for path in secret_paths(_decorators_of([entry["pointer"]]))), list[str]())


def target_of(definition: Mapping[str, object], name: str) -> str | None:
    """The job variable that an outgoing value of the task becomes."""
    return job_variable_of(object_at(object_at(definition, "variables"), "outgoing").get(name))


def in_details(pointer: str, place: Path) -> list[Path]:
    """A single child gives its variables, a loop a list of them."""
    (path,) = secret_paths(_decorators_of([pointer]))
    return [[*place, *path], [*place, "loop", EVERY, *path]]


def _decorators(paths: Iterable[Path]) -> list[Json]:
    return _decorators_of(dict.fromkeys(map(pointer_to, paths)))


def _decorators_of(pointers: Iterable[str]) -> list[Json]:
    return [{"type": ENCRYPTION, "pointer": pointer} for pointer in pointers]


def _references(value: Json, place: Path) -> Iterator[tuple[Path, str, str, Path]]:
    """Where an incoming value refers to what, and to which part of it. A name may be there whole, pointer and all."""
    reference = operand_of(value) if is_object(value) else reference_of(value)
    if reference is not None:
        yield place, reference.owner, reference.base, reference.pointer
        if reference.has_pointer:
            yield place, reference.owner, reference.name, []
    if is_object(value):
        for key, inner in value.items():
            yield from _references(inner, [*place, key])
    elif is_array(value):
        for index, inner in enumerate(value):
            yield from _references(inner, [*place, str(index)])


def _beyond(pointer: Path, secret: Path) -> Path | None:
    """The way to the secret in the part that the pointer leads to; all of it is secret where it is inside one."""
    for one, other in zip(pointer, secret, strict=False):
        if one != other and other != EVERY:
            return None
    return secret[len(pointer) :]
