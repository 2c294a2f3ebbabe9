"""`jobyard project`: lists the projects of a server, hands one out, and takes one away."""

import argparse
import json
import sys
from pathlib import Path

from ...models.json import JsonObject
from .client import Client

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
    """The commands, each to be told its server."""
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    shown = commands.add_parser("list", help="list the projects, by their names")
    shown.set_defaults(command=list_projects)
    exported = commands.add_parser("export", help="print a project with its documents, for `jobyard import` elsewhere")
    exported.set_defaults(command=export_project)
    exported.add_argument("--output", type=Path, metavar="FILE", help="write it there")
    deleted = commands.add_parser("delete", help="delete a project with its documents; jobs that run go on")
    deleted.set_defaults(command=delete_project)
    for one in (exported, deleted):
        one.add_argument("id", metavar="ID", help="the project, 24 hex digits")
    return [shown, exported, deleted]


def list_projects(options: argparse.Namespace) -> int:
    """Columns with two spaces between: id, how many documents, name and, if there is one, the description."""
    client, after = Client(options.server, options.token), None
    while True:
        page: JsonObject = client.ask(LIST, after=after)["projects"]
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
    gone: JsonObject = Client(options.server, options.token).ask(DELETE, id=options.id)["deleteProject"]
    for verb in ("deleted", "kept"):
        for one in gone[verb]:
            print(f"{verb} {one['kind'].lower()} {one['name']!r}")
    print(f"deleted project {gone['project']['name']!r} ({gone['project']['id']})")
    return 0
