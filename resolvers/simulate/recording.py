"""Records a case out of a job that ran, and tells which of its values change from run to run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ...models.documents.shapes.jobs import JobHeader
from ...models.documents.shapes.tasks import IterationDocument
from ...models.documents.stored import from_stored
from ...models.engine.graph import END, START, Graph
from ...models.engine.lifecycle import ACTIONS, allows
from ...models.engine.references import job_variable_of
from ...models.engine.rules import DEFAULT_RULES, Rules, choices
from ...models.errors import FormNotFound, JobIsForeign, JobStatusForbids, JobTooLong, TaskNotFound
from ...models.json import Json, JsonObject, array_at, is_array, is_object, object_at, text_at
from ...models.language.javascript.coercion import deeply_equal
from ...models.lint import mentioned
from ...models.secrets.marks import FOUND_SECRETS, SECRETS, marks, marks_of_iteration
from ...models.secrets.masking import MASK, masked, secret_paths, values_at
from ...models.visibility import Caller, may_see
from ..builtin_tasks.registry import ask_person, call_provider
from ..jobs import start as jobs
from ..services import Services
from ..tasks import forms
from ..workflows import assets
from ..workflows.definitions import Pinned, function_of_task
from .rehearsal import Rehearsal, rehearse

MOST_ITERATIONS = 10_000
GIVEN = ("_id", "initiator")  # the variables that a server gives each job

_CHILD = ("WorkFlowEngine", "childJob")
_REACHING = (_CHILD, ("WorkFlowEngine", "restCall"), ("WorkFlowEngine", "eventListenerJob"))
_LEFT_OUT = ("_id", "created_by", "last_updated_by")  # of a workflow: what is of this server
# The tasks that write a job variable which they are told the name of, by that incoming value.
_NAMING = {"newVariable": "name", "push": "job_variable", "pop": "job_variable", "shift": "job_variable"}


async def record(services: Services, caller: Caller, job_id: str) -> JsonObject:
    """The case; its secrets are masked, also where a task made something else of them.

    A child job is the answer of the task that started it. JobStatusForbids while the job is not over, and
    TaskNotFound where a task of it is for groups that the caller is not in.
    """
    job = await jobs.find_stored(services, caller, job_id)
    status = text_at(job, "status")
    if "workflow_version" not in job:
        raise JobIsForeign(job_id)
    jobs.check_known(job)
    if not allows(status, "record"):
        raise JobStatusForbids(job_id, status, ACTIONS["record"].allowed, ACTIONS["record"].done)
    pinned = await services.definitions.find(job["workflow_version"])
    for id, definition in pinned.graph.tasks.items():
        if not may_see(caller, definition.get("groups")):
            raise TaskNotFound(id, job_id)  # its values are not the caller's to read
    iterations = await services.jobs.tasks.find_of_job(job["_id"], MOST_ITERATIONS + 1)
    if len(iterations) > MOST_ITERATIONS:
        raise JobTooLong(job_id, MOST_ITERATIONS)
    job = _by_marks(await services.jobs.load_opened(job))
    marked = [_marked(job, pinned.graph, await services.jobs.tasks.load_opened(one)) for one in iterations]
    secrets = set(_secrets(job, marked))
    ran = [_shown(one) for one in marked]
    variables = masked(from_stored(job)["variables"], marks(job), "variables")
    case: JsonObject = {
        "id": f"{pinned.graph.name} {job_id}",
        "note": f"recorded from job {job_id}",
        "workflows": [{key: value for key, value in pinned.workflow.items() if key not in _LEFT_OUT}],
        "transformations": list((await services.definitions.transformations(pinned)).values()),
        **await _documents(pinned),
        "start": {
            "workflow": pinned.graph.name,
            "options": {"variables": _started_with(pinned.graph, ran, variables)},
        },
        "rules": _other_than_default(services.settings.rules),
        "now": job["metrics"].get("start_time"),
        "stubs": _answers(services, pinned.graph, ran),
        "manual": _acts(services, pinned.graph, ran),
        "expect": {
            "status": status,
            "variables_exactly": {name: value for name, value in variables.items() if name not in GIVEN},
            "ignore_variables": list(GIVEN),
        },
    }
    masked_case = _without_secrets(case, sorted(secrets, key=len, reverse=True))
    assert is_object(masked_case)
    return masked_case


def _by_marks(job: JobHeader) -> JobHeader:
    """The job without what was found to hold a secret: a case has masks inside of such texts, so that it can be run."""
    handed = [one for one in job.get(FOUND_SECRETS, []) if "task" not in one] if "parent" in job else []
    return {**job, FOUND_SECRETS: handed}


def _marked(job: JobHeader, graph: Graph, iteration: IterationDocument) -> IterationDocument:
    task_id = iteration["job"]["task"]
    return {**iteration, SECRETS: marks_of_iteration(job, task_id, graph.tasks.get(task_id, {}))}


def _shown(iteration: IterationDocument) -> IterationDocument:
    plain = from_stored(iteration)
    variables = plain["variables"]
    decorators = [*variables.get("decorators", []), *iteration.get(SECRETS, [])]
    return {**plain, "variables": masked(variables, decorators)}


def _secrets(job: JobHeader, iterations: list[IterationDocument]) -> Iterator[str]:
    """The texts that are secret in the job's variables and in those of its tasks."""
    known = from_stored(job)["variables"]
    for path in secret_paths(marks(job), known, "variables"):
        yield from _texts(values_at(known, path))
    for iteration in iterations:
        variables = from_stored(iteration)["variables"]
        for path in secret_paths([*variables.get("decorators", []), *iteration.get(SECRETS, [])]):
            yield from _texts(values_at({**variables}, path))


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield from (value,) if value else ()
    elif is_object(value) or is_array(value):
        for one in value.values() if is_object(value) else value:
            yield from _texts(one)


def _without_secrets(value: Json, secrets: list[str]) -> Json:
    """With a mask in place of each secret, wherever in a text it stands."""
    if isinstance(value, str):
        for secret in secrets:
            value = value.replace(secret, MASK)
        return value
    if is_object(value):
        return {key: _without_secrets(one, secrets) for key, one in value.items()}
    return [_without_secrets(one, secrets) for one in value] if is_array(value) else value


async def _documents(pinned: Pinned) -> JsonObject:
    """The templates and forms that the workflow names, as they are now."""
    named = mentioned(pinned.workflow)
    near = text_at(pinned.workflow, "name")
    found = [await assets.find_template(name, near) for name in sorted(named.templates)]
    shown: list[Json] = []
    for name in sorted(named.forms):
        try:
            shown.append(await forms.find(name, near))
        except FormNotFound:
            continue  # its answers were not checked either
    return {"templates": [one for one in found if one is not None], "forms": shown}


def _other_than_default(rules: Rules) -> JsonObject:
    return {name: getattr(rules, name) for name in choices() if getattr(rules, name) != getattr(DEFAULT_RULES, name)}


def _answers(services: Services, graph: Graph, ran: list[IterationDocument]) -> JsonObject:
    """By task: what was answered from outside in each iteration; null for one that was cut off."""
    found: dict[str, list[Json]] = {}
    for one in ran:
        id = one["job"]["task"]
        if id in (START, END) or not _is_outside(services, graph, id):
            continue
        answers = found.setdefault(id, [])
        missing = one["iteration"] - 1 - len(answers)
        answers += [*[None] * missing, _answer(one, graph.tasks[id])]
    return {
        id: {
            "task": f"{text_at(graph.tasks[id], 'app')}.{text_at(graph.tasks[id], 'name')}",
            "writes_job_variables": True,
            "answers": answers,
        }
        for id, answers in found.items()
    }


def _answer(iteration: IterationDocument, definition: Mapping[str, object]) -> Json:
    variables = object_at(iteration, "variables")
    state = object_at(iteration, "metrics").get("finish_state")
    if state not in ("success", "failure", "error"):
        return None
    # What a childJob is told is resolved in its own way, and follows from the job's variables.
    is_child = (definition.get("app"), definition.get("name")) == _CHILD
    told: JsonObject = {} if is_child else {"expect_incoming": object_at(variables, "incoming")}
    error: JsonObject = {"error": variables.get("error")} if state == "error" else {}
    return {**told, "finish_state": state, "outgoing": object_at(variables, "outgoing"), **error}


def _is_outside(services: Services, graph: Graph, id: str) -> bool:
    """Whether the answer comes from outside of a rehearsal, which renders templates and checks schemas by itself."""
    definition = graph.tasks[id]
    named = text_at(definition, "app"), text_at(definition, "name")
    function = function_of_task(id, definition)
    if function is ask_person:
        return services.providers.answers_for_person(graph.name, id, definition)
    return function is call_provider or named in _REACHING


def _acts(services: Services, graph: Graph, ran: list[IterationDocument]) -> list[Json]:
    """What people did, in that order."""
    done = [
        one
        for one in ran
        if text_at(one, "type") == "manual"
        and not _is_outside(services, graph, one["job"]["task"])
        and object_at(one, "metrics").get("finish_state") in ("success", "failure")
    ]
    done.sort(key=lambda one: (one.get("metrics", {}).get("end_time") or 0, one.get("seq", 0)))
    return [
        [one["job"]["task"], one.get("metrics", {}).get("finish_state"), object_at(one["variables"], "outgoing")]
        for one in done
    ]


def _started_with(graph: Graph, ran: list[IterationDocument], variables: JsonObject) -> JsonObject:
    """The variables of the start: those that no task wrote, and of the others what a task read before one did."""
    writers: dict[str, set[str]] = {}
    for one in ran:
        for name in _written_by(graph.tasks[one["job"]["task"]], one):
            writers.setdefault(name, set()).add(one["job"]["task"])
    found = {name: value for name, value in variables.items() if name not in writers and name not in GIVEN}
    after = {id: set(graph.after(id)) for ids in writers.values() for id in ids}
    for one in ran:
        id = one["job"]["task"]
        if one["iteration"] != 1:
            continue
        told = object_at(one["variables"], "incoming")
        for key, written in object_at(object_at(graph.tasks[id], "variables"), "incoming").items():
            name = job_variable_of(written) or ""
            before = name in writers and all(id == writer or id not in after[writer] for writer in writers[name])
            if before and name not in found and told.get(key) is not None:
                found[name] = told[key]
    return found


def _written_by(definition: Mapping[str, object], iteration: IterationDocument) -> Iterator[str]:
    variables = object_at(definition, "variables")
    outgoing = object_at(object_at(iteration, "variables"), "outgoing")
    for key, target in (*object_at(variables, "outgoing").items(), ("error", variables.get("error"))):
        if (variable := job_variable_of(target)) is not None and (key in outgoing or key == "error"):
            yield variable
    naming = _NAMING.get(text_at(definition, "name"), "") if text_at(definition, "app") == "WorkFlowEngine" else ""
    name = object_at(object_at(iteration, "variables"), "incoming").get(naming)
    if isinstance(name, str):
        yield name


@dataclass(frozen=True)
class Repeated:
    """The case without the variables that `vary`, a time of the day for example, and how it was rehearsed."""

    case: JsonObject
    vary: list[str]
    run: Rehearsal


async def repeat(case: JsonObject) -> Repeated:
    run = await rehearse(case)
    expected = object_at(case, "expect")
    exactly, ignored = object_at(expected, "variables_exactly"), array_at(expected, "ignore_variables")
    vary = [
        name
        for name, value in exactly.items()
        if name in run.variables and not deeply_equal(run.variables[name], value)
    ]
    if not vary:
        return Repeated(case, [], run)
    kept: JsonObject = {name: value for name, value in exactly.items() if name not in vary}
    without: JsonObject = {
        **case,
        "expect": {**expected, "variables_exactly": kept, "ignore_variables": [*ignored, *vary]},
    }
    return Repeated(without, vary, await rehearse(without))
