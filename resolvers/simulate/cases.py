"""Cases of a rehearsal: what is wrong with one, and the templates and forms that it brings along."""

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import get_args

from ...models.documents.moments import milliseconds
from ...models.engine.lifecycle import JobStatus
from ...models.errors import FormNotFound
from ...models.json import Json, JsonObject, array_at, is_array, is_number, is_object, text_at

Check = Callable[[Json, str], Iterator[str]]

CLOSE = 0.75  # how like a known key an unknown one is that was meant for it, from 0 to 1

NO_CASE = (
    "this is no case: a case is an object with `workflows` and with `start`, which names the one to start, "
    "or a workflow alone"
)


def case_faults(case: JsonObject) -> list[str]:
    """What is wrong with a case; none is found in one that can be run."""
    if not case.keys() & {"workflows", "start"}:
        return [NO_CASE]
    faults = [*_fields(_CASE, case, "the case", absent_is_null=True)]
    if case.get("workflows") is None:
        faults.append("the case has no `workflows`: a list with the workflow that `start` names and its children")
    if not is_object(start := case.get("start")) or start.get("workflow") is None:
        faults.append(
            'the case needs `start`, which names a workflow: {"workflow": name, "options": {"variables": {...}}}'
        )
    return faults


def transformation_case_faults(case: Json) -> list[str]:
    """The same of a case of a transformation alone."""
    if not is_object(case):
        return [f"this is no case: it must be an object with {_listed(_TRANSFORMATION_CASE)}"]
    needed = [f"the case has no `{key}`" for key in ("document", "expectedOutput") if key not in case]
    return [*_fields(_TRANSFORMATION_CASE, case, "the case"), *needed]


def _fields(known: Mapping[str, Check], value: Json, where: str, *, absent_is_null: bool = False) -> Iterator[str]:
    if not is_object(value):
        yield f"{where} must be an object"
        return
    for key, one in value.items():
        if key not in known:
            # Keys of other people's own, notes for example, are left aside; one that was meant to be another is not.
            if any(one.startswith(key) for one in known) or get_close_matches(key[:80], known, cutoff=CLOSE):
                yield f"{where} has an unknown key `{key[:80]}`: allowed are {_listed(known)}"
        elif not (absent_is_null and one is None):
            yield from known[key](one, f"`{key}`" if where == "the case" else f"{where}, `{key}`")


def _listed(known: Mapping[str, Check]) -> str:
    return ", ".join(f"`{key}`" for key in known)


def _is(test: Callable[[Json], bool], what: str) -> Check:
    def check(value: Json, where: str) -> Iterator[str]:
        if not test(value):
            yield f"{where} must be {what}, not {_brief(value)}"

    return check


def _brief(value: Json) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:80]}..."


def _object(known: Mapping[str, Check], *, absent_is_null: bool = False) -> Check:
    return lambda value, where: _fields(known, value, where, absent_is_null=absent_is_null)


def _each(check: Check) -> Check:
    """Of an object: what each of its values must be."""

    def every(value: Json, where: str) -> Iterator[str]:
        if not is_object(value):
            yield f"{where} must be an object, not {_brief(value)}"
            return
        for key, one in value.items():
            yield from check(one, f"{where}, `{key[:80]}`")

    return every


def _one_of(*allowed: str) -> Check:
    return _is(lambda value: value in allowed, " or ".join(f'"{one}"' for one in allowed))


def _acts(value: Json, where: str) -> Iterator[str]:
    if not is_array(value):
        yield f"{where} must be a list, not {_brief(value)}"
        return
    for index, act in enumerate(value):
        here = f"{where}, entry {index + 1},"
        if not (is_array(act) and 2 <= len(act) <= 3 and isinstance(act[0], str)):
            yield f'{here} must be [taskId, "success" or "failure"], and the outputs as a third one, not {_brief(act)}'
            continue
        yield from _FINISH_STATE(act[1], f"{here} the finish state of {act[0][:80]}")
        if len(act) == 3:
            yield from _OBJECT(act[2], f"{here} what task {act[0][:80]} gives")


def _is_moment(value: Json) -> bool:
    return milliseconds(value) is not None if isinstance(value, str) else is_number(value) and value >= 0


def _any(value: Json, where: str) -> Iterator[str]:
    yield from ()


def _answers(value: Json, where: str) -> Iterator[str]:
    if not is_array(value):
        yield f"{where} must be a list, not {_brief(value)}"
        return
    for index, answer in enumerate(value):
        if answer is not None:
            yield from _fields(_ANSWER, answer, f"{where}, entry {index + 1}")


_FINISH_STATE = _one_of("success", "failure")
_TEXT = _is(lambda value: isinstance(value, str), "a text")
_NAME = _is(lambda value: isinstance(value, str) and value != "", "a text that is not empty")
_TRUTH = _is(lambda value: isinstance(value, bool), "true or false")
_OBJECT = _is(is_object, "an object")
_DOCUMENTS = _is(lambda value: is_array(value) and all(map(is_object, value)), "a list of objects")
_NAMES = _is(lambda value: is_array(value) and all(isinstance(one, str) for one in value), "a list of names")

_ANSWER: Mapping[str, Check] = {
    "expect_incoming": _OBJECT,
    "outgoing": _OBJECT,
    "finish_state": _one_of("success", "failure", "error"),
    "error": _any,
}
_EXPECT: Mapping[str, Check] = {
    "status": _one_of(*get_args(JobStatus)),
    "variables_exactly": _OBJECT,
    "ignore_variables": _NAMES,
    "variables_contain": _OBJECT,
    "check": _OBJECT,
    "job": _object({"description": _any, "status": _any}),
    "min_run_time_ms": _is(lambda value: is_number(value) and value >= 0, "a number of at least 0"),
    "manual_task_shows": _each(_OBJECT),
    "basis": _any,
}
_OPTIONS: Mapping[str, Check] = {"description": _any, "type": _any, "variables": _OBJECT, "groups": _any}
_CASE: Mapping[str, Check] = {
    "id": _TEXT,
    "workflows": _DOCUMENTS,
    "transformations": _DOCUMENTS,
    "templates": _DOCUMENTS,
    "forms": _DOCUMENTS,
    "start": _object({"workflow": _NAME, "options": _object(_OPTIONS, absent_is_null=True)}, absent_is_null=True),
    "rules": _OBJECT,
    "stubs": _each(
        _object(
            {
                **_ANSWER,
                "answers": _answers,
                "task": _any,
                "writes_job_variables": _TRUTH,
            }
        )
    ),
    "stub_adapters": _TRUTH,
    "now": _is(_is_moment, "a moment: ISO-8601 text or milliseconds since the epoch"),
    "manual": _acts,
    "expect": _object(_EXPECT),
    **dict.fromkeys(("kind", "note", "source", "missing"), _any),
}
_TRANSFORMATION_CASE: Mapping[str, Check] = {
    "document": _OBJECT,
    "incoming": _OBJECT,
    "options": _OBJECT,
    "expectedOutput": _any,
    **dict.fromkeys(("name", "note", "source", "repo", "commit", "transformation", "licence"), _any),
}


class CaseDocuments:
    def __init__(self, case: Mapping[str, object]) -> None:
        self._templates = {text_at(one, "name"): one for one in array_at(case, "templates") if is_object(one)}
        self._forms = [one for one in array_at(case, "forms") if is_object(one)]

    async def template(self, name: str, near: str = "") -> JsonObject | None:
        return self._templates.get(name)

    async def form(self, id_or_name: str) -> JsonObject:
        for key in ("_id", "id", "name"):
            for form in self._forms:
                if form.get(key) == id_or_name:
                    return form
        raise FormNotFound(id_or_name)
