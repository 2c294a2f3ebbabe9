"""`jobyard project`: lists, exports and deletes projects of a server."""

import argparse
import json
import sys
from pathlib import Path

from .client import Client, Reply

LIST = """
query List($after: String) {
  projects(first: 100, after: $after) {
    nodes { id name description components { iid } }
    pageInfo { hasNextPage endCursor }
  }
}
"""
EXPORT = "query Export($id: ID!) { exportProject(id: $id) }"
DELETE = """
mutation Delete($id: ID!) {
  deleteProject(id: $id) { project { id name } deleted { kind name } kept { kind name } }
}
"""


def add_projects(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    """The parsers of the commands; the caller adds the options of the server."""
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    list_command = commands.add_parser("list", help="list the projects, ordered by name")
    list_command.set_defaults(command=list_projects)
    export_command = commands.add_parser(
        "export", help="print a project with its documents, for `jobyard import` on another server"
    )
    export_command.set_defaults(command=export_project)
    export_command.add_argument("--output", type=Path, metavar="FILE", help="write the project to the file")
    delete_command = commands.add_parser("delete", help="delete a project with its documents; running jobs continue")
    delete_command.set_defaults(command=delete_project)
    for command in (export_command, delete_command):
        command.add_argument("id", metavar="ID", help="the id of the project, 24 hex digits")
    return [list_command, export_command, delete_command]


def list_projects(options: argparse.Namespace) -> int:
    """Columns separated by two spaces: id, number of documents, name and description."""
    client, after = Client(options.server, options.token), None
    while True:
        page: Reply = client.ask(LIST, after=after)["projects"]
        for project in page["nodes"]:
            words = (" ".join((project[key] or "").split()) for key in ("name", "description"))
            print("  ".join([project["id"], f"{len(project['components']):>4}", *words]).rstrip())
        if not page["pageInfo"]["hasNextPage"]:
            return 0
        after = page["pageInfo"]["endCursor"]


def export_project(options: argparse.Namespace) -> int:
    text = json.dumps(Client(options.server, options.token).ask(EXPORT, id=options.id)["exportProject"], indent=2)
    if options.output is None:
        print(text)
        return 0
    try:
        options.output.write_text(text + "\n", encoding="utf-8")
    except OSError as fault:
        sys.exit(f"jobyard: {options.output}: {fault.strerror}")
    return 0


def delete_project(options: argparse.Namespace) -> int:
    report: Reply = Client(options.server, options.token).ask(DELETE, id=options.id)["deleteProject"]
    for verb in ("deleted", "kept"):
        for document in report[verb]:
            print(f"{verb} {document['kind'].lower()} {document['name']!r}")
    print(f"deleted project {report['project']['name']!r} ({report['project']['id']})")
    return 0
