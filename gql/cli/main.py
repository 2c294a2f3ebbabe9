"""The command line. `serve`, `check`, `rehearse` and `schema` run in this process; other commands need a server."""

import argparse
import sys
from collections.abc import Sequence
from getpass import getpass
from pathlib import Path

from ...models.json import JsonObject
from .arguments import add_variables, job_id, variables_of
from .audit import add_audit
from .client import SERVER_GONE, Client, Reply, ServerGone, ServerRefused
from .commands import CONTROL_COMMANDS, add_commands, add_control
from .examples import add_examples, commands_of
from .files import FILES_HELP
from .follow import RECONNECT_SECONDS, Outage, follow
from .importing import add_import
from .keys import add_keys
from .listing import add_list
from .maintenance import add_data, add_maintenance
from .output import FORMATS
from .projects import add_projects
from .settings import add_settings, print_settings, run_server
from .startup import ending_quietly

START = """
mutation Start($workflow: String!, $options: StartJobOptions!, $key: String) {
  startJob(workflow: $workflow, options: $options, idempotencyKey: $key) { id status }
}
"""
SHELLS = ("bash", "zsh", "fish")
MOST_SECONDS = 7 * 24 * 3600
SERVER = "the server ($JOBYARD_SERVER, else http://127.0.0.1:8000)"
LOOK_FIRST = "Look with `jobyard list` first; a start with --key can be repeated without a second job"


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

    command = commands.add_parser("serve", help="run a server")
    command.set_defaults(command=run_server)
    add_settings(command)

    command = commands.add_parser("config", help="print the settings in force, and where each comes from")
    command.set_defaults(command=print_settings)
    add_settings(command)
    command.add_argument("--output", choices=FORMATS, default="table", help="the format of the output (table)")

    command = commands.add_parser("doctor", help="check what a server needs on this machine, and say how to mend it")
    command.set_defaults(command=examine)
    add_settings(command)
    command.add_argument("--url", metavar="URL", help="also check the server at this address")
    command.add_argument("--output", choices=FORMATS, default="table", help="the format of the output (table)")

    command = commands.add_parser("completion", help="print a script that completes commands in a shell")
    command.set_defaults(command=print_completion)
    command.add_argument("shell", choices=SHELLS, help="the shell of the script")

    command = commands.add_parser("fetch-playground", help="fetch the playground's files, if the package has none")
    command.set_defaults(command=fetch_playground)

    command = commands.add_parser(
        "import", help="import workflow documents, packages and project exports; exit code 1 if a document was skipped"
    )
    add_import(command)
    _add_server(command)

    command = commands.add_parser("check", help="report what a server cannot run in workflows; needs no server")
    command.set_defaults(command=check_files)
    command.add_argument("files", nargs="+", type=Path, metavar="FILE", help=FILES_HELP)
    command.add_argument("--server", metavar="URL", help="check against the documents of this server")
    _add_token(command)

    command = commands.add_parser("start", help="start a job")
    command.set_defaults(command=start_job)
    command.add_argument("workflow", metavar="NAME", help="the exact name of the workflow")
    add_variables(command)
    command.add_argument("--description")
    command.add_argument("--key", help="the idempotency key: a repeated start with the key returns the same job")
    command.add_argument("--wait", action="store_true", help="show the changes of tasks until the job ends")
    _add_reconnect(command)
    _add_server(command)

    command = commands.add_parser("follow", help="show the changes of a job's tasks until the job ends or is in error")
    command.set_defaults(command=follow_job)
    command.add_argument("id", metavar="ID", help="the id of the job, or a unique beginning of the id")
    _add_reconnect(command)
    _add_server(command)

    command = commands.add_parser("list", help="list jobs, the latest first")
    add_list(command)
    _add_server(command)

    command = commands.add_parser("project", help="list, export or delete projects")
    for project_command in add_projects(command):
        _add_server(project_command)

    command = commands.add_parser("audit", help="list or export who did what to what, and when")
    add_audit(command)
    _add_server(command)

    for name, (help_text, *_) in CONTROL_COMMANDS.items():
        command = commands.add_parser(name, help=help_text)
        add_control(command, name)
        _add_server(command)

    for command in add_commands(commands.add_parser):
        _add_server(command)

    command = commands.add_parser("login", help="print a token for --token or JOBYARD_TOKEN; nothing is stored")
    command.set_defaults(command=log_in)
    command.add_argument(
        "user",
        metavar="NAME",
        help="the name of the account; the command prompts for the password, or reads the password from stdin",
    )
    command.add_argument("--server", metavar="URL", help=SERVER)

    command = commands.add_parser("keys", help="manage the keys that encrypt secrets in the database")
    _, rotate = add_keys(command)
    _add_server(rotate)

    for command in add_maintenance(commands.add_parser):
        add_data(command)

    command = commands.add_parser("schema", help="print the GraphQL schema")
    command.set_defaults(command=print_schema)

    command = commands.add_parser("rehearse", help="simulate workflows in process with recorded answers")
    command.set_defaults(command=rehearse_cases)
    command.add_argument("cases", nargs="*", type=Path, metavar="CASE")
    command.add_argument(
        "--stub-adapters",
        action="store_true",
        help="let a stub answer every task that is neither built in, nor recorded, nor manual",
    )
    command.add_argument(
        "--transformations", type=Path, metavar="FILE", help="a list of cases for transformations alone"
    )
    command.add_argument(
        "--record",
        metavar="JOB_ID",
        help="print a case of a job that a server ran, and check that the simulation repeats the job",
    )
    _add_server(command)
    command.add_argument("--json", action="store_true", help="print one JSON object with the cases and the coverage")
    command.add_argument(
        "--junit", type=Path, metavar="FILE", help="write the results to the file in JUnit's format, for build servers"
    )
    command.add_argument(
        "--coverage", action="store_true", help="print the tasks and transitions that the cases covered"
    )
    add_examples(top)
    return top


def _add_server(command: argparse.ArgumentParser) -> None:
    command.add_argument("--server", metavar="URL", help=SERVER)
    _add_token(command)


def _add_reconnect(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--reconnect",
        type=seconds,
        default=RECONNECT_SECONDS,
        metavar="SECONDS",
        help=f"how long to retry while the server or the database is unavailable ({RECONNECT_SECONDS:g})",
    )


def seconds(text: str) -> float:
    number = float(text)
    if not 0 <= number <= MOST_SECONDS:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and {MOST_SECONDS}")
    return number


def _add_token(command: argparse.ArgumentParser) -> None:
    command.add_argument("--token", help="the token that `jobyard login` printed ($JOBYARD_TOKEN)")


def fetch_playground(_: argparse.Namespace) -> int:
    from ..web import fetch

    fetch.main()
    return 0


def log_in(options: argparse.Namespace) -> int:
    prompt = f"password of {options.user}: "
    client = Client(options.server)
    try:
        password = getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    except (EOFError, KeyboardInterrupt) as end:
        print(file=sys.stderr)  # ends the line of the prompt
        if isinstance(end, KeyboardInterrupt):
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


def examine(options: argparse.Namespace) -> int:
    from . import doctor

    return doctor.examine(options)


def print_completion(options: argparse.Namespace) -> int:
    import shtab

    top = parser()
    for command, _ in commands_of(top).values():
        for action in command._actions:  # pyright: ignore[reportPrivateUsage] -- argparse has no public way to them
            if action.type is Path:
                action.complete = shtab.FILE  # pyright: ignore[reportAttributeAccessIssue] -- as shtab reads it
    print(shtab.complete(top, options.shell))
    return 0


def print_schema(options: argparse.Namespace) -> int:
    from ..schema import printed_schema

    print(printed_schema(), end="")
    return 0


def start_job(options: argparse.Namespace) -> int:
    """0 if the job started, or with --wait if the job completed."""
    client = Client(options.server, options.token)
    request: JsonObject = {"variables": variables_of(options), "description": options.description}
    again = (
        f"Start the job again with --key {options.key}: the key prevents a second job."
        if options.key
        else "Start the job again."
    )

    def start() -> Reply:
        try:
            return client.ask(START, workflow=options.workflow, options=request, key=options.key)["startJob"]
        except ServerGone as gone:
            if gone.may_be_done and not options.key:
                doubt = f"{gone} The job may have been started all the same. {LOOK_FIRST}."
                raise ServerRefused(doubt, SERVER_GONE) from gone
            raise

    try:
        job = Outage(options.reconnect, again).retry(start)
    except ServerGone as gone:
        if not gone.may_be_done:
            raise
        doubt = f"{gone} The job may have been started all the same. {again}"
        raise ServerRefused(doubt, SERVER_GONE) from gone
    if options.wait:
        return follow(client, job["id"], options.reconnect, reached=True)
    print(job["id"], flush=True)
    print(client.console_of(job["id"]), file=sys.stderr)
    return 0


def follow_job(options: argparse.Namespace) -> int:
    """0 if the job completes."""
    client = Client(options.server, options.token)
    return follow(client, job_id(client, options.id), options.reconnect)
