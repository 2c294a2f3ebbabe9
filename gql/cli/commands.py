"""The commands that need a running server, by name."""

import argparse
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ...models.json import JsonObject, object_at
from . import operations
from .arguments import SEARCHED, add_variables, job_id, unique_id, variables_of
from .client import REFUSED, Client, Reply, ServerRefused
from .listing import count
from .output import FORMATS, Result, show
from .pruning import prune, read_age_of, read_statuses

Run = Callable[[Client, argparse.Namespace], Result]
EXPORT: Final = "export"  # the outgoing value of a task with a form, which holds the form's fields


@dataclass(frozen=True)
class Argument:
    name: str
    help: str
    options: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Command:
    """`lists`: the command takes --first. `changes`: the command takes variables."""

    help: str
    run: Run
    arguments: tuple[Argument, ...] = ()
    lists: bool = False
    changes: bool = False


def _show(client: Client, options: argparse.Namespace) -> Result:
    job: Reply | None = client.ask(operations.SHOW, id=job_id(client, options.id))["job"]
    found = operations.found(job, "job", options.id)
    tasks = [_task(entry) for entry in found.get("tasks") or () if entry["status"] != "INCOMPLETE"]
    waits = [
        f"{entry['taskId']}: {entry['summary'] or entry['name']} ({entry['kind'].lower()})"
        for entry in found["waitsFor"]
    ]
    errors = [f"{entry['task']}: {entry['message']}" for entry in found["error"]]
    record: JsonObject = {
        **{key: found[key] for key in ("id", "name", "description")},
        "status": found["status"].lower(),
        **object_at(found, "metrics"),
        "waitsFor": "; ".join(waits) or None if options.output == "table" else found["waitsFor"],
        "error": "; ".join(errors) or None if options.output == "table" else found["error"],
        "variables": found["variables"],
        "tasks": ", ".join(f"{entry['task']} {entry['status']}" for entry in tasks)
        if options.output == "table"
        else [*tasks],
        "console": client.console_of(found["id"]),
    }
    return Result([record], single=True)


def _task(entry: Reply) -> JsonObject:
    """The row of a task; the title is the author's title, else the method."""
    return {
        "task": entry["taskId"],
        "status": (entry.get("finishState") or entry["status"] or "").lower(),
        "title": entry.get("summary") or entry.get("name"),
        "method": entry.get("name"),
        "app": entry.get("app"),
        "type": (entry.get("type") or "").lower() or None,
        "started": entry.get("startTime"),
        "ended": entry.get("endedAt"),
    }


def _tasks(client: Client, options: argparse.Namespace) -> Result:
    job: Reply | None = client.ask(operations.TASKS, id=job_id(client, options.id))["job"]
    rows = [_task(entry) for entry in operations.found(job, "job", options.id)["tasks"]]
    return Result(rows, ("task", "status", "title", "app", "started", "ended"))


def _inbox(client: Client, options: argparse.Namespace) -> Result:
    page: Reply = client.ask(operations.INBOX, first=options.first)["myTasks"]
    rows = [
        {
            "id": entry["id"],
            "job": object_at(entry, "job").get("id"),
            "task": entry["taskId"],
            "title": entry["name"],
            "workflow": object_at(entry, "job").get("name"),
            "claimedBy": object_at(entry, "metrics").get("owner") or None,
            "since": object_at(entry, "metrics").get("startTime"),
        }
        for entry in page["nodes"]
    ]
    return Result(rows, ("id", "job", "task", "title", "workflow", "since"), page["totalCount"])


def _claim_command(mutation: str) -> Run:
    def claim(client: Client, options: argparse.Namespace) -> Result:
        mine = [entry["id"] for entry in client.ask(operations.INBOX, first=SEARCHED)["myTasks"]["nodes"]]
        id = options.id if len(options.id) == 36 else unique_id(options.id, mine, "of the tasks in the inbox")
        done: Reply = client.ask(operations.CLAIM.format(mutation=mutation), id=id)[mutation]
        owner = object_at(done, "metrics").get("owner") or None
        return Result([{"id": done["id"], "task": done["taskId"], "claimedBy": owner}], single=True)

    return claim


def _finish(client: Client, options: argparse.Namespace) -> Result:
    task: JsonObject = {"job": job_id(client, options.id), "task": options.task}
    variables = variables_of(options)
    if variables and EXPORT not in variables and _has_form(client, task):
        variables = {EXPORT: variables}
    arguments = {**task, "state": options.state.upper(), "variables": variables or None}
    return _job(client.ask(operations.FINISH, **arguments)["finishTask"])


def _has_form(client: Client, task: JsonObject) -> bool:
    iteration: Reply | None = client.ask(operations.FORM, **task)["latestIteration"]
    return iteration is not None and iteration["form"] is not None


def _retry(client: Client, options: argparse.Namespace) -> Result:
    arguments: JsonObject = {"job": job_id(client, options.id), "task": options.task}
    return _job(client.ask(operations.RETRY, **arguments, variables=variables_of(options) or None)["retryTask"])


def _continue(client: Client, options: argparse.Namespace) -> Result:
    arguments: JsonObject = {"job": job_id(client, options.id), "task": options.task, "dry": options.dry_run}
    plan: Reply = client.ask(operations.CONTINUE, **arguments, variables=variables_of(options) or None)["continueJob"]
    record = {"job": plan["job"]["id"], "status": plan["job"]["status"].lower()}
    record |= {"dryRun": options.dry_run, **{key: plan[key] for key in ("reset", "runsAgain", "skipped")}}
    return Result([record], single=True)


def _revert(client: Client, options: argparse.Namespace) -> Result:
    arguments: JsonObject = {"job": job_id(client, options.id), "from": options.task, "to": options.to}
    return _job(client.ask(operations.REVERT, **arguments)["revertJob"])


def _job(job: Reply) -> Result:
    return Result([{"id": job["id"], "status": job["status"].lower()}], single=True)


def _delete(client: Client, options: argparse.Namespace) -> Result:
    codes: list[str] = []
    ids = [job_id(client, entry) for entry in options.ids]
    rows: list[JsonObject] = []
    for first in range(0, len(ids), 100):
        for entry in client.ask(operations.DELETE, ids=ids[first : first + 100])["deleteJobs"]:
            jobs = object_at(entry, "deleted").get("jobs")
            codes += [] if entry["done"] else [entry["code"] or ""]
            rows.append({"id": entry["id"], "jobs": jobs, "result": "deleted" if entry["done"] else entry["message"]})
    return Result(rows, ("id", "jobs", "result"), code=_code_of(rows, codes))


def _code_of(rows: Sequence[JsonObject], refusals: Sequence[str]) -> int:
    """0 without refusals; the exit code of the refusals if everything was refused for the same reason; else REFUSED."""
    codes = {ServerRefused("", code).exit_code for code in refusals}
    return 0 if not codes else codes.pop() if len(codes) == 1 and len(refusals) == len(rows) else REFUSED


def _workflows(client: Client, options: argparse.Namespace) -> Result:
    listed: list[Reply] = client.ask(operations.WORKFLOWS)["workflows"]
    rows = [
        {**entry, "tasks": len(entry["tasks"]) - 2, "warnings": len(entry["warnings"]), "errors": len(entry["errors"])}
        for entry in listed
    ]
    return Result(rows[: options.first], ("name", "tasks", "errors", "warnings", "lastUpdated"), len(rows))


def _export(client: Client, options: argparse.Namespace) -> Result:
    options.output = "json" if options.output == "table" else options.output
    return Result([client.ask(operations.EXPORT, name=options.name)["exportWorkflow"]], single=True)


def _projects(client: Client, options: argparse.Namespace) -> Result:
    page: Reply = client.ask(operations.PROJECTS, first=options.first)["projects"]
    rows = [{**entry, "components": len(entry["components"])} for entry in page["nodes"]]
    return Result(rows, ("id", "components", "name", "description"), page["totalCount"])


def _automations(client: Client, options: argparse.Namespace) -> Result:
    triggers = _triggers(client)
    page: Reply = client.ask(operations.AUTOMATIONS, query={"limit": options.first})["documentedAutomations"]
    rows = [
        {
            "id": entry["_id"],
            "name": entry.get("name"),
            "workflow": entry.get("componentName"),
            "triggers": ", ".join(
                f"{each.get('type')} {each['_id']}" for each in triggers if each.get("actionId") == entry["_id"]
            ),
        }
        for entry in page["documented"]
    ]
    return Result(rows, ("id", "name", "workflow", "triggers"), page["metadata"].get("total"))


def _run(client: Client, options: argparse.Namespace) -> Result:
    """Runs the manual trigger of the id, or the only manual trigger of the automation of the id."""
    manual = [entry for entry in _triggers(client) if entry.get("type") == "manual"]
    of_automation = [entry["_id"] for entry in manual if entry.get("actionId") == options.id]
    known = [entry["_id"] for entry in manual]
    id = of_automation[0] if len(of_automation) == 1 else unique_id(options.id, known, "of the manual triggers")
    job: Reply = client.ask(operations.RUN, id=id, data=variables_of(options) or None)["runManualTrigger"]
    return Result([{**_job(job).rows[0], "console": client.console_of(job["id"])}], single=True)


def _triggers(client: Client) -> list[Reply]:
    found: list[Reply] = client.ask(operations.TRIGGERS, query={"limit": SEARCHED})["documentedTriggers"]["documented"]
    return found


def _accounts(client: Client, options: argparse.Namespace) -> Result:
    page: Reply = client.ask(operations.ACCOUNTS, limit=options.first)["accounts"]
    rows = [
        {
            **entry,
            "memberOf": [each["groupId"] for each in entry["memberOf"]],
            "assignedRoles": [each["roleId"] for each in entry["assignedRoles"]],
        }
        for entry in page["results"]
    ]
    columns = ("id", "username", "firstname", "provenance", "inactive", "lastLogin")
    return Result(rows, columns, page["total"])


_JOB: Final = Argument("id", "the id of the job, or a unique beginning of the id")
_TASK: Final = Argument("task", "the id of the task, as `jobyard tasks` shows it")
_INBOX_TASK: Final = Argument("id", "the id of the task in the inbox, or a unique beginning of the id")
_STATE: Final = (("choices", ("success", "failure")), ("default", "success"))

COMMANDS: Final[dict[str, Command]] = {
    "show": Command("show a job: status, waits and errors", _show, (_JOB,)),
    "tasks": Command("list the tasks of a job", _tasks, (_JOB,)),
    "inbox": Command("list the tasks that wait for the caller", _inbox, lists=True),
    "claim": Command("claim a task of the inbox", _claim_command("claimTask"), (_INBOX_TASK,)),
    "release": Command("release a claimed task", _claim_command("releaseTask"), (_INBOX_TASK,)),
    "finish": Command(
        "finish a task that waits for a person; --var and --vars fill the form",
        _finish,
        (_JOB, _TASK, Argument("--state", "the outcome (success)", _STATE)),
        changes=True,
    ),
    "retry": Command("retry a task that finished with error or failure", _retry, (_JOB, _TASK), changes=True),
    "continue": Command(
        "continue a job from a task",
        _continue,
        (_JOB, _TASK, Argument("--dry-run", "only report the effects", (("action", "store_true"),))),
        changes=True,
    ),
    "revert": Command(
        "revert a job from a task to an earlier complete task",
        _revert,
        (_JOB, _TASK, Argument("to", "the id of the earlier task")),
    ),
    "delete": Command(
        "delete ended jobs with all child jobs",
        _delete,
        (Argument("ids", "the id of a job, or a unique beginning of the id", (("nargs", "+"),)),),
    ),
    "prune": Command(
        "remove ended jobs with all child jobs, by age and number",
        prune,
        (
            Argument(
                "--older-than",
                "only jobs that ended so long ago: 30d, 12h",
                (("type", read_age_of), ("metavar", "AGE")),
            ),
            Argument(
                "--keep",
                "the jobs of each status to keep: those that ended last",
                (("type", count), ("metavar", "N")),
            ),
            Argument(
                "--status",
                "only jobs of these statuses: complete,canceled",
                (("type", read_statuses), ("metavar", "LIST")),
            ),
            Argument("--dry-run", "only report the jobs that would go", (("action", "store_true"),)),
        ),
    ),
    "workflows": Command("list the workflows", _workflows, lists=True),
    "export": Command(
        "print a workflow for `jobyard import` on another server",
        _export,
        (Argument("name", "the exact name of the workflow"),),
    ),
    "projects": Command("list the projects", _projects, lists=True),
    "automations": Command("list the automations with their triggers", _automations, lists=True),
    "run": Command(
        "start a job through the manual trigger of an automation",
        _run,
        (Argument("id", "the id of the trigger or of the automation"),),
        changes=True,
    ),
    "accounts": Command("list the accounts of people and the service accounts", _accounts, lists=True),
}


def add_commands(add_parser: Callable[..., argparse.ArgumentParser]) -> Iterable[argparse.ArgumentParser]:
    """The parsers of the commands; the caller adds the options of the server."""
    for name, command in COMMANDS.items():
        parser = add_parser(name, help=command.help)
        parser.set_defaults(command=_runner(command))
        for argument in command.arguments:
            settings = dict(argument.options)
            if not argument.name.startswith("-"):
                settings |= {"metavar": argument.name.upper().removesuffix("S")}
            parser.add_argument(argument.name, help=argument.help, **settings)
        if command.lists:
            parser.add_argument(
                "--first", type=count, default=25, metavar="N", help="the largest number of entries (25)"
            )
        if command.changes:
            add_variables(parser)
        parser.add_argument("--output", choices=FORMATS, default="table", help="the format of the output (table)")
        yield parser


def _runner(command: Command) -> Callable[[argparse.Namespace], int]:
    def run(options: argparse.Namespace) -> int:
        result = command.run(Client(options.server, options.token), options)
        return show(result, options.output)

    return run


CONTROL = "mutation Control($ids: [ID!]!) {{ {mutation}(ids: $ids) {{ id done code message }} }}"
MOST_AT_ONCE = 100

# By command: the help, the mutation, and the word for the result.
CONTROL_COMMANDS = {
    "cancel": ("cancel jobs with all child jobs", "cancelJobs", "canceled"),
    "pause": ("pause jobs: no new task starts, and running tasks may finish", "pauseJobs", "paused"),
    "resume": ("resume paused jobs", "resumeJobs", "resumed"),
}


def add_control(parser: argparse.ArgumentParser, name: str) -> None:
    _, mutation, done = CONTROL_COMMANDS[name]
    parser.set_defaults(command=_control_runner(mutation, done))
    parser.add_argument("ids", nargs="+", metavar="ID", help="the id of a job, or a unique beginning of the id")
    parser.add_argument("--output", choices=FORMATS, default="table", help="the format of the output (table)")


def _control_runner(mutation: str, done: str) -> Callable[[argparse.Namespace], int]:
    def send_command(options: argparse.Namespace) -> int:
        """A row for each job, with the reason where the command was refused."""
        client = Client(options.server, options.token)
        rows: list[JsonObject] = []
        codes: list[str] = []
        for first in range(0, len(options.ids), MOST_AT_ONCE):
            ids = [job_id(client, entry) for entry in options.ids[first : first + MOST_AT_ONCE]]
            results: list[Reply] = client.ask(CONTROL.format(mutation=mutation), ids=ids)[mutation]
            rows += [{"id": entry["id"], "result": done if entry["done"] else entry["message"]} for entry in results]
            codes += [entry["code"] or "" for entry in results if not entry["done"]]
        return show(Result(rows, ("id", "result"), code=_code_of(rows, codes)), options.output)

    return send_command
