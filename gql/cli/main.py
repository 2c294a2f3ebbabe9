"""The command line: `serve`, `check`, `rehearse` and `schema` work here; the other commands ask a running server."""

import argparse
import os
import sys
from collections.abc import Sequence
from getpass import getpass
from pathlib import Path

from ...models.engine.rules import RuleRefused
from ...models.json import Json, JsonObject
from ...models.settings import SETTINGS, Setting, SettingRefused, settings_of
from .arguments import add_variables, job_id, variables_of
from .client import SERVER_GONE, Client, ServerGone, ServerRefused
from .commands import CONTROL_COMMANDS, add_commands, add_steering
from .files import Unreadable, read_json
from .follow import RECONNECT_SECONDS, Outage, follow
from .keys import add_keys
from .listing import add_list
from .projects import add_projects
from .startup import ending_quietly

START = """
mutation Start($workflow: String!, $options: StartJobOptions!, $key: String) {
  startJob(workflow: $workflow, options: $options, idempotencyKey: $key) { id status }
}
"""
MOST_KEPT = 10_000  # that a request may name
MOST_SECONDS = 7 * 24 * 3600
SERVER = "the server ($JOBYARD_SERVER, else http://127.0.0.1:8000)"
LOOK_FIRST = "Look with `jobyard list` first; with --key one may start again without a second job"
IMPORT = """
mutation Import($documents: [JSON!]!, $keep: [ID!]!) {
  importWorkflows(documents: $documents, keep: $keep) {
    imported { kind id name replaced warnings }
    skipped { where reason }
  }
}
"""


def main(arguments: Sequence[str] | None = None) -> None:
    with ending_quietly():
        options = parser().parse_args(arguments)
        try:
            sys.exit(options.command(options))
        except ServerRefused as refusal:
            print(f"jobyard: {refusal}", file=sys.stderr)
            sys.exit(refusal.exit_code)


class Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from ...models.version import own_version

        print(f"jobyard {own_version()}")
        parser.exit()


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="jobyard", description="An open job server: start a Job from a Workflow.")
    top.add_argument("--version", action=Version, nargs=0, help="print the version")
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    one = commands.add_parser("serve", help="run a server")
    one.set_defaults(command=run_server)
    for setting in SETTINGS:
        if setting.flag:
            add_setting(one, setting)

    one = commands.add_parser("fetch-playground", help="fetch the playground's files, if the package has none")
    one.set_defaults(command=fetch_playground)

    one = commands.add_parser(
        "import", help="import workflow documents, packages and project exports; 1 when something was skipped"
    )
    one.set_defaults(command=import_files)
    one.add_argument("files", nargs="+", type=Path, metavar="FILE")
    _server(one)

    one = commands.add_parser("check", help="say what in workflows cannot run, without a server")
    one.set_defaults(command=check_files)
    one.add_argument("files", nargs="+", type=Path, metavar="FILE")
    one.add_argument("--server", metavar="URL", help="check against what this server has")
    _token(one)

    one = commands.add_parser("start", help="start a job")
    one.set_defaults(command=start_job)
    one.add_argument("workflow", metavar="NAME", help="the exact name of the workflow")
    add_variables(one)
    one.add_argument("--description")
    one.add_argument("--key", help="idempotency key: once more answers the same job")
    one.add_argument("--wait", action="store_true", help="show the tasks as they go, until the job is over")
    _reconnect(one)
    _server(one)

    one = commands.add_parser("follow", help="show the tasks of a job as they go, until it is over or in error")
    one.set_defaults(command=follow_job)
    one.add_argument("id", metavar="ID", help="the job: its id, or a beginning of it that no other has")
    _reconnect(one)
    _server(one)

    one = commands.add_parser("list", help="list jobs, the latest first")
    add_list(one)
    _server(one)

    one = commands.add_parser("project", help="list, export or delete projects")
    for command in add_projects(one):
        _server(command)

    for name, (does, *_) in CONTROL_COMMANDS.items():
        one = commands.add_parser(name, help=does)
        add_steering(one, name)
        _server(one)

    for one in add_commands(commands.add_parser):
        _server(one)

    one = commands.add_parser("login", help="print a token for --token or JOBYARD_TOKEN; nothing is stored")
    one.set_defaults(command=log_in)
    one.add_argument("user", metavar="NAME", help="the account; its password is asked for, or read from the input")
    one.add_argument("--server", metavar="URL", help=SERVER)

    one = commands.add_parser("keys", help="the keys that secrets are sealed with in the database")
    _, rotate = add_keys(one)
    _server(rotate)

    one = commands.add_parser("schema", help="print the GraphQL schema")
    one.set_defaults(command=print_schema)

    one = commands.add_parser("rehearse", help="run workflows in process with recorded answers")
    one.set_defaults(command=rehearse_cases)
    one.add_argument("cases", nargs="*", type=Path, metavar="CASE")
    one.add_argument(
        "--stub-adapters",
        action="store_true",
        help="answer every task that is neither built in nor recorded, nor a person's",
    )
    one.add_argument("--transformations", type=Path, metavar="FILE", help="a list of cases of transformations alone")
    one.add_argument(
        "--record", metavar="JOB_ID", help="print a case out of a job that a server ran, and say whether it plays again"
    )
    _server(one)
    one.add_argument("--json", action="store_true", help="print one JSON object: the cases, and what they covered")
    one.add_argument("--junit", type=Path, metavar="FILE", help="write the results there, as build servers read them")
    one.add_argument("--coverage", action="store_true", help="print which tasks and edges the cases went through")
    return top


def add_setting(command: argparse.ArgumentParser, setting: Setting) -> None:
    flag, field, help = setting.flag, setting.field, setting.help
    match setting.kind:
        case "switch":
            command.add_argument(flag, dest=field, action="store_true", help=help)
        case "list" | "rules":
            command.add_argument(flag, dest=field, action="append", metavar=setting.metavar, help=help)
        case "choice":
            command.add_argument(flag, dest=field, choices=setting.values, help=help)
        case _:
            read = {"path": Path, "port": int}.get(setting.kind, str)
            command.add_argument(flag, dest=field, type=read, metavar=setting.metavar, help=help)


def _server(command: argparse.ArgumentParser) -> None:
    command.add_argument("--server", metavar="URL", help=SERVER)
    _token(command)


def _reconnect(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--reconnect",
        type=seconds,
        default=RECONNECT_SECONDS,
        metavar="SECONDS",
        help=f"how long to try again when server or database go away meanwhile ({RECONNECT_SECONDS:g})",
    )


def seconds(text: str) -> float:
    number = float(text)
    if not 0 <= number <= MOST_SECONDS:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and {MOST_SECONDS}")
    return number


def _token(command: argparse.ArgumentParser) -> None:
    command.add_argument("--token", help="who asks: what `jobyard login` printed ($JOBYARD_TOKEN)")


def run_server(options: argparse.Namespace) -> int:
    from ..http.serving import serve

    try:
        settings = settings_of(vars(options), os.environ)
    except (RuleRefused, SettingRefused) as refusal:
        sys.exit(f"jobyard: {refusal}")
    return serve(settings)


def fetch_playground(_: argparse.Namespace) -> int:
    from ..web import fetch

    fetch.main()
    return 0


def log_in(options: argparse.Namespace) -> int:
    ask = f"password of {options.user}: "
    client = Client(options.server)
    try:
        password = getpass(ask) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    except (EOFError, KeyboardInterrupt) as left:
        print(file=sys.stderr)  # the terminal still stands behind the question
        if isinstance(left, KeyboardInterrupt):
            raise
        sys.exit("jobyard: No password was given.")
    except UnicodeDecodeError as fault:
        sys.exit(f"jobyard: The password is not text: {fault}.")
    print(client.log_in(options.user, password))
    return 0


def check_files(options: argparse.Namespace) -> int:
    from . import check

    return check.check_files(options)


def rehearse_cases(options: argparse.Namespace) -> int:
    from . import rehearse

    if options.record is not None:
        return rehearse.record_case(Client(options.server, options.token), options.record)
    return rehearse.rehearse_cases(options)


def print_schema(options: argparse.Namespace) -> int:
    from ..schema import printed_schema

    print(printed_schema(), end="")
    return 0


def import_files(options: argparse.Namespace) -> int:
    """1 when something was skipped: also what would overwrite a document of another of the files, and an empty file."""
    client = Client(options.server, options.token)
    skipped = 0
    came: list[Json] = []
    doubted: list[tuple[Json, list[Json]]] = []  # with what of it came in
    for path in options.files:
        try:
            document = read_json(path)
        except Unreadable as fault:
            print(f"skipped {path}: {fault}")
            skipped += 1
            continue
        report: JsonObject = client.ask(IMPORT, documents=[document], keep=came[-MOST_KEPT:])["importWorkflows"]
        came += [one["id"] for one in report["imported"]]
        if any(one["warnings"] for one in report["imported"]) and len(options.files) > 1:
            doubted.append((document, report["imported"]))
        else:
            _print_imported(report["imported"])
        for one in report["skipped"]:
            print(f"skipped {path} {one['where']}: {one['reason']}")
        if not report["imported"] and not report["skipped"]:
            print(f"skipped {path}: there is no document in it.")
            skipped += 1
        skipped += len(report["skipped"])
    for document, imported in doubted:
        # What it names may have come in after it. What is there already, word for word, is left as it is.
        again: JsonObject = client.ask(IMPORT, documents=[document], keep=came[-MOST_KEPT:])["importWorkflows"]
        warnings = {one["id"]: one["warnings"] for one in again["imported"]}
        _print_imported([{**one, "warnings": warnings.get(one["id"], one["warnings"])} for one in imported])
    return 1 if skipped else 0


def _print_imported(imported: list[Json]) -> None:
    for one in imported:
        print(f"{'replaced' if one['replaced'] else 'imported'} {one['kind'].lower()} {one['name']!r}")
        for warning in one["warnings"]:
            print(f"  warning: {warning}")


def start_job(options: argparse.Namespace) -> int:
    """0 when the job started, or with --wait when it is complete."""
    client = Client(options.server, options.token)
    request: JsonObject = {"variables": variables_of(options), "description": options.description}
    again = f"Start it again with --key {options.key}: that starts no second one." if options.key else "Start it again."

    def started() -> JsonObject:
        try:
            return client.ask(START, workflow=options.workflow, options=request, key=options.key)["startJob"]
        except ServerGone as gone:
            if gone.heard and not options.key:
                doubt = f"{gone} The job may have been started all the same. {LOOK_FIRST}."
                raise ServerRefused(doubt, SERVER_GONE) from gone
            raise

    try:
        job = Outage(options.reconnect, again).insist(started)
    except ServerGone as gone:
        if not gone.heard:
            raise
        doubt = f"{gone} The job may have been started all the same. {again}"
        raise ServerRefused(doubt, SERVER_GONE) from gone
    if options.wait:
        return follow(client, job["id"], options.reconnect, there=True)
    print(job["id"], flush=True)
    print(client.console_of(job["id"]), file=sys.stderr)
    return 0


def follow_job(options: argparse.Namespace) -> int:
    """0 when the job completes."""
    client = Client(options.server, options.token)
    return follow(client, job_id(client, options.id), options.reconnect)
