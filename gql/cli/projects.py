"""`jobyard project`: lists, exports and deletes projects of a server."""

import argparse
import json
import sys
from pathlib import Path

from ...models.json import JsonObject
from .client import Client, Reply
from .output import FORMATS, Result, show

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
    for command in (list_command, delete_command):
        command.add_argument("--output", choices=FORMATS, default="table", help="the format of the output (table)")
    for command in (export_command, delete_command):
        command.add_argument("id", metavar="ID", help="the id of the project, 24 hex digits")
    return [list_command, export_command, delete_command]


def list_projects(options: argparse.Namespace) -> int:
    client, after = Client(options.server, options.token), None
    rows: list[JsonObject] = []
    while True:
        page: Reply = client.ask(LIST, after=after)["projects"]
        rows += [{**project, "components": len(project["components"])} for project in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            return show(Result(rows, ("id", "components", "name", "description")), options.output)
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
    """A row for each document of the project, and the last one for the project."""
    report: Reply = Client(options.server, options.token).ask(DELETE, id=options.id)["deleteProject"]
    rows: list[JsonObject] = [
        {"result": verb, "kind": document["kind"].lower(), "name": document["name"], "id": None}
        for verb in ("deleted", "kept")
        for document in report[verb]
    ]
    project = report["project"]
    rows.append({"result": "deleted", "kind": "project", "name": project["name"], "id": project["id"]})
    return show(Result(rows, ("result", "kind", "name", "id")), options.output)
